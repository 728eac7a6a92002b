package io.kappamesh.inputs;

import io.kappamesh.generation.Generation;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where the group of a generation stands in a partition, and what the partition holds.
 *
 * @param partition of an input, or of a repartition topic
 * @param committed the next offset that it has to read; null = none is committed
 * @param beginning the first offset that is kept
 * @param end behind the last offset that was written
 */
record Position(TopicPartition partition, @Nullable Long committed, long beginning, long end) {

    /** Why a generation cannot continue from here, without the remedy; empty = it can. */
    Optional<String> problem(Generation generation) {
        String where = generation + ": topic " + partition.topic() + ", partition " + partition.partition() + ": ";
        if (committed == null) {
            return Optional.of(where + "its group has no position there, although it had one when it was begun: "
                    + "it was deleted, with the topic or by hand");
        }
        if (committed < beginning) {
            return Optional.of(where + "has to go on at offset " + committed + ", but the topic begins at " + beginning
                    + ": " + (beginning - committed) + " offsets are gone before they were read");
        }
        if (committed > end) {
            return Optional.of(where + "has read to offset " + committed + ", but the topic ends at " + end
                    + ": it lost records, or is another one by the same name");
        }
        return Optional.empty();
    }
}
