package io.kappamesh.topology;

import io.kappamesh.Internal;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/**
 * A product's topology, ready to run. Immutable, except for Kafka's own topology.
 *
 * @param topology for Kafka Streams
 * @param fingerprint what the state depends on, as sorted lines: the subtopologies with their sources, stores and internal topics, and the schemas
 *     of inputs and state. Only a topology with the same fingerprint can continue the state
 * @param finalInputs the names of processors whose inputs must be final: no owner may correct them
 */
@Internal
public record AssembledProduct(Topology topology, List<String> fingerprint, Set<String> finalInputs) {
    public AssembledProduct {
        fingerprint = List.copyOf(fingerprint);
        finalInputs = Set.copyOf(finalInputs);
    }

    /** Whether any part of the topology keeps state. */
    public boolean hasState() {
        return topology.describe().subtopologies().stream()
                .flatMap(part -> part.nodes().stream())
                .anyMatch(node -> node instanceof TopologyDescription.Processor processor
                        && !processor.stores().isEmpty());
    }
}
