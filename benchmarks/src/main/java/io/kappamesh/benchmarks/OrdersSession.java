package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.arm.Job;
import io.kappamesh.benchmarks.arm.Measurement;
import io.kappamesh.benchmarks.arm.PlacedOrders;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.sales.SalesProducts;
import io.kappamesh.settings.Settings;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** A broker and a registry, each in a process of its own, with the order events in the source of {@code sales}. */
final class OrdersSession implements Benchmark.Session {
    private static final int BROKER_HEAP_MEBIBYTES = 768;
    private static final int PARTITIONS = 4;
    private static final long GLANCE_MILLIS = 50;

    private final BenchOptions options;
    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final Admin admin;
    private Rows expected = Rows.NONE;

    private OrdersSession(BenchOptions options) {
        this.options = options;
        // Each arm deletes what the one before has written: what is deleted should be gone before the next begins.
        kafka = LocalKafka.builder()
                .heapMebibytes(BROKER_HEAP_MEBIBYTES)
                .property("log.segment.delete.delay.ms", "100")
                .start();
        try {
            registry = LocalRegistry.builder().start();
        } catch (RuntimeException failed) {
            kafka.close();
            throw failed;
        }
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
    }

    static OrdersSession start(BenchOptions options) throws InterruptedException, ExecutionException {
        OrdersSession session = new OrdersSession(options);
        try {
            session.load();
            return session;
        } catch (RuntimeException | InterruptedException | ExecutionException failed) {
            session.close();
            throw failed;
        }
    }

    private void load() throws InterruptedException, ExecutionException {
        Settings settings = Settings.of(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "schema.registry.url", registry.url()), Map.of());
        MeshRuntime.provision(settings, List.of(SalesProducts.orders(), PlacedOrders.product()));
        try (SchemaRegistry schemas = SchemaRegistry.connect(settings.registry())) {
            expected = OrderEvents.load(kafka.bootstrapServers(), schemas, options.scale());
        }
        clear();
    }

    @Override
    public Measurement run(Arm arm) throws InterruptedException, ExecutionException {
        if (!arm.ours()) {
            // Retention and segments go by the events' own times, which are of years ago.
            admin.createTopics(List.of(new NewTopic(arm.output(), PARTITIONS, (short) 1)
                            .configs(Map.of(
                                    TopicConfig.RETENTION_MS_CONFIG,
                                    "-1",
                                    TopicConfig.SEGMENT_MS_CONFIG,
                                    Long.toString(Long.MAX_VALUE)))))
                    .all()
                    .get();
        }
        Measurement measurement = ArmProcess.run(
                arm,
                options,
                directory -> new Job(
                        kafka.bootstrapServers(),
                        registry.url(),
                        expected.count(),
                        expected.count() / 3,
                        options.scale(),
                        directory));
        Rows found = Rows.of(kafka.bootstrapServers(), arm.output());
        if (!found.equals(expected)) {
            throw new BenchException(
                    "arm " + arm.name() + " wrote other orders than it has to: " + found + " in place of " + expected);
        }
        clear();
        return measurement;
    }

    /** Deletes everything but the source, so that each arm begins with the same. */
    private void clear() throws InterruptedException, ExecutionException {
        admin.deleteConsumerGroups(groups()).all().get();
        admin.deleteTopics(written()).all().get();
        while (!written().isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
        }
    }

    private Set<String> written() throws InterruptedException, ExecutionException {
        return admin.listTopics().names().get().stream()
                .filter(topic -> !topic.equals(SalesPorts.ORDER_EVENTS.topic()))
                .collect(Collectors.toSet());
    }

    private List<String> groups() throws InterruptedException, ExecutionException {
        return admin.listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .toList();
    }

    @Override
    public void close() {
        admin.close();
        registry.close();
        kafka.close();
    }
}
