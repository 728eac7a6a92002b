package io.kappamesh.generation;

import io.kappamesh.Internal;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * That nobody may rely on a port any more: its owner has retired it. A build without it may go on with the state of one that had it, and the
 * other way round. An immutable value.
 *
 * @param port its address
 * @param at when, ISO-8601 in UTC
 * @param by the account of whoever did it, as the operating system knows it
 * @param despite what spoke against it, so that it was done by force: readers and promises, a phrase each; empty = nothing
 * @param deletedAt when its topic was deleted, ISO-8601 in UTC; null = it was not. From then on a build with the port is refused until a replay of it is promoted
 */
@Internal
public record RetiredPort(
        String port,
        String at,
        String by,
        List<String> despite,
        @Nullable String deletedAt) {
    public RetiredPort {
        despite = List.copyOf(Objects.requireNonNullElse(despite, List.of()));
    }

    /** One whose topic is still there. */
    public RetiredPort(String port, String at, String by, List<String> despite) {
        this(port, at, by, despite, null);
    }

    /** The same with what spoke against it besides, later: who forced it first stays known. */
    public RetiredPort despiteAlso(List<String> more) {
        return new RetiredPort(
                port, at, by, Stream.concat(despite.stream(), more.stream()).toList(), deletedAt);
    }

    /** The same, with its topic deleted. */
    public RetiredPort deleted(String when) {
        return deletedAt == null ? new RetiredPort(port, at, by, despite, when) : this;
    }

    /** Whether its topic is deleted, or about to be. */
    public boolean isDeleted() {
        return deletedAt != null;
    }
}
