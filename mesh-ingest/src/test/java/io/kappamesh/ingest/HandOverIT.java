package io.kappamesh.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.archive.Sale;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.handover.HandOverReport;
import io.kappamesh.handover.HandOverReport.Part;
import io.kappamesh.handover.HandOverReport.Verdict;
import io.kappamesh.writers.IngestStep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Archives that are compared with the live topic around the hand-over, on a real broker. */
@Timeout(120)
class HandOverIT {
    private static final Instant HAND_OVER = Instant.ofEpochSecond(800);

    @RegisterExtension
    static final IngestLab lab = new IngestLab();

    private static HandOverReport verify(PortIngestBuilder<?> archive) throws InterruptedException {
        try (PortIngest<?> ingest = archive.until(HAND_OVER).build()) {
            return ingest.verifyHandOver();
        }
    }

    /** An archive of 1,000 rows that hands over at the 800th, and live writers who have everything from then on; here they are another archive. */
    private static Path handedOver(String domain) throws Exception {
        lab.provision(domain);
        Path archive = lab.directory(domain);
        Path file = Sale.write(archive.resolve("all.csv"), IngestLab.csv(0, 1_000, 1));
        IngestLab.run(lab.ingest(domain, file).until(HAND_OVER));
        IngestLab.run(lab.ingest(domain, Sale.write(archive.resolve("live.csv"), IngestLab.csv(800, 1_200, 1))));
        assertThat(lab.records(domain)).hasSize(1_200);
        return file;
    }

    /** What the live writers have is told from the topic; here they are another archive. */
    @Test
    void handOverIsProvenByWhatArchiveAndLiveTopicBothHave() throws Exception {
        for (int liveFrom : new int[] {800, 803, 790}) {
            String domain = "proof-" + liveFrom;
            lab.provision(domain);
            Path archive = lab.directory(domain);
            Path file = Sale.write(archive.resolve("all.csv"), IngestLab.csv(0, 1_000, 1) + "broken\n");
            Path copy = Sale.write(archive.resolve("copy.csv.gz"), Sale.gzip(IngestLab.csv(0, 1_000, 1) + "broken\n"));
            Path live = Sale.write(archive.resolve("live.csv"), IngestLab.csv(liveFrom, 1_200, 1));
            IngestLab.run(lab.ingest(domain, file).until(HAND_OVER));
            IngestLab.run(lab.ingest(domain, live));
            lab.records(domain);

            HandOverReport found = verify(lab.ingest(domain, file, copy));

            assertThat(found.isProven()).as("%s", found).isEqualTo(liveFrom == 800);
            assertThat(found.sharedRows()).isEqualTo(200 - Math.max(0, liveFrom - 800));
            assertThat(found.keyRanges()).isEqualTo(IngestLab.PARTITIONS);
            assertThat(found.refused()).isOne();
            assertThat(found.parts().stream().mapToLong(Part::missing).sum())
                    .as("%s", found)
                    .isEqualTo(Math.max(0, liveFrom - 800));
            assertThat(found.parts().stream().anyMatch(part -> part.verdict() == Verdict.OVERLAP))
                    .isEqualTo(liveFrom < 800);
        }
        try (PortIngest<?> ingest =
                lab.ingest("proof-800", lab.directory("proof-800")).build()) {
            assertThatThrownBy(ingest::verifyHandOver).hasMessageContaining("no hand-over is declared");
        }
    }

    /** The topic has all of it, and nothing from a live writer. */
    @Test
    void archiveThatWasIngestedWithoutTheHandOverIsNotComparedWithItself() throws Exception {
        lab.provision("itself");
        Path archive = lab.directory("itself");
        Path file = Sale.write(archive.resolve("all.csv"), IngestLab.csv(0, 1_000, 1));
        Path more = Sale.write(archive.resolve("more.csv"), IngestLab.csv(1_000, 1_100, 1));
        IngestLab.run(lab.ingest("itself", file));

        assertThatThrownBy(() -> verify(lab.ingest("itself", file)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining(
                        "all.csv: was ingested without a hand-over, and now 1970-01-01T00:13:20Z is declared");
        assertThatThrownBy(() -> verify(lab.ingest("itself", more)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("more.csv: is not ingested; ingest it with this hand-over");
    }

    @Test
    void fileThatIsNotIngestedToItsEndProvesNothing() throws Exception {
        lab.provision("begun");
        Path file = Sale.write(lab.directory("begun").resolve("all.csv"), IngestLab.csv(0, 1_000, 1));
        AtomicReference<PortIngest<?>> running = new AtomicReference<>();
        try (PortIngest<?> ingest = lab.ingest("begun", file)
                .until(HAND_OVER)
                .transactionRows(100)
                .commitEvery(Duration.ofSeconds(30))
                .steps(step -> {
                    if (step == IngestStep.COMMITTED) {
                        running.get().close();
                    }
                })
                .build()) {
            running.set(ingest);
            assertThat(ingest.run().files().get(0).rows()).isLessThan(1_000);
        }

        assertThatThrownBy(() -> verify(lab.ingest("begun", file)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("all.csv: only ")
                .hasMessageContaining(" rows are ingested; ingest it with this hand-over");
    }

    /** A live writer that was started twice. */
    @Test
    void recordsThatLiveWritersWroteTwiceAreAnOverlap() throws Exception {
        Path file = handedOver("twice");
        assertThat(verify(lab.ingest("twice", file)).isProven()).isTrue();
        List<ProducerRecord<byte[], byte[]>> again = lab.records("twice").stream()
                .filter(record -> record.timestamp() == 900_000)
                .map(record -> new ProducerRecord<>(record.topic(), record.key(), record.value()))
                .toList();

        lab.broker().writeAll(again);

        HandOverReport found = verify(lab.ingest("twice", file));
        assertThat(again).hasSize(1);
        assertThat(found.isProven()).isFalse();
        assertThat(found.parts().stream().filter(part -> part.verdict() == Verdict.OVERLAP))
                .singleElement()
                .satisfies(part -> assertThat(part.isLive()).isTrue());
    }

    @Test
    void rowsThatTheBrokersHaveDeletedAreNamedSo() throws Exception {
        Path file = handedOver("deleted");
        Map<TopicPartition, RecordsToDelete> first = new HashMap<>();
        for (int partition = 0; partition < IngestLab.PARTITIONS; partition++) {
            first.put(new TopicPartition("deleted.sales.v1", partition), RecordsToDelete.beforeOffset(5));
        }
        lab.broker().admin().deleteRecords(first).all().get();

        HandOverReport found = verify(lab.ingest("deleted", file));

        assertThat(found.isProven()).isFalse();
        assertThat(found.parts().stream().filter(part -> !part.isLive()))
                .hasSize(IngestLab.PARTITIONS)
                .allSatisfy(part -> {
                    assertThat(part.verdict()).isEqualTo(Verdict.DELETED);
                    assertThat(part.missing()).isBetween(1L, 5L);
                });
    }

    /** Live writers put there whatever they like. */
    @Test
    void recordsOfAPortThatIsKeyedByItsValuesAreComparedByThoseKeys() throws Exception {
        lab.provision("keyed");
        lab.provision("source");
        Path archive = lab.directory("keyed");
        Path file = Sale.write(archive.resolve("all.csv"), IngestLab.csv(0, 1_000, 1));
        Path live = Sale.write(archive.resolve("live.csv"), IngestLab.csv(800, 1_200, 1));
        EventSource<GenericRecord> port = SourcePort.events("keyed.sales.v1", GenericRecord.class)
                .schema(Sale.SCHEMA)
                .eventTime("at")
                .partitions(IngestLab.PARTITIONS)
                .describedAs("Sales whose records may have any key.")
                .build()
                .keyedBy("saleId");
        IngestLab.run(PortIngest.builder(lab.settings(), IngestLab.product("keyed"), port)
                .files(file.toString())
                .until(HAND_OVER));
        IngestLab.run(lab.ingest("source", live));
        lab.broker()
                .writeAll(lab.records("source").stream()
                        .map(record -> new ProducerRecord<>(
                                "keyed.sales.v1",
                                record.timestamp() % 2_000 == 0 ? null : "another".getBytes(StandardCharsets.UTF_8),
                                record.value()))
                        .toList());

        assertThat(verify(PortIngest.builder(lab.settings(), IngestLab.product("keyed"), port)
                                .files(file.toString()))
                        .isProven())
                .isTrue();
        HandOverReport byRecords = verify(lab.ingest("keyed", file));
        assertThat(byRecords.isProven()).isFalse();
        assertThat(byRecords.keyless()).isEqualTo(200);
        assertThat(byRecords.unreadable()).isZero();
    }

    @Test
    @SuppressWarnings("try") // closed by another thread, which stops it
    void registryThatIsAwayIsWaitedForUntilItIsBackOrNobodyWaitsAnyMore() throws Exception {
        Path file = handedOver("away");
        lab.registry().goDown();
        try (PortIngest<GenericRecord> stopped =
                        lab.ingest("away", file).until(HAND_OVER).build();
                PortIngest<GenericRecord> waiting =
                        lab.ingest("away", file).until(HAND_OVER).build()) {
            FutureTask<HandOverReport> first = new FutureTask<>(stopped::verifyHandOver);
            FutureTask<HandOverReport> second = new FutureTask<>(waiting::verifyHandOver);
            new Thread(first, "first").start();
            new Thread(second, "second").start();
            await().atMost(IngestLab.TIMEOUT)
                    .until(() -> Stream.of(stopped, waiting)
                            .allMatch(one -> one.progress().trouble().equals(Optional.of("the schema registry"))));

            stopped.close();
            assertThatThrownBy(first::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            lab.registry().comeUp();

            assertThat(second.get().isProven()).isTrue();
        } finally {
            lab.registry().comeUp();
        }
    }
}
