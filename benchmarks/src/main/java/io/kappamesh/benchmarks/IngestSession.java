package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.arm.Job;
import io.kappamesh.benchmarks.arm.Measurement;
import io.kappamesh.benchmarks.arm.OrderLines;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import io.kappamesh.stack.Workspace;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** A broker and a registry, each in a process of its own, and files of order lines. */
final class IngestSession implements Benchmark.Session {
    private static final int BROKER_HEAP_MEBIBYTES = 768;
    private static final int PARTITIONS = 4;
    private static final long GLANCE_MILLIS = 50;
    /** Retention and segments go by the lines' own times, which are of years ago. */
    private static final Map<String, String> FOR_EVER =
            Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1", TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Long.MAX_VALUE));

    private final BenchOptions options;
    private final Workspace workspace;
    private final LineFiles files;
    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final Admin admin;

    private IngestSession(BenchOptions options, Workspace workspace) throws IOException {
        this.options = options;
        this.workspace = workspace;
        this.files = LineFiles.write(workspace.path(), options.scale());
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

    static IngestSession start(BenchOptions options) throws IOException {
        Workspace workspace = Workspace.temporary("kappa-mesh-bench-files-");
        try {
            return new IngestSession(options, workspace);
        } catch (RuntimeException | IOException failed) {
            workspace.close();
            throw failed;
        }
    }

    @Override
    public Measurement run(Arm arm) throws InterruptedException, ExecutionException {
        admin.createTopics(List.of(
                        new NewTopic(arm.output(), PARTITIONS, (short) 1).configs(FOR_EVER),
                        new NewTopic(OrderLines.PRODUCT.deadLetterTopic(), 1, (short) 1).configs(FOR_EVER)))
                .all()
                .get();
        Measurement measurement = ArmProcess.run(
                arm,
                options,
                unused -> new Job(
                        kafka.bootstrapServers(),
                        registry.url(),
                        files.rows().count(),
                        files.warmUp(),
                        options.scale(),
                        workspace.path()));
        Rows found = Rows.of(kafka.bootstrapServers(), arm.output());
        if (!found.equals(files.rows())) {
            throw new BenchException("arm " + arm.name() + " wrote other lines than it has to: " + found
                    + " in place of " + files.rows());
        }
        clear();
        return measurement;
    }

    /** Deletes everything, so that each arm begins with the same. */
    private void clear() throws InterruptedException, ExecutionException {
        admin.deleteTopics(topics()).all().get();
        while (!topics().isEmpty()) {
            TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
        }
    }

    private Set<String> topics() throws InterruptedException, ExecutionException {
        return admin.listTopics().names().get();
    }

    @Override
    public void close() {
        admin.close();
        registry.close();
        kafka.close();
        workspace.close();
    }
}
