package io.kappamesh.join;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.kstream.KStream;

/**
 * The versions of an as-of join ({@link io.kappamesh.topology.Ports#asOf}): each is valid for its key from its event time until the next
 * version of the key. A version with the key and event time of an earlier one replaces it. So all versions of a key must come from one
 * partition: of two partitions, the one that is read later would win. For a source, use {@link io.kappamesh.topology.EventReading#versions};
 * use the constructor without a lateness for a stream that you have changed.
 *
 * @param stream the versions by the key that they share with the facts, in a topic that keeps all of them (not compacted)
 * @param type the generated class of a version
 * @param lateness how much older than the newest version of its partition a version may be; empty = unlimited
 */
public record Versions<V>(KStream<String, V> stream, Class<V> type, Optional<Duration> lateness) {

    /** Versions of unlimited lateness: the join keeps all facts. */
    public Versions(KStream<String, V> stream, Class<V> type) {
        this(stream, type, Optional.empty());
    }
}
