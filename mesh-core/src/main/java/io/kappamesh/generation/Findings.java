package io.kappamesh.generation;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a generation.
 *
 * @param recordsPerSecond how fast it replayed its history, all partitions together; null = nobody measured it
 * @param verification the last comparison with the serving generation; null = none
 */
@Internal
public record Findings(
        @Nullable Double recordsPerSecond, @Nullable JsonNode verification) {

    /** About a generation that has just begun. */
    static final Findings NONE = new Findings(null, null);

    Findings verified(@Nullable JsonNode report) {
        return new Findings(recordsPerSecond, report);
    }
}
