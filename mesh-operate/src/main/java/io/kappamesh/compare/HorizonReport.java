package io.kappamesh.compare;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a port was left alone, because its history cannot be recomputed.
 *
 * @param from the event time of the horizon, ISO-8601 in UTC: what is older is not compared, and not corrected; null = nothing of the
 *     port can be recomputed
 * @param reasons why, one sentence each
 * @param keys that differ below it
 */
public record HorizonReport(@Nullable String from, List<String> reasons, long keys) {
    public HorizonReport {
        reasons = List.copyOf(reasons);
    }
}
