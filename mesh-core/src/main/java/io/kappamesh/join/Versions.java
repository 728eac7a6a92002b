package io.kappamesh.join;

import org.apache.kafka.streams.kstream.KStream;

/**
 * The side of an as-of join that answers: what is valid for a key from an event time on, until the next version of the key. A version
 * that comes again with its key and event time replaces the earlier one, so there is one author for each: two partitions that both give
 * a version of a key at one time are joined in the order in which they are read.
 *
 * @param stream the versions by the key that they share with the facts, in a topic that keeps all of them (not compacted)
 * @param type the generated class of a version
 */
public record Versions<V>(KStream<String, V> stream, Class<V> type) {}
