package io.kappamesh.topology;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.serde.StateSerde;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/**
 * What the state of a topology depends on, as lines of text. Kafka Streams finds state by the number of its subtopology and by the names of
 * stores and internal topics, and only the schema that wrote a value can read it. Steps without state are not part of the fingerprint.
 */
final class TopologyFingerprint {
    private TopologyFingerprint() {}

    static List<String> of(
            DataProduct product, Topology topology, Map<String, Schema> state, Map<String, String> forgetting) {
        List<String> lines = new ArrayList<>();
        product.inputs()
                .forEach(input -> lines.add(
                        "reads " + input.address() + (input.isExternal() ? " from " + text(input.topics()) : "")
                                + " as " + input.kind() + " with " + text(input.reader())));
        state.forEach((name, schema) -> lines.add("keeps " + name + " with " + text(schema)));
        forgetting.forEach((name, span) -> lines.add("forgets " + name + " after " + span));
        for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
            Set<String> stores = new TreeSet<>();
            Set<String> from = new TreeSet<>();
            Set<String> to = new TreeSet<>();
            for (TopologyDescription.Node node : part.nodes()) {
                if (node instanceof TopologyDescription.Source source) {
                    from.addAll(source.topicSet());
                } else if (node instanceof TopologyDescription.Processor processor) {
                    stores.addAll(processor.stores());
                } else if (node instanceof TopologyDescription.Sink sink && sink.topic() != null) {
                    to.add(sink.topic());
                }
            }
            lines.add("part " + part.id() + " from " + text(from) + " with stores " + text(stores) + " to " + text(to));
        }
        return lines.stream().sorted().toList();
    }

    private static String text(Collection<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private static String text(Schema schema) {
        return schema.getFullName() + ":" + Long.toHexString(StateSerde.fingerprint(schema));
    }
}
