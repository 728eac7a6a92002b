package io.kappamesh.topology;

import io.kappamesh.Internal;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.join.Slices;
import io.kappamesh.serde.Codecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers.RocksDBDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;

/** Puts a product's topology together from its wiring. Stateless and thread-safe. */
@Internal
public final class Assembly {
    private Assembly() {}

    /**
     * The topology of a product.
     *
     * @param streamsConfig the configuration it will run with; {@code ensure.explicit.internal.resource.naming} should be true. Every
     *     store, also those of intake and derived rows, is of its {@code dsl.store.suppliers.class}
     * @param destinations where it writes
     * @param pacing decides when it commits while it is live
     * @throws DeclarationException when a declared port is not wired
     * @throws org.apache.kafka.streams.errors.TopologyException when a store or an internal topic has no name
     */
    public static AssembledProduct assemble(
            StreamingProduct product,
            Map<String, ?> streamsConfig,
            Codecs codecs,
            Destinations destinations,
            ProductObserver observer,
            CommitPacing pacing) {
        TopologyConfig config =
                new TopologyConfig(new StreamsConfig(PacedProcessors.configured(streamsConfig, pacing)));
        StreamsBuilder builder = new StreamsBuilder(config);
        DslStoreSuppliers stores = config.resolveDslStoreSuppliers().orElseGet(RocksDBDslStoreSuppliers::new);
        Ports ports =
                new Ports(product.product(), builder, stores, codecs, destinations, observer, Slices.of(streamsConfig));
        product.topology().wire(ports);
        requireEveryPort(product.product(), ports.used());
        Properties properties = new Properties();
        properties.putAll(streamsConfig);
        Topology topology = builder.build(properties);
        ports.addLoops(topology);
        return new AssembledProduct(
                topology,
                TopologyFingerprint.of(product.product(), topology, ports.state(), ports.forgetting()),
                ports.finalInputs());
    }

    /** The topics that meet in one part of the topology, and therefore need equal partition counts; sorted, without singles. */
    public static List<Set<String>> topicsThatMeet(Topology topology) {
        List<Set<String>> groups = new ArrayList<>();
        for (TopologyDescription.Subtopology part : topology.describe().subtopologies()) {
            Set<String> topics = new TreeSet<>();
            for (TopologyDescription.Node node : part.nodes()) {
                if (node instanceof TopologyDescription.Source source) {
                    topics.addAll(source.topicSet());
                }
            }
            if (topics.size() > 1) {
                groups.add(topics);
            }
        }
        return List.copyOf(groups);
    }

    private static void requireEveryPort(DataProduct product, Set<PortAddress> used) {
        List<String> problems = new ArrayList<>();
        product.inputs().stream()
                .filter(input -> !used.contains(input.address()))
                .forEach(input -> problems.add("product " + product.name() + ": declares that it reads "
                        + input.address() + ", but its topology never does; read it or take it out"));
        product.outputs().stream()
                .filter(output -> !used.contains(output.address()))
                .forEach(output -> problems.add("product " + product.name() + ": declares that it publishes "
                        + output.address() + ", but its topology never does; publish it or take it out"));
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
    }
}
