package io.kappamesh.stack;

import org.jspecify.annotations.Nullable;

/** A child process could not be started; the message says why, with the last lines of its log where there is one. */
public final class StartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StartException(String message) {
        this(message, null);
    }

    StartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
