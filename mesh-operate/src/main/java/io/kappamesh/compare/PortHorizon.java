package io.kappamesh.compare;

import io.kappamesh.tables.Latest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The horizon of a port. Below it a candidate may have been unable to know what the serving generation knew, so that nothing is
 * compared or corrected there. A key is below as soon as what one of the two says of it is.
 *
 * @param since from which event time on inputs are complete for what the port says; {@link Instant#MIN} = always, {@link Instant#MAX} = never
 * @param kept for how long the brokers keep records of the port or its shadow; empty = forever
 * @param reasons for a human, one sentence each
 */
record PortHorizon(Instant since, Optional<Duration> kept, List<String> reasons) {
    /** Of a port of which everything can be recomputed. */
    static final PortHorizon NONE = new PortHorizon(Instant.MIN, Optional.empty(), List.of());

    /** By so much may the clocks of brokers differ from ours. */
    private static final Duration CLOCKS = Duration.ofMinutes(10);

    PortHorizon {
        reasons = List.copyOf(reasons);
    }

    /**
     * Whether a key is below.
     *
     * @param now the time, not before the records were read
     */
    boolean isAbove(@Nullable Latest serving, @Nullable Latest candidate, Instant now) {
        return Stream.of(Optional.ofNullable(serving), Optional.ofNullable(candidate))
                .flatMap(Optional::stream)
                .filter(Latest::hasValue)
                .noneMatch(record -> isOld(record, now));
    }

    /**
     * Brokers count retention from the record's timestamp. The event time of a value that a promotion wrote may be older than its
     * record's timestamp, by nobody knows how much.
     */
    private boolean isOld(Latest record, Instant now) {
        Instant time = Instant.ofEpochMilli(record.timestamp());
        boolean unknown = since.isAfter(Instant.MIN) && record.correction();
        return unknown || time.isBefore(since) || time.isBefore(expiry(now));
    }

    private Instant expiry(Instant now) {
        return kept.map(duration -> now.minus(duration).plus(CLOCKS)).orElse(Instant.MIN);
    }

    /** Null = there is none. */
    @Nullable
    HorizonReport report(Instant now, long keys) {
        Instant from = since.isAfter(expiry(now)) ? since : expiry(now);
        if (from.equals(Instant.MIN)) {
            return null;
        }
        return new HorizonReport(from.equals(Instant.MAX) ? null : from.toString(), reasons, keys);
    }
}
