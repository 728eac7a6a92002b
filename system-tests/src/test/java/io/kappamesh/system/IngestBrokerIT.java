package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.ingest.IngestReport;
import io.kappamesh.ingest.PortIngest;
import io.kappamesh.settings.Settings;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is killed and started again while an archive is ingested: the ingest waits, goes on, and every row stands in the topic once. */
@Timeout(600)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class IngestBrokerIT {
    private static final int ROWS = 200_000;
    private static final int KILLS = Integer.getInteger("mesh.broker.kills", 4);
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void everyRowIsThereOnceHoweverOftenTheBrokerDies() throws Exception {
        StringBuilder rows = new StringBuilder("id,at\n");
        for (int number = 0; number < ROWS; number++) {
            rows.append(number)
                    .append(',')
                    .append(Instant.ofEpochSecond(number))
                    .append('\n');
        }
        Path file = Files.writeString(folder.resolve("facts.csv"), rows);
        try (LocalKafka kafka = LocalKafka.builder().start();
                LocalRegistry registry = LocalRegistry.builder().start()) {
            ArchivedFacts.provision(kafka);
            Settings settings = Settings.of(
                    Map.of("bootstrap.servers", kafka.bootstrapServers(), "schema.registry.url", registry.url()),
                    Map.of());
            try (PortIngest<GenericRecord> ingest = PortIngest.builder(
                            settings, ArchivedFacts.PRODUCT, ArchivedFacts.port())
                    .files(file.toString())
                    .transactionRows(700)
                    .throttle(10_000)
                    .build()) {
                FutureTask<IngestReport> running = new FutureTask<>(ingest::run);
                new Thread(running, "ingest").start();
                int broker = kafka.brokerIds().iterator().next();
                for (int kill = 1; kill <= KILLS; kill++) {
                    long reached = (long) kill * ROWS / (KILLS + 1);
                    await().atMost(TIMEOUT)
                            .until(() -> running.isDone() || ingest.progress().rows() >= reached);
                    assertThat(running.isDone()).isFalse();
                    kafka.kill(broker);
                    kafka.start(broker);
                }

                IngestReport report = running.get();

                assertThat(report.isComplete()).isTrue();
                assertThat(report.written().stream().mapToLong(one -> one).sum())
                        .isEqualTo(ROWS);
            }
            ArchivedFacts.assertEachOnce(kafka, ROWS);
        }
    }
}
