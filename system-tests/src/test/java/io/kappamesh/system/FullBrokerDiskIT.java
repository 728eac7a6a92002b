package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.fixture.SmallDisk;
import io.kappamesh.ingest.IngestReport;
import io.kappamesh.ingest.PortIngest;
import io.kappamesh.settings.Settings;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disk of the only broker is full while an archive is ingested: the ingest waits, or ends clearly, and goes on when there is room and the broker runs again; every row stands in the topic once. */
@Timeout(600)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class FullBrokerDiskIT {
    private static final int ROWS = 400_000;
    /** In KiB: more than an empty broker needs, and less than the rows do. */
    private static final int SMALL = 20_480;

    private static final int LARGE = 524_288;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void ingestWaitsForABrokerWhoseDiskIsFull(int writers) throws Exception {
        try (SmallDisk disk = SmallDisk.mountOrSkip(SMALL);
                LocalRegistry registry = LocalRegistry.builder().start();
                LocalKafka kafka = start(disk)) {
            Path file = archive();
            try (PortIngest<GenericRecord> ingest = ingest(kafka, registry, file, writers, Map.of())) {
                FutureTask<IngestReport> running = new FutureTask<>(ingest::run);
                Thread thread = new Thread(running, "ingest");
                thread.setDaemon(true);
                thread.start();
                awaitFull(kafka);
                await().atMost(TIMEOUT)
                        .until(() ->
                                running.isDone() || ingest.progress().trouble().isPresent());
                assertThat(running.isDone()).isFalse();
                assertThat(ingest.progress().rows()).isBetween(1L, ROWS - 1L);

                disk.resize(LARGE);
                kafka.start(1);

                IngestReport report = running.get();
                assertThat(report.isComplete()).isTrue();
                assertThat(report.rows()).isEqualTo(ROWS);
            }
            ArchivedFacts.assertEachOnce(kafka, ROWS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void ingestEndsWhenABrokerStaysAwayAndTheNextOneGoesOn(int writers) throws Exception {
        try (SmallDisk disk = SmallDisk.mountOrSkip(SMALL);
                LocalRegistry registry = LocalRegistry.builder().start();
                LocalKafka kafka = start(disk)) {
            Path file = archive();
            try (PortIngest<GenericRecord> ingest =
                    ingest(kafka, registry, file, writers, Map.of("mesh.platform.timeout", "PT5S"))) {
                assertThatThrownBy(ingest::run)
                        .hasMessageContaining("start the ingest again: it goes on where it was committed")
                        .asInstanceOf(type(LifecycleException.class))
                        .extracting(LifecycleException::exitCode)
                        .isEqualTo(ExitCode.PLATFORM);
            }
            awaitFull(kafka);

            disk.resize(LARGE);
            kafka.start(1);

            try (PortIngest<GenericRecord> ingest = ingest(kafka, registry, file, writers, Map.of())) {
                assertThat(ingest.run().rows()).isEqualTo(ROWS);
            }
            ArchivedFacts.assertEachOnce(kafka, ROWS);
        }
    }

    private static LocalKafka start(SmallDisk disk) throws Exception {
        LocalKafka kafka =
                LocalKafka.builder().directory(disk.path().resolve("kafka")).start();
        ArchivedFacts.provision(kafka);
        return kafka;
    }

    /** A broker ends when none of its directories can be written. */
    private static void awaitFull(LocalKafka kafka) {
        await().atMost(TIMEOUT).until(() -> !kafka.process(1).isAlive());
    }

    /** Texts that cannot be compressed by much. */
    private Path archive() throws Exception {
        Random random = new Random(7);
        byte[] text = new byte[150];
        StringBuilder rows = new StringBuilder("id,text,at\n");
        for (int number = 0; number < ROWS; number++) {
            for (int at = 0; at < text.length; at++) {
                text[at] = (byte) ('0' + random.nextInt(64));
                text[at] = text[at] == '\\' ? (byte) 'z' : text[at];
            }
            rows.append(number)
                    .append(',')
                    .append(new String(text, StandardCharsets.US_ASCII))
                    .append(',')
                    .append(Instant.ofEpochSecond(number))
                    .append('\n');
        }
        return Files.writeString(folder.resolve("facts.csv"), rows);
    }

    private static PortIngest<GenericRecord> ingest(
            LocalKafka kafka, LocalRegistry registry, Path file, int writers, Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.put("bootstrap.servers", kafka.bootstrapServers());
        values.put("schema.registry.url", registry.url());
        return PortIngest.builder(Settings.of(values, Map.of()), ArchivedFacts.PRODUCT, ArchivedFacts.port("text"))
                .files(file.toString())
                .writers(writers)
                .transactionRows(5_000)
                .build();
    }
}
