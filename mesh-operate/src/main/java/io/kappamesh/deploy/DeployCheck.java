package io.kappamesh.deploy;

import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.deploy.DeployReport.ConsumerVerdict;
import io.kappamesh.deploy.DeployReport.History;
import io.kappamesh.deploy.DeployReport.PortVerdict;
import io.kappamesh.deploy.DeployReport.RuleVerdict;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.discovery.Edge;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.discovery.ShownKey;
import io.kappamesh.evolution.Breach;
import io.kappamesh.evolution.ConsumerGate;
import io.kappamesh.evolution.ReleaseGate;
import io.kappamesh.evolution.ReleasedPort;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.PortMismatch;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.IncompatibleSchemaException;
import io.kappamesh.registry.SchemaFormats;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.Attempt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Asks of a build whether it can be deployed: for every consumer of every port that it publishes, by schema, by what the consumer declares, and
 * over the records that there are. Needs no code of any domain, and changes nothing. One thread at a time. What cannot be done
 * throws {@link io.kappamesh.failure.LifecycleException}.
 */
public final class DeployCheck implements AutoCloseable {
    private static final String DEPLOYED = "what is deployed";

    /**
     * How to look.
     *
     * @param history whether records are read
     * @param generation the candidate whose records are judged; empty = one that runs the same build, or else the port's own
     */
    public record How(boolean history, OptionalInt generation) {
        /** Everything. */
        public static final How FULL = new How(true, OptionalInt.empty());
    }

    private final Settings settings;
    private final Discovery discovery;
    private final SchemaRegistry registry;
    private final Admin admin;

    private DeployCheck(Settings settings) {
        this.settings = settings;
        this.discovery = Discovery.connect(settings);
        this.registry = SchemaRegistry.connect(settings.registry());
        this.admin = LazyAdmin.of(settings.admin());
    }

    /** Connects when it is first needed. */
    public static DeployCheck connect(Settings settings) {
        return Attempt.at("brokers " + settings.bootstrapServers(), () -> new DeployCheck(settings));
    }

    /**
     * The verdict.
     *
     * @param build the products of the build, as it declares them
     */
    public DeployReport check(List<ProductDescription> build, How how) {
        Catalog catalog = discovery.catalog();
        return Attempt.at("can-i-deploy", () -> {
            List<PortVerdict> ports = new ArrayList<>();
            List<RuleVerdict> rules = new ArrayList<>();
            Set<String> topics = admin.listTopics().names().get();
            how.generation().ifPresent(number -> requireShadows(build, number, topics));
            for (ProductDescription product : build) {
                for (OutputDescription port : product.outputs()) {
                    ports.add(new PortTrial(catalog, product, port, topics).verdict(how));
                }
                ports.addAll(dropped(catalog, product, build));
                rules.addAll(new TightenedRules(catalog, topics, registry, settings.client(), how.history())
                        .of(product, port -> new PortTrial(catalog, product, port, topics).shadow(how)));
            }
            return new DeployReport(ports, inputs(catalog, build), catalog.leftOut(), starts(catalog, build), rules);
        });
    }

    /** Products that a start would refuse, because they publish other ports than what serves. */
    private List<String> starts(Catalog catalog, List<ProductDescription> build) {
        ControlSnapshot decided = discovery.decisions(catalog);
        List<String> refused = new ArrayList<>();
        for (ProductDescription product : build) {
            try {
                List<String> outputs = product.outputs().stream()
                        .map(OutputDescription::address)
                        .toList();
                decided.lifecycle(product.name())
                        .flatMap(now -> now.serving().flatMap(serving -> PortMismatch.of(now, serving, outputs)))
                        .ifPresent(mismatch ->
                                refused.add("product " + product.product() + ": " + mismatch.sentence(product.name())));
            } catch (KafkaException unknown) {
                refused.add("product " + product.product() + ": whether it can start is not known: "
                        + unknown.getMessage());
            }
        }
        return refused;
    }

    /** Records that were asked for and are not there must not be replaced by others in silence. */
    private static void requireShadows(List<ProductDescription> build, int number, Set<String> topics) {
        List<String> shadows = build.stream()
                .flatMap(product -> product.outputs().stream()
                        .map(port -> new Generation(product.name(), number).shadowOf(port.address())))
                .toList();
        if (shadows.stream().noneMatch(topics::contains)) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    "can-i-deploy: there is no generation g" + number + " with records of its own: none of " + shadows
                            + " exists; `status` lists the candidates, and the generation that serves has none");
        }
    }

    /** Ports that the product publishes now, that somebody reads, and that no product of the build publishes: one may take them over from another. */
    private static List<PortVerdict> dropped(
            Catalog catalog, ProductDescription product, List<ProductDescription> build) {
        List<PortVerdict> dropped = new ArrayList<>();
        Set<String> kept = build.stream()
                .flatMap(one -> one.outputs().stream())
                .map(OutputDescription::address)
                .collect(Collectors.toSet());
        catalog.product(product.name()).flatMap(FoundProduct::description).stream()
                .flatMap(known -> known.outputs().stream())
                .map(OutputDescription::address)
                .filter(port -> !kept.contains(port))
                .forEach(port -> {
                    List<ConsumerVerdict> consumers = readers(catalog, port).entrySet().stream()
                            .map(reader -> new ConsumerVerdict(
                                    reader.getKey(),
                                    List.of(new ConsumerGate(reader.getKey(), reader.getValue())
                                            .withoutPort()
                                            .message()),
                                    List.of(),
                                    List.of()))
                            .toList();
                    List<String> undeclared = undeclared(catalog, port);
                    if (!consumers.isEmpty() || !undeclared.isEmpty()) {
                        dropped.add(new PortVerdict(
                                port, product.product(), History.NONE, List.of(), consumers, undeclared));
                    }
                });
        return dropped;
    }

    /** What the build could not read of what others publish now, and of what it publishes itself. */
    private static List<String> inputs(Catalog catalog, List<ProductDescription> build) {
        Map<String, OutputDescription> own = new HashMap<>();
        build.stream().flatMap(product -> product.outputs().stream()).forEach(port -> own.put(port.address(), port));
        List<String> unreadable = new ArrayList<>();
        for (ProductDescription product : build) {
            for (InputDescription input : product.inputs()) {
                Optional<OutputDescription> port = input.source() != null
                        ? Optional.empty()
                        : Optional.ofNullable(own.get(input.address()))
                                .or(() -> catalog.port(input.address()).map(Catalog.PublishedPort::output));
                port.stream()
                        .flatMap(known -> new ConsumerGate(product.product(), input).breaches(null, known).stream())
                        .map(Breach::message)
                        .forEach(unreadable::add);
            }
        }
        return unreadable;
    }

    private static Map<String, InputDescription> readers(Catalog catalog, String port) {
        Map<String, InputDescription> readers = new LinkedHashMap<>();
        catalog.products()
                .forEach(product -> product.description().stream()
                        .flatMap(known -> known.inputs().stream())
                        .filter(input -> input.address().equals(port) && input.source() == null)
                        .forEach(input -> readers.put(product.name().toString(), input)));
        return readers;
    }

    private static List<String> undeclared(Catalog catalog, String port) {
        return catalog.readers(port).stream()
                .filter(edge -> edge.status() == Edge.Status.UNDECLARED)
                .map(Edge::reader)
                .toList();
    }

    /** One port of the build. */
    private final class PortTrial {
        private final Catalog catalog;
        private final ProductDescription product;
        private final OutputDescription port;
        private final Set<String> topics;
        private final @Nullable OutputDescription before;

        PortTrial(Catalog catalog, ProductDescription product, OutputDescription port, Set<String> topics) {
            this.catalog = catalog;
            this.product = product;
            this.port = port;
            this.topics = topics;
            this.before = catalog.port(port.address())
                    .map(Catalog.PublishedPort::output)
                    .orElse(null);
        }

        PortVerdict verdict(How how) {
            Map<String, InputDescription> readers = readers(catalog, port.address());
            Map<String, List<String>> unchecked = new LinkedHashMap<>();
            Optional<String> shadow = shadow(how);
            List<ConsumerTrial> trials = trials(readers, shadow.isPresent(), unchecked);
            History history = how.history() && !trials.isEmpty() && topics.contains(port.address())
                    ? read(shadow, trials)
                    : History.NONE;
            List<ConsumerVerdict> consumers = readers.entrySet().stream()
                    .map(reader -> new ConsumerVerdict(
                            reader.getKey(),
                            new ConsumerGate(reader.getKey(), reader.getValue())
                                    .breaches(before, port).stream()
                                            .map(Breach::message)
                                            .toList(),
                            trials.stream()
                                    .filter(trial -> trial.consumer().equals(reader.getKey()))
                                    .flatMap(trial -> trial.offences(this::shown).stream())
                                    .toList(),
                            unchecked.getOrDefault(reader.getKey(), List.of())))
                    .toList();
            return new PortVerdict(
                    port.address(),
                    product.product(),
                    history,
                    breaches(),
                    consumers,
                    undeclared(catalog, port.address()));
        }

        /** Towards every version in the registry, and everything else that the catalogue says of it. */
        private List<String> breaches() {
            List<String> breaches = new ArrayList<>();
            PortAddress address = PortAddress.of(port.address());
            schema(port.records()).ifPresent(schema -> {
                try {
                    registry.broken(address.valueSubject(), schema, Compatibility.FULL_TRANSITIVE)
                            .forEach(one -> breaches.add("port " + address + ": " + one));
                } catch (IncompatibleSchemaException noAvro) {
                    breaches.add("port " + address + ": " + noAvro.getMessage());
                }
            });
            if (before != null) {
                ReleaseGate.terms(new ReleasedPort(DEPLOYED, before), port).stream()
                        .map(Breach::message)
                        .forEach(breaches::add);
            }
            return breaches;
        }

        private List<ConsumerTrial> trials(
                Map<String, InputDescription> readers, boolean ofCandidate, Map<String, List<String>> unchecked) {
            @Nullable
            Schema written = ofCandidate ? null : schema(port.records()).orElse(null);
            List<ConsumerTrial> trials = new ArrayList<>();
            readers.forEach((consumer, needs) -> {
                Optional<Schema> reader = schema(needs.needs());
                if (reader.isEmpty() || (written == null && !ofCandidate)) {
                    unchecked.put(consumer, List.of("its schema does not stand in the catalogue"));
                    return;
                }
                try {
                    ConsumerTrial trial = ConsumerTrial.of(consumer, needs, reader.get(), written, registry);
                    unchecked.put(consumer, trial.unchecked());
                    trials.add(trial);
                } catch (DeclarationException ofAnotherVersion) {
                    unchecked.put(
                            consumer,
                            List.of("what it publishes of its needs cannot be read here: "
                                    + ofAnotherVersion.getMessage()));
                }
            });
            return trials;
        }

        private History read(Optional<String> shadow, List<ConsumerTrial> trials) {
            HistoryTrial trial = new HistoryTrial(settings.client(), registry);
            return shadow.map(topic -> trial.ofCandidate(port.address(), topic, trials))
                    .orElseGet(() ->
                            trial.ofPort(port.address(), schema(port.records()).orElseThrow(), trials));
        }

        /** What a candidate of this build writes in place of the port. */
        private Optional<String> shadow(How how) {
            Stream<Integer> numbers = how.generation().isPresent()
                    ? Stream.of(how.generation().getAsInt())
                    : catalog.product(product.name()).stream()
                            .flatMap(FoundProduct::generations)
                            .filter(one -> !one.isServing()
                                    && one.build() != null
                                    && Objects.equals(
                                            one.build(), product.software().build()))
                            .map(one -> one.number());
            return numbers.map(number -> new Generation(product.name(), number).shadowOf(port.address()))
                    .filter(topics::contains)
                    .findFirst();
        }

        private String shown(ConsumerRecord<byte[], byte[]> record) {
            List<Schema> schemas = new ArrayList<>();
            schema(port.records()).ifPresent(schemas::add);
            if (before != null) {
                schema(before.records()).ifPresent(schemas::add);
            }
            return ShownKey.of(record.key(), port.records(), schemas);
        }
    }

    static Optional<Schema> schema(RecordDescription records) {
        try {
            return Optional.ofNullable(records.schema()).map(text -> SchemaFormats.parse(List.of(), text));
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        admin.close();
        registry.close();
        discovery.close();
    }
}
