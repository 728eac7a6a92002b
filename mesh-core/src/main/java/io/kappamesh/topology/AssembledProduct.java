package io.kappamesh.topology;

import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.Topology;

/**
 * A product's topology, ready to run.
 *
 * @param topology for Kafka Streams
 * @param shape what state depends on, a line each, sorted: the parts of the topology with their sources, stores and internal topics, and
 *     the schemas of what is read and kept. State can be continued by a topology of the same shape and by no other
 * @param asOfSides the processors that take in the two sides of as-of joins, by name: what comes to them must never be corrected
 */
public record AssembledProduct(Topology topology, List<String> shape, Set<String> asOfSides) {
    public AssembledProduct {
        shape = List.copyOf(shape);
        asOfSides = Set.copyOf(asOfSides);
    }
}
