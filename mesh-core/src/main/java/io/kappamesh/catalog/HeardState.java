package io.kappamesh.catalog;

import java.time.Instant;

/**
 * A state as it stands in the catalogue.
 *
 * @param state what was said
 * @param at when the brokers took it in
 */
public record HeardState(ProcessState state, Instant at) {
    /** Whether its process is not heard of any more. */
    public boolean isStale(Instant now) {
        return state.isStale(at, now);
    }
}
