package io.kappamesh.change;

import io.kappamesh.failure.Causes;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Debezium's engine has ended by itself, or gives what cannot be read; the cause says why. */
public final class ChangeStreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What Debezium begins with when a value cannot be converted. It has no type of its own for that. */
    private static final String UNREADABLE = "Failed to properly convert data value for ";

    private final @Nullable String unreadable;

    ChangeStreamException(String message, Throwable cause) {
        this(message, null, cause);
    }

    private ChangeStreamException(String message, @Nullable String unreadable, Throwable cause) {
        super(message, cause);
        this.unreadable = unreadable;
    }

    /**
     * A change that cannot be read, or written as JSON.
     *
     * @param where it is, without its values
     */
    static ChangeStreamException unreadable(String where, Throwable cause) {
        return new ChangeStreamException("a change cannot be read: " + where, where, cause);
    }

    /** Which column has a value that cannot be read, with its table, as far as that is known; empty = that is not why. */
    public Optional<String> unreadable() {
        if (unreadable != null) {
            return Optional.of(unreadable);
        }
        return Causes.chain(this)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .filter(message -> message.startsWith(UNREADABLE))
                .map(message -> message.substring(UNREADABLE.length()))
                .findFirst();
    }
}
