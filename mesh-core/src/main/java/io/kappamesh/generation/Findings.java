package io.kappamesh.generation;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a generation.
 *
 * @param recordsPerSecond how fast it replayed its history, all partitions together; null = nobody measured it
 * @param verification the last comparison with the serving generation; null = none
 * @param sync when its shadows and the public topics last agreed; null = they never did, or that was before it was written down
 */
@Internal
public record Findings(
        @Nullable Double recordsPerSecond,
        @Nullable JsonNode verification,
        @Nullable SyncPoint sync) {

    /** About a generation that has just begun. */
    static final Findings NONE = new Findings(null, null, null);

    Findings verified(@Nullable JsonNode report) {
        return new Findings(recordsPerSecond, report, sync);
    }

    Findings synced(@Nullable SyncPoint point) {
        return new Findings(recordsPerSecond, verification, point);
    }

    Findings replayedAt(double rate) {
        return new Findings(rate, verification, sync);
    }
}
