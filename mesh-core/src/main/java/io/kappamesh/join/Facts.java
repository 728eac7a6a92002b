package io.kappamesh.join;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.streams.kstream.KStream;

/**
 * The facts of an as-of join ({@link io.kappamesh.topology.Ports#asOf}): each is joined with the version that was valid at its event time. For
 * a source, use {@link io.kappamesh.topology.EventReading#facts}; use the constructor without a lateness for a stream that you have changed.
 *
 * @param stream the facts by the key that they share with the versions, in a topic with as many partitions
 * @param type the generated class of a fact
 * @param id a pure function to the id of a fact: the key of its result, unique among the facts of all keys. A fact with the id and key of an
 *     earlier one replaces it. Facts with the same id and different keys would overwrite each other's results
 * @param lateness how much older than the newest fact of its partition a fact may be; empty = unlimited
 */
public record Facts<F>(
        KStream<String, F> stream, Class<F> type, Function<? super F, String> id, Optional<Duration> lateness) {

    /** Facts of unlimited lateness: the join keeps all versions. */
    public Facts(KStream<String, F> stream, Class<F> type, Function<? super F, String> id) {
        this(stream, type, id, Optional.empty());
    }
}
