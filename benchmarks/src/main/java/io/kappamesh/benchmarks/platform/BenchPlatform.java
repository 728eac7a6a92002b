package io.kappamesh.benchmarks.platform;

import io.kappamesh.benchmarks.bench.Arm;
import io.kappamesh.benchmarks.bench.BenchOptions;
import io.kappamesh.benchmarks.data.BenchException;
import io.kappamesh.benchmarks.data.Rows;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.settings.Settings;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** A broker and a registry, each in a process of its own, for arms that run one after the other. For one thread. */
public final class BenchPlatform implements AutoCloseable {
    private static final int BROKER_HEAP_MEBIBYTES = 768;
    /** Of a topic, where nothing else is said. */
    public static final int PARTITIONS = 4;

    private static final long GLANCE_MILLIS = 50;
    /** Retention and segments go by the records' own times, which are of years ago. */
    private static final Map<String, String> FOR_EVER =
            Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1", TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Long.MAX_VALUE));

    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final Admin admin;

    private BenchPlatform() {
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

    public static BenchPlatform start() {
        return new BenchPlatform();
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    public String registryUrl() {
        return registry.url();
    }

    /** Of a program that sets nothing but where everything is. */
    public Settings settings() {
        return Settings.of(
                Map.of("bootstrap.servers", bootstrapServers(), "schema.registry.url", registryUrl()), Map.of());
    }

    /** Creates a topic of four partitions that keeps everything, for an arm that makes none itself. */
    public void createOutput(String topic) throws InterruptedException, ExecutionException {
        create(topic, PARTITIONS);
    }

    /** Creates a topic that keeps everything. */
    public void create(String topic, int partitions) throws InterruptedException, ExecutionException {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(FOR_EVER)))
                .all()
                .get();
    }

    /**
     * Runs an arm.
     *
     * @param records how many there are
     * @param warmUp how many of them do not count
     */
    public Measurement run(Arm arm, BenchOptions options, long records, long warmUp) {
        return ArmProcess.run(
                arm,
                options,
                directory -> new Job(bootstrapServers(), registryUrl(), records, warmUp, options.scale(), directory));
    }

    /** @throws BenchException unless the arm has written what it has to */
    public void requireOutput(Arm arm, Rows expected) {
        require(arm, expected, Rows.of(bootstrapServers(), arm.output()));
    }

    /** @throws BenchException unless what the arm has written last under each key is what it has to be */
    public void requireTable(Arm arm, Rows expected) {
        require(arm, expected, Rows.latestOf(bootstrapServers(), arm.output()));
    }

    private static void require(Arm arm, Rows expected, Rows found) {
        if (!found.equals(expected)) {
            throw new BenchException(
                    "arm " + arm.name() + " wrote other records than it has to: " + found + " in place of " + expected);
        }
    }

    /** Deletes all groups, and all topics but those that stay, so that each arm begins with the same. */
    public void clear(Predicate<String> stays) throws InterruptedException, ExecutionException {
        admin.deleteConsumerGroups(groups()).all().get();
        admin.deleteTopics(topics(stays.negate())).all().get();
        while (!topics(stays.negate()).isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
        }
    }

    private Set<String> topics(Predicate<String> which) throws InterruptedException, ExecutionException {
        return admin.listTopics().names().get().stream().filter(which).collect(Collectors.toSet());
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
