package io.kappamesh.join;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.kstream.KStream;

/**
 * The side of an as-of join that answers: what is valid for a key from an event time on, until the next version of the key. A version
 * that comes again with its key and event time replaces the earlier one, so there is one author for each: two partitions that both give
 * a version of a key at one time are joined in the order in which they are read. Those of a source come from
 * {@link io.kappamesh.topology.EventReading#versions}; the constructor without a lateness is for a stream that was changed on its way.
 *
 * @param stream the versions by the key that they share with the facts, in a topic that keeps all of them (not compacted)
 * @param type the generated class of a version
 * @param lateness by how much a version is at most older than the newest one before it in its partition; empty = by any time
 */
public record Versions<V>(KStream<String, V> stream, Class<V> type, Optional<Duration> lateness) {

    /** Versions that may be late by any time. */
    public Versions(KStream<String, V> stream, Class<V> type) {
        this(stream, type, Optional.empty());
    }
}
