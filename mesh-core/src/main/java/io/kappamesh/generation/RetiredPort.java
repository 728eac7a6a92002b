package io.kappamesh.generation;

import io.kappamesh.Internal;
import java.util.List;
import java.util.Objects;

/**
 * That nobody may rely on a port any more: its owner has retired it. A build without it may go on with the state of one that had it, and the
 * other way round. An immutable value.
 *
 * @param port its address
 * @param at when, ISO-8601 in UTC
 * @param by the account of whoever did it, as the operating system knows it
 * @param despite what spoke against it, so that it was done by force: readers and promises, a phrase each; empty = nothing
 */
@Internal
public record RetiredPort(String port, String at, String by, List<String> despite) {
    public RetiredPort {
        despite = List.copyOf(Objects.requireNonNullElse(despite, List.of()));
    }
}
