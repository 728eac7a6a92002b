package io.kappamesh.row;

import io.kappamesh.failure.LifecycleException;

/** A file says something else than it did before anything was written, so that rows that were read of it may be wrong. */
public final class ChangedFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final LifecycleException ending;

    ChangedFileException(LifecycleException ending) {
        super(ending.getMessage(), ending);
        this.ending = ending;
    }

    /** What an ingest ends with. */
    public LifecycleException ending() {
        return ending;
    }
}
