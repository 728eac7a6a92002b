package io.kappamesh.console.sql;

/** PostgreSQL could not be started here; the message says why, and what to do. */
public final class LocalPostgresException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LocalPostgresException(String message, Throwable cause) {
        super(message, cause);
    }

    LocalPostgresException(String message) {
        super(message);
    }
}
