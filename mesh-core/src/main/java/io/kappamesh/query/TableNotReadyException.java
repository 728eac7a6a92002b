package io.kappamesh.query;

import org.jspecify.annotations.Nullable;

/**
 * A published table cannot be asked now: what would have to answer is being read, moves between processes, or does not run. The message
 * says which. Ask again later; over HTTP this is a 503.
 */
public final class TableNotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message which table, and why */
    public TableNotReadyException(String message) {
        super(message);
    }

    TableNotReadyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
