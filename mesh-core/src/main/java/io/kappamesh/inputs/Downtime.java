package io.kappamesh.inputs;

import io.kappamesh.generation.CaughtUp.Place;
import io.kappamesh.generation.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * How long a generation has not seen the end of a table's partition.
 *
 * @param partition of an input that is compacted
 * @param last when it had read everything, and how much that was
 * @param position the next offset that it reads
 * @param end behind the last record that was written
 */
record Downtime(TopicPartition partition, Place last, long position, long end) {

    /**
     * Why it may have missed deletions, without the remedy; empty = it has not.
     *
     * @param kept for how long brokers keep a deletion at least
     */
    Optional<String> problem(Generation generation, Duration kept, Instant now) {
        Instant seen = Instant.ofEpochMilli(last.at());
        boolean all = position >= end || end <= last.offset();
        if (all || Duration.between(seen, now).compareTo(kept) < 0) {
            return Optional.empty();
        }
        return Optional.of(generation + ": topic " + partition.topic() + ", partition " + partition.partition()
                + ": it had last read everything at " + seen + ", up to offset " + last.offset()
                + ", and the topic now ends at "
                + end + "; deletions are kept there for " + kept
                + " only (delete.retention.ms), so that some may be gone "
                + "unread, and rows would stay that were deleted");
    }
}
