package io.kappamesh.writers;

import io.kappamesh.failure.LifecycleException;

/** Files can be read no further. All rows that were read before are given to their writers. */
public final class UnreadRowsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final LifecycleException ending;

    UnreadRowsException(LifecycleException ending) {
        super(ending.getMessage(), ending);
        this.ending = ending;
    }

    /** What an ingest ends with. */
    public LifecycleException ending() {
        return ending;
    }
}
