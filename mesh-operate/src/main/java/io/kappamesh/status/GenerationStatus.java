package io.kappamesh.status;

import io.kappamesh.generation.Adoption;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A generation at one moment, as the control topic and the brokers tell it: the same after any restart, and whoever asks.
 *
 * @param generation {@code sales.orders.g2}
 * @param role what it is for
 * @param build the code that computes it
 * @param state where it stands
 * @param createdAt when it was begun
 * @param partitions what it reads, inputs first; empty once it is retired
 * @param unseen topics of its inputs that are not there for whoever asks: brokers hide what may not be described
 * @param done offsets of its inputs that it has read, of those that are kept
 * @param target offsets of its inputs that are kept; grows as they do
 * @param ratePerSecond offsets per second since the last look; empty = the first look
 * @param remaining what is left at that rate; empty = cannot be told, or it has caught up
 * @param eventTimeLag from the oldest record that it has still to read to the newest of the same partition, by their timestamps, the
 *     largest of all inputs; zero = nothing is left to read, empty = cannot be told
 * @param caughtUp whether it has read what was there when it was begun, and no more is outstanding than a live product may be behind
 * @param processes how many run it
 * @param cut the id of the order to pause that concerns it; empty = none, or its lease is over
 * @param adoptions which builds computed it before, the first one first
 * @param deadLetters what it refused, and what those refused that served before it; empty = it is retired, or the topic is not there for
 *     whoever asks
 * @param failure why the last process that ended it did so; empty = none did since it was started last
 */
public record GenerationStatus(
        Generation generation,
        Role role,
        String build,
        GenerationState state,
        Instant createdAt,
        List<PartitionStatus> partitions,
        List<String> unseen,
        long done,
        long target,
        OptionalDouble ratePerSecond,
        Optional<Duration> remaining,
        Optional<Duration> eventTimeLag,
        boolean caughtUp,
        int processes,
        Optional<String> cut,
        List<Adoption> adoptions,
        Optional<DeadLetterCount> deadLetters,
        Optional<Failure> failure) {

    public GenerationStatus {
        partitions = List.copyOf(partitions);
        unseen = List.copyOf(unseen);
        adoptions = List.copyOf(adoptions);
    }
}
