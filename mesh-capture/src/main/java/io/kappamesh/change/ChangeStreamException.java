package io.kappamesh.change;

/** Debezium's engine has ended by itself; the cause says why. */
public final class ChangeStreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChangeStreamException(String message, Throwable cause) {
        super(message, cause);
    }
}
