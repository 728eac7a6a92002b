package io.kappamesh.mapping;

import io.kappamesh.Internal;
import java.time.Instant;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A logical type of Avro that is a point in time. An immutable value.
 *
 * @param isLocal whether it is what a clock shows, without a zone
 * @param perSecond how many of what it counts a second has
 */
@Internal
public record TimestampType(boolean isLocal, long perSecond) {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final Map<String, TimestampType> BY_NAME = Map.of(
            "timestamp-millis", new TimestampType(false, 1_000),
            "timestamp-micros", new TimestampType(false, 1_000_000),
            "timestamp-nanos", new TimestampType(false, NANOS_PER_SECOND),
            "local-timestamp-millis", new TimestampType(true, 1_000),
            "local-timestamp-micros", new TimestampType(true, 1_000_000),
            "local-timestamp-nanos", new TimestampType(true, NANOS_PER_SECOND));

    /** That of a schema; null = its values are no points in time. */
    public static @Nullable TimestampType of(Schema type) {
        return type.getLogicalType() == null
                ? null
                : BY_NAME.get(type.getLogicalType().getName());
    }

    /** Whether values of a schema are points in time that need no zone. */
    public static boolean isInstant(Schema type) {
        @Nullable TimestampType timestamp = of(type);
        return timestamp != null && !timestamp.isLocal;
    }

    /** The time of a count since the epoch; a local one as if its clock were in UTC. */
    public Instant at(long count) {
        return Instant.ofEpochSecond(
                Math.floorDiv(count, perSecond), Math.floorMod(count, perSecond) * (NANOS_PER_SECOND / perSecond));
    }
}
