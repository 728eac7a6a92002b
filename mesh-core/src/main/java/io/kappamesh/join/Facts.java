package io.kappamesh.join;

import java.util.function.Function;
import org.apache.kafka.streams.kstream.KStream;

/**
 * The side of an as-of join that asks: facts, each at its event time.
 *
 * @param stream the facts by the key that they share with the versions, in a topic with as many partitions
 * @param type the generated class of a fact
 * @param id what a fact is called: the key of its result, unique among the facts of all keys. A fact that comes again with its id and
 *     key replaces the earlier one; one that came with another key would have two results under one id
 */
public record Facts<F>(KStream<String, F> stream, Class<F> type, Function<? super F, String> id) {}
