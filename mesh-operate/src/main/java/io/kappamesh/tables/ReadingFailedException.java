package io.kappamesh.tables;

import org.jspecify.annotations.Nullable;

/** A topic could not be read up to where it had to be: by no fault of the program, and it says what to see to. */
public final class ReadingFailedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public ReadingFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
