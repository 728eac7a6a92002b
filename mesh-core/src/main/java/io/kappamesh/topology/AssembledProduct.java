package io.kappamesh.topology;

import io.kappamesh.Internal;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.Topology;

/**
 * A product's topology, ready to run.
 *
 * @param topology for Kafka Streams
 * @param shape what state depends on, a line each, sorted: the parts of the topology with their sources, stores and internal topics, and
 *     the schemas of what is read and kept. State can be continued by a topology of the same shape and by no other
 * @param finalInputs processors, by name, that are right only if what comes to them is final: no owner ever corrects it
 */
@Internal
public record AssembledProduct(Topology topology, List<String> shape, Set<String> finalInputs) {
    public AssembledProduct {
        shape = List.copyOf(shape);
        finalInputs = Set.copyOf(finalInputs);
    }
}
