package io.kappamesh.load;

import static io.kappamesh.load.LoadLab.SALE;
import static io.kappamesh.load.LoadLab.record;
import static io.kappamesh.load.LoadLab.sale;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.cut.Progress;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmCluster;
import io.kappamesh.fixture.PostgresServer;
import io.kappamesh.settings.Settings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A topic that has lost its end, as an unclean leader election leaves it, and has grown beyond it again. */
@Timeout(120)
class LostEndIT {
    private static final String PORT = "lost.sales.v1";
    private static final int NODE = 1;
    private static final int BATCH_HEADER_BYTES = Long.BYTES + Integer.BYTES;

    @TempDir
    Path state;

    @Test
    void endThatWasLostAndHasGrownAgainIsNoticed() throws Exception {
        InJvmCluster cluster = InJvmCluster.combined(Map.of(), Map.of("offsets.topic.replication.factor", "1"));
        try (FakeRegistry registry = new FakeRegistry();
                PostgresServer postgres = PostgresServer.startOrSkip()) {
            Map<String, Object> client = Map.of("bootstrap.servers", cluster.bootstrapServers());
            Path log;
            try (Admin admin = Admin.create(client)) {
                admin.createTopics(
                                List.of(new NewTopic(PORT, 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                        .all()
                        .get();
                log = Path.of(admin.describeLogDirs(List.of(NODE))
                                .allDescriptions()
                                .get()
                                .get(NODE)
                                .keySet()
                                .iterator()
                                .next())
                        .resolve(PORT + "-0");
            }
            int id = registry.register(PORT + "-value", SALE);
            PortLoaderBuilder loader = PortLoader.builder(
                            Settings.of(
                                    Map.of(
                                            "bootstrap.servers", cluster.bootstrapServers(),
                                            "schema.registry.url", registry.url(),
                                            "mesh.state.dir", state.toString()),
                                    Map.of()),
                            PORT)
                    .jdbc(postgres.url());
            write(client, id, 1);
            load(loader);

            cluster.stop(NODE);
            loseAllBatchesBut(log, 6);
            cluster.start(NODE);
            write(client, id, 2);

            assertThatThrownBy(() -> load(loader))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContainingAll(
                            "partition 0 was loaded up to 10", "other records from 6 on", "mesh reload " + PORT);
            loader.reload(false, Progress.SILENT);
            load(loader);
            assertThat(loader.verify(Progress.SILENT).isComplete()).isTrue();
            assertThat(postgres.value("SELECT count(*) FROM lost.sales WHERE round = 2"))
                    .isEqualTo("10");
        } finally {
            cluster.close();
        }
    }

    /** Ten records in a batch each. */
    private static void write(Map<String, Object> client, int id, int round) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 10; i++) {
                String key = "s" + round + "-" + i;
                producer.send(record(PORT, key, sale(id, key, null, i, round))).get();
            }
        }
    }

    private static void load(PortLoaderBuilder builder) {
        try (PortLoader loader = builder.build()) {
            assertThat(loader.loadToEnd()).isTrue();
        }
    }

    private static void loseAllBatchesBut(Path log, int kept) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(log)) {
            files = all.toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.endsWith(".log")) {
                truncate(file, kept);
            } else if (name.endsWith("index") || name.endsWith(".snapshot")) {
                // The broker makes them anew of what is in the log.
                Files.delete(file);
            }
        }
    }

    private static void truncate(Path segment, int batches) throws IOException {
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = 0;
            for (int i = 0; i < batches; i++) {
                ByteBuffer header = ByteBuffer.allocate(BATCH_HEADER_BYTES);
                file.read(header, end);
                end += BATCH_HEADER_BYTES + header.getInt(Long.BYTES);
            }
            file.truncate(end);
        }
    }
}
