package io.kappamesh.change;

import io.kappamesh.failure.Causes;
import java.util.Objects;
import java.util.Optional;

/** Debezium's engine has ended by itself; the cause says why. */
public final class ChangeStreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What Debezium begins with when a value cannot be converted. It has no type of its own for that. */
    private static final String UNREADABLE = "Failed to properly convert data value for ";

    ChangeStreamException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Which column has a value that Debezium cannot read, with its table and type; empty = that is not why. */
    public Optional<String> unreadable() {
        return Causes.chain(this)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .filter(message -> message.startsWith(UNREADABLE))
                .map(message -> message.substring(UNREADABLE.length()))
                .findFirst();
    }
}
