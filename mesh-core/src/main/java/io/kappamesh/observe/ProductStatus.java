package io.kappamesh.observe;

import io.kappamesh.contract.Exemption;
import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A generation of a product at one moment, as seen by one instance: counts are of this instance since it started, and of the partitions that it holds.
 * An immutable value.
 *
 * @param product whose status it is
 * @param generation which run of it; empty = it is not decided yet what is to run
 * @param role whether it serves; empty = not known yet
 * @param state where it stands
 * @param waitingFor what it waits for, in words; empty = nothing
 * @param failure why it failed, in words without values of records; empty = it has not
 * @param recordsIn records that passed the intake; those that it refused are dead letters
 * @param recordsOut records written to output ports
 * @param deadLetters records refused
 * @param lagRecords offsets between what was committed, so that consumers see it, and the ends of the inputs
 * @param freshness see {@link Freshness}; empty = it has never caught up since it started
 * @param replay how far it is with what was in its inputs; empty = it has not begun to read
 * @param startedAt when this instance of it started
 * @param exemptions what the product declares as deliberate exceptions from the rules that keep a replay equal to live
 */
public record ProductStatus(
        ProductName product,
        Optional<Generation> generation,
        Optional<Role> role,
        ProductState state,
        Optional<String> waitingFor,
        Optional<String> failure,
        long recordsIn,
        long recordsOut,
        long deadLetters,
        long lagRecords,
        Optional<Duration> freshness,
        Optional<Replay> replay,
        Instant startedAt,
        List<Exemption> exemptions) {
    public ProductStatus {
        exemptions = List.copyOf(exemptions);
    }

    /** Whether consumers depend on it: it serves, or is about to. */
    public boolean isServing() {
        return role.map(known -> known == Role.SERVING).orElse(true);
    }

    /**
     * How far a replay is.
     *
     * @param done records read since the start, control records included
     * @param target records there are to read since the start; grows as inputs do
     * @param ratePerSecond records per second, over half a minute
     * @param remaining what is left at that rate; empty = cannot be told
     * @param caughtUp everything that was there at the start was read once
     */
    public record Replay(
            long done, long target, double ratePerSecond, Optional<Duration> remaining, boolean caughtUp) {}
}
