package io.kappamesh.postgres;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where reading goes on in a partition.
 *
 * @param next the offset to read next
 * @param leaderEpoch of what was read last before it; empty = nothing was read. The brokers tell by it whether they still have what was read:
 *     an end that was lost and has grown again has another one
 */
public record Position(long next, Optional<Integer> leaderEpoch) {

    /** Where nothing was read before. */
    public static Position at(long next) {
        return new Position(next, Optional.empty());
    }

    /** The same for each partition. */
    public static Map<Integer, Position> allAt(Map<Integer, Long> next) {
        Map<Integer, Position> all = new TreeMap<>();
        next.forEach((partition, offset) -> all.put(partition, at(offset)));
        return all;
    }

    /** The next offset of each partition. */
    public static Map<Integer, Long> offsets(Map<Integer, Position> positions) {
        Map<Integer, Long> offsets = new TreeMap<>();
        positions.forEach((partition, position) -> offsets.put(partition, position.next()));
        return offsets;
    }
}
