package io.kappamesh.join;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.streams.kstream.KStream;

/**
 * The side of an as-of join that asks: facts, each at its event time. Those of a source come from
 * {@link io.kappamesh.topology.EventReading#facts}; the constructor without a lateness is for a stream that was changed on its way.
 *
 * @param stream the facts by the key that they share with the versions, in a topic with as many partitions
 * @param type the generated class of a fact
 * @param id what a fact is called: the key of its result, unique among the facts of all keys. A fact that comes again with its id and
 *     key replaces the earlier one; one that came with another key would have two results under one id
 * @param lateness by how much a fact is at most older than the newest one before it in its partition; empty = by any time
 */
public record Facts<F>(
        KStream<String, F> stream, Class<F> type, Function<? super F, String> id, Optional<Duration> lateness) {

    /** Facts that may be late by any time. */
    public Facts(KStream<String, F> stream, Class<F> type, Function<? super F, String> id) {
        this(stream, type, id, Optional.empty());
    }
}
