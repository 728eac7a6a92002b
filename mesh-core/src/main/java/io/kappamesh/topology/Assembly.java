package io.kappamesh.topology;

import io.kappamesh.Internal;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.join.Slices;
import io.kappamesh.serde.Codecs;
import java.util.ArrayList;
import java.util.HashSet;
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

/** Builds a product's topology from its wiring. Stateless and thread-safe. */
@Internal
public final class Assembly {
    private Assembly() {}

    /**
     * Builds the topology of a product.
     *
     * @param streamsConfig the configuration that the topology will run with; {@code ensure.explicit.internal.resource.naming} should be true.
     *     All stores, including those of the intake and of derived rows, are of the kind that {@code dsl.store.suppliers.class} names
     * @param destinations the topics to write to
     * @param pacing decides when the product commits while it is live
     * @throws DeclarationException when a declared port is not wired, or the topology writes a topic without a port
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
        requireDatedDeletions(product.product());
        Properties properties = new Properties();
        properties.putAll(streamsConfig);
        Topology topology = builder.build(properties);
        requireNoOtherSink(product.product(), topology.describe(), ports.sinks());
        ports.addLoops(topology);
        return new AssembledProduct(
                topology,
                TopologyFingerprint.of(product.product(), topology, ports.state(), ports.forgetting()),
                ports.finalInputs());
    }

    /** The groups of topics that one subtopology reads, which therefore need equal partition counts; without groups of one. */
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

    /** A candidate would write such a topic beside the serving generation, and every replay would write it again. */
    private static void requireNoOtherSink(DataProduct product, TopologyDescription topology, Set<String> sinks) {
        Set<String> read = new HashSet<>();
        List<TopologyDescription.Sink> others = new ArrayList<>();
        for (TopologyDescription.Subtopology part : topology.subtopologies()) {
            for (TopologyDescription.Node node : part.nodes()) {
                if (node instanceof TopologyDescription.Source source) {
                    read.addAll(source.topicSet());
                } else if (node instanceof TopologyDescription.Sink sink && !sinks.contains(sink.name())) {
                    others.add(sink);
                }
            }
        }
        List<String> problems = others.stream()
                .filter(sink -> sink.topic() == null || !read.contains(sink.topic()))
                .map(sink -> "product " + product.name() + ": its topology writes "
                        + (sink.topic() == null ? "topics that " + sink.name() + " chooses" : "topic " + sink.topic())
                        + " without a port; a replay would write it again. Declare an output port, and use"
                        + " ports.publish(…) instead of to(…)")
                .sorted()
                .toList();
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
    }

    private static void requireDatedDeletions(DataProduct product) {
        List<String> problems = new ArrayList<>();
        product.outputs()
                .forEach(output -> product.outputs().stream()
                        .filter(later ->
                                output.later().filter(later.address()::equals).isPresent())
                        .flatMap(later -> Conversion.problem(output, later.contract()).stream())
                        .forEach(problems::add));
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
    }

    private static void requireEveryPort(DataProduct product, Set<PortAddress> used) {
        List<String> problems = new ArrayList<>();
        product.inputs().stream()
                .filter(input -> !used.contains(input.address()))
                .forEach(input ->
                        problems.add("product " + product.name() + ": declares that it reads " + input.address()
                                + ", but its topology never does; read it, or remove it from the declaration"));
        product.outputs().stream()
                .filter(output -> !used.contains(output.address()))
                .forEach(
                        output -> problems.add(
                                "product " + product.name() + ": declares that it publishes "
                                        + output.address()
                                        + output.later()
                                                .map(
                                                        later -> ", which is converted from " + later
                                                                + ", but its topology does not publish that one; declare both, and publish the later one")
                                                .orElse(
                                                        ", but its topology never does; publish it, or remove it from the declaration")));
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
    }
}
