package io.kappamesh.topology;

import java.util.List;
import org.apache.kafka.streams.Topology;

/**
 * A product's topology, ready to run.
 *
 * @param topology for Kafka Streams
 * @param shape what state depends on, a line each, sorted: the parts of the topology with their sources, stores and internal topics, and
 *     the schemas of what is read and kept. State can be continued by a topology of the same shape and by no other
 */
public record AssembledProduct(Topology topology, List<String> shape) {
    public AssembledProduct {
        shape = List.copyOf(shape);
    }
}
