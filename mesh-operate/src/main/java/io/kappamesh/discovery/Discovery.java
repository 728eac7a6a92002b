package io.kappamesh.discovery;

import io.kappamesh.access.Authorizer;
import io.kappamesh.brokers.AdminCall;
import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.catalog.CatalogEraser;
import io.kappamesh.catalog.CatalogSnapshot;
import io.kappamesh.catalog.CatalogTopic;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.RetiredPort;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.Attempt;
import io.kappamesh.status.ProductRecords;
import java.time.Clock;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * Finds the products of all domains on some brokers, and what they publish. It needs no code of any domain, and nothing of it is kept. One
 * thread at a time. What cannot be done throws {@link LifecycleException}, with what to do next.
 */
public final class Discovery implements AutoCloseable {
    private final Settings settings;
    private final Admin admin;
    private final SchemaRegistry registry;
    private final Clock clock;

    private Discovery(Settings settings, Clock clock) {
        this.settings = settings;
        this.admin = LazyAdmin.of(settings.admin());
        this.registry = SchemaRegistry.connect(settings.registry());
        this.clock = clock;
    }

    /** Connects when it is first needed. */
    public static Discovery connect(Settings settings) {
        return Attempt.at("brokers " + settings.bootstrapServers(), () -> new Discovery(settings, Clock.systemUTC()));
    }

    /** All products that stand in a catalogue, and who reads their ports. */
    public Catalog catalog() {
        return Attempt.at("the catalogues on " + settings.bootstrapServers(), () -> catalog(snapshot()));
    }

    /**
     * The consumer groups that brokers show to whoever asks.
     *
     * @param active the topics that are assigned to the members of each group that has members
     * @param idle the groups that have none
     * @param unclear the groups of which that does not tell what they read: they are rebalancing, of a type that is not described here, or
     *     brokers do not describe them to whoever asks
     */
    public record Groups(NavigableMap<String, Set<String>> active, Set<String> idle, Set<String> unclear) {
        public Groups {
            active = new TreeMap<>(active);
            idle = Set.copyOf(idle);
            unclear = Set.copyOf(unclear);
        }
    }

    /**
     * Products and groups at one moment.
     *
     * @param catalog made of these groups
     * @param groups those that there are
     */
    public record Seen(Catalog catalog, Groups groups) {}

    /** The products that stand in a catalogue, and the consumer groups that there are; groups are listed once for both. */
    public Seen seen() {
        return Attempt.at("the catalogues and groups on " + settings.bootstrapServers(), () -> {
            ReadingGroups now = ReadingGroups.of(admin);
            return new Seen(
                    Catalog.of(snapshot(), now, clock.instant()), new Groups(now.active(), now.idle(), now.unclear()));
        });
    }

    private Catalog catalog(CatalogSnapshot there) throws ExecutionException, InterruptedException {
        return Catalog.of(there, ReadingGroups.of(admin), clock.instant());
    }

    private CatalogSnapshot snapshot() throws ExecutionException, InterruptedException {
        return CatalogSnapshot.read(
                admin,
                CatalogTopic.domains(AdminCall.ask(() -> admin.listTopics().names())),
                settings.client());
    }

    /** What was decided about the generations of products, as far as it can be read. */
    public ControlSnapshot decisions(Catalog catalog) {
        return Attempt.at("the control topics on " + settings.bootstrapServers(), () -> {
            Set<ProductName> there = ControlTopic.products(admin);
            return ControlSnapshot.read(
                    catalog.products().stream()
                            .map(FoundProduct::name)
                            .filter(there::contains)
                            .toList(),
                    settings.client());
        });
    }

    /**
     * Takes a product out of the catalogue that is not there any more.
     *
     * @throws LifecycleException if it does not stand there, or if it runs
     */
    public void forget(ProductName product) {
        Attempt.at("product " + product, () -> {
            CatalogSnapshot there = snapshot();
            FoundProduct found = catalog(there)
                    .product(product)
                    .orElseThrow(() -> new LifecycleException(
                            ExitCode.CONFIGURATION, "product " + product + ": does not stand in the catalogue"));
            if (found.running() || !found.processes().isEmpty()) {
                throw new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "product " + product + ": it runs (" + found.state()
                                + "), and would write itself into the catalogue again; stop its processes first");
            }
            CatalogEraser.erase(product, there, settings.client());
            return product;
        });
    }

    /** That the owner of a port has retired it; empty = not, or these credentials may not read what is decided in its domain. */
    public Optional<RetiredPort> retired(PortAddress port) {
        return Attempt.at("the products of " + port.domain(), () -> {
            try {
                return new ProductRecords(admin, settings)
                        .of(port.domain()).stream()
                                .flatMap(product -> product.retiredPort(port.toString()).stream())
                                .findFirst();
            } catch (LifecycleException | KafkaException notSeen) {
                return Optional.empty();
            }
        });
    }

    /**
     * The newest records of a port, without what is classified.
     *
     * @param most how many, at the most
     */
    public List<SampledRecord> sample(OutputDescription port, int most) {
        return Attempt.at(
                "a sample of " + port.address(), () -> new PortSampler(settings.client(), registry).newest(port, most));
    }

    /** Whether there may be catalogues and groups of which brokers let this principal see nothing. */
    public boolean mayHide() {
        return Attempt.at("rights on the brokers", () -> Authorizer.of(admin).mayHide());
    }

    @Override
    public void close() {
        registry.close();
        admin.close();
    }
}
