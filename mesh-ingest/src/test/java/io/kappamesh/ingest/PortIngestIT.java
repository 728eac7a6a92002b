package io.kappamesh.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.archive.Sale;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.ingest.IngestReport.FileReport;
import io.kappamesh.ingest.IngestReport.FileState;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.position.IngestTopic;
import io.kappamesh.position.SeenFile;
import io.kappamesh.writers.IngestStep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.file.CodecFactory;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an ingest makes of files, on a real broker. */
@Timeout(120)
class PortIngestIT {
    @RegisterExtension
    static final IngestLab lab = new IngestLab();

    @Test
    void filesOfAllFormatsAreMergedByEventTimeAndIngestedOnce() throws Exception {
        lab.provision("merged");
        Path archive = lab.directory("merged");
        Sale.write(archive.resolve("a.csv.gz"), Sale.gzip(IngestLab.csv(0, 3_000, 3)));
        StringBuilder json = new StringBuilder();
        for (int number = 1; number < 3_000; number += 3) {
            json.append("{\"saleId\":\"s" + number + "\",\"amount\":" + (1 + number % 900) + ".5,\"at\":\""
                    + Instant.ofEpochSecond(number) + "\"}\n");
        }
        Sale.write(archive.resolve("b.jsonl"), json.toString());
        Sale.write(
                archive.resolve("c.avro"),
                Sale.container(
                        Sale.FOREIGN,
                        IntStream.iterate(2, number -> number < 3_000, number -> number + 3)
                                .mapToObj(number -> Sale.foreign(
                                        "s" + number, number * 1000L, (1 + number % 900) * 10_000L + 5_000))
                                .toList(),
                        CodecFactory.deflateCodec(6)));
        Sale.write(archive.resolve("_SUCCESS"), "");

        IngestReport report = IngestLab.run(lab.ingest("merged", archive).transactionRows(700));

        lab.assertHolds("merged", 0, 3_000);
        assertThat(report.isComplete()).isTrue();
        assertThat(report.isNothingNew()).isFalse();
        assertThat(report.rows()).isEqualTo(3_000);
        assertThat(report.written().stream().mapToLong(one -> one).sum()).isEqualTo(3_000);
        for (int partition = 0; partition < IngestLab.PARTITIONS; partition++) {
            int at = partition;
            assertThat(lab.records("merged"))
                    .filteredOn(record -> record.partition() == at)
                    .hasSize(report.written().get(partition).intValue());
        }

        IngestReport again = IngestLab.run(lab.ingest("merged", archive));

        lab.assertHolds("merged", 0, 3_000);
        assertThat(again.isNothingNew()).isTrue();
        assertThat(again.written()).isEqualTo(report.written());
    }

    @Test
    void whatTheIntakeWouldRefuseGoesToTheDeadLettersWithFileAndRow() throws Exception {
        lab.provision("bad");
        String rows = IngestLab.csv(0, 2, 1)
                + "s2,0.00," + Instant.ofEpochSecond(2) + "\r\n" // breaks a promise
                + "s3,1.005," + Instant.ofEpochSecond(3) + "\n" // too many digits
                + "s4,1,yesterday\n" // no time
                + "\"s5,1," + Instant.ofEpochSecond(5) + "\n" // a quote that is never closed
                + "s6,1,1969-01-01T00:00:00Z\n" // before Kafka's time
                + IngestLab.line(2);
        Path file = Sale.write(lab.directory("bad").resolve("bad.csv"), rows);

        IngestCheck check;
        try (PortIngest<?> checking = lab.ingest("bad", file).build()) {
            check = checking.check();
        }

        assertThat(check.isClean()).isFalse();
        assertThat(check.problems()).isEmpty();
        assertThat(check.rows()).isEqualTo(8);
        assertThat(check.refused())
                .containsEntry("quality", 1L)
                .containsEntry("undecodable", 3L)
                .containsEntry("event-time", 1L);
        assertThat(check.examples()).extracting(IngestCheck.Example::row).containsExactly(3L, 4L, 5L, 6L, 7L);
        assertThat(lab.records("bad")).isEmpty();

        IngestReport report = IngestLab.run(lab.ingest("bad", file));

        lab.assertHolds("bad", 0, 3);
        assertThat(report.refused()).isEqualTo(5);
        List<DeadLetter> letters = lab.deadLetters("bad");
        assertThat(letters).extracting(DeadLetter::offset).containsExactly(3L, 4L, 5L, 6L, 7L);
        assertThat(letters).extracting(DeadLetter::partition).containsOnly(-1);
        assertThat(letters).extracting(DeadLetter::topic).containsOnly("bad.sales.v1");
        assertThat(letters)
                .extracting(DeadLetter::reason)
                .containsExactly(
                        Reason.QUALITY, Reason.UNDECODABLE, Reason.UNDECODABLE, Reason.UNDECODABLE, Reason.EVENT_TIME);
        assertThat(new String(letters.get(0).value(), StandardCharsets.UTF_8))
                .isEqualTo("s2,0.00,1970-01-01T00:00:02Z");
        assertThat(header(letters.get(3), "mesh.ingest.file")).isEqualTo(file.toString());
        assertThat(header(letters.get(3), "mesh.ingest.row")).isEqualTo("6");
    }

    private static String header(DeadLetter letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void filesAreKnownByTheirContent() throws Exception {
        lab.provision("known");
        Path archive = lab.directory("known");
        Path first = Sale.write(archive.resolve("first.csv"), IngestLab.csv(0, 100, 1));
        IngestLab.run(lab.ingest("known", archive + "/*.csv"));

        // Renamed, and copied; and the glob gains a file.
        Files.move(first, archive.resolve("renamed.csv"));
        Files.copy(archive.resolve("renamed.csv"), archive.resolve("same.csv"));
        Sale.write(archive.resolve("second.csv"), IngestLab.csv(100, 150, 1));
        IngestReport report = IngestLab.run(lab.ingest("known", archive + "/*.csv"));

        lab.assertHolds("known", 0, 150);
        assertThat(report.files())
                .extracting(FileReport::state)
                .containsExactly(FileState.ALREADY_INGESTED, FileState.SAME_CONTENT, FileState.INGESTED);
        assertThat(report.files().get(0).otherName()).contains(first.toString());

        // Changed: refused, and nothing of any file is written.
        Sale.write(archive.resolve("second.csv"), IngestLab.csv(100, 151, 1));
        Sale.write(archive.resolve("third.csv"), IngestLab.csv(151, 152, 1));
        assertThatThrownBy(() -> IngestLab.run(lab.ingest("known", archive + "/*.csv")))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("second.csv: was changed since 50 of its rows were ingested");
        lab.assertHolds("known", 0, 150);
    }

    /** What packs a file, and where it lies, is no part of what it says. */
    @Test
    void packedUnpackedAndMovedFilesAreTheSame() throws Exception {
        lab.provision("packed");
        Path archive = lab.directory("packed");
        String rows = IngestLab.csv(0, 100, 1);
        Path plain = Sale.write(archive.resolve("a.csv"), rows);
        IngestLab.run(lab.ingest("packed", archive));

        Files.delete(plain);
        Path moved = lab.directory("packed/moved");
        Sale.write(moved.resolve("b.csv.gz"), Sale.gzip(rows));
        Sale.write(
                moved.resolve("c.csv.zst"), com.github.luben.zstd.Zstd.compress(rows.getBytes(StandardCharsets.UTF_8)));
        IngestReport report = IngestLab.run(lab.ingest("packed", archive));

        lab.assertHolds("packed", 0, 100);
        assertThat(report.isNothingNew()).isTrue();
        assertThat(report.files())
                .extracting(FileReport::state)
                .containsExactly(FileState.ALREADY_INGESTED, FileState.SAME_CONTENT);
        assertThat(report.files().get(0).otherName()).contains(plain.toString());
    }

    /** The offset of the position counts what is unpacked, whatever packs it by then. */
    @Test
    void fileThatIsPackedWhileItIsBegunGoesOnWhereItWas() throws Exception {
        lab.provision("begun");
        Path archive = lab.directory("begun");
        String rows = IngestLab.csv(0, 40_000, 1);
        Path plain = Sale.write(archive.resolve("a.csv"), rows);
        java.util.concurrent.atomic.AtomicReference<PortIngest<?>> running =
                new java.util.concurrent.atomic.AtomicReference<>();
        try (PortIngest<?> ingest = lab.ingest("begun", archive)
                .transactionRows(1_000)
                .steps(step -> {
                    if (step == IngestStep.COMMITTED) {
                        running.get().close();
                    }
                })
                .build()) {
            running.set(ingest);
            // A transaction also ends by time, so that it may have had fewer rows than it may have.
            assertThat(ingest.run().files().get(0).rows()).isBetween(1L, 1_000L);
        }

        Files.delete(plain);
        Sale.write(archive.resolve("a.csv.gz"), Sale.gzip(rows));
        IngestReport report = IngestLab.run(lab.ingest("begun", archive));

        lab.assertHolds("begun", 0, 40_000);
        assertThat(report.files().get(0).rows()).isEqualTo(40_000);
        assertThat(report.files().get(0).otherName()).contains(plain.toString());
    }

    @Test
    void fileThatGrowsMeanwhileIsIngestedAsItWasAndSaidToHaveGrown() throws Exception {
        lab.provision("grows");
        Path file = Sale.write(lab.directory("grows").resolve("a.csv"), IngestLab.csv(0, 40_000, 1));
        java.util.concurrent.atomic.AtomicBoolean grown = new java.util.concurrent.atomic.AtomicBoolean();

        IngestReport report =
                IngestLab.run(lab.ingest("grows", file).transactionRows(1_000).steps(step -> {
                    if (step == IngestStep.COMMITTED && grown.compareAndSet(false, true)) {
                        append(file, IngestLab.line(40_000));
                    }
                }));

        lab.assertHolds("grows", 0, 40_000);
        assertThat(report.files().get(0).state().name()).isEqualTo("GROWN");
        assertThat(report.isComplete()).isFalse();
        assertThatThrownBy(() -> IngestLab.run(lab.ingest("grows", file)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("was changed since 40000 of its rows were ingested");
    }

    /** The last line may be half of one. */
    @Test
    void lastLineWithoutItsEndOfAFileThatGrowsIsNotWritten() throws Exception {
        lab.provision("half");
        // More than is read ahead, so that the end is read after the first commit.
        int whole = 150_000;
        String rows = IngestLab.csv(0, whole + 1, 1);
        Path file = Sale.write(lab.directory("half").resolve("a.csv"), rows.substring(0, rows.length() - 3));
        java.util.concurrent.atomic.AtomicBoolean grown = new java.util.concurrent.atomic.AtomicBoolean();

        assertThatThrownBy(() -> IngestLab.run(lab.ingest("half", file)
                        .transactionRows(1_007)
                        .steps(step -> {
                            if (step == IngestStep.COMMITTED && grown.compareAndSet(false, true)) {
                                append(file, rows.substring(rows.length() - 3) + IngestLab.line(whole + 1));
                            }
                        })))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("is being written")
                .hasMessageContaining("Row " + whole + " is the last that was read")
                .hasMessageEndingWith("Rows of it that are ingested: " + whole);
        lab.assertHolds("half", 0, whole);
        assertThat(lab.deadLetters("half")).isEmpty();
    }

    private static void append(Path file, String rows) {
        try {
            Files.writeString(file, rows, java.nio.file.StandardOpenOption.APPEND);
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    @Test
    void rowsThatBrokersWouldDeleteAtOnceAreRefusedBeforeAnythingIsWritten() throws Exception {
        lab.provision("old");
        lab.broker()
                .admin()
                .incrementalAlterConfigs(Map.of(
                        new org.apache.kafka.common.config.ConfigResource(
                                org.apache.kafka.common.config.ConfigResource.Type.TOPIC, "old.sales.v1"),
                        List.of(new org.apache.kafka.clients.admin.AlterConfigOp(
                                new org.apache.kafka.clients.admin.ConfigEntry("retention.ms", "604800000"),
                                org.apache.kafka.clients.admin.AlterConfigOp.OpType.SET))))
                .all()
                .get();
        Path file = Sale.write(lab.directory("old").resolve("a.csv"), IngestLab.csv(0, 10, 1));

        assertThatThrownBy(() -> IngestLab.run(lab.ingest("old", file)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("keeps records for 7 days");
        assertThat(lab.records("old")).isEmpty();
        assertThat(IngestLab.run(lab.ingest("old", file).allowExpired()).rows()).isEqualTo(10);
    }

    /** An archive of a terabyte is not read again for every file that it gains. */
    @Test
    void filesThatNobodyHasWrittenSinceAreNotReadAgain() throws Exception {
        lab.provision("seen");
        Path archive = lab.directory("seen");
        Path file = Sale.write(archive.resolve("a.csv"), IngestLab.csv(0, 100, 1));
        java.nio.file.attribute.FileTime written = Files.getLastModifiedTime(file);
        org.awaitility.Awaitility.await()
                .atMost(IngestLab.TIMEOUT)
                .until(() -> Instant.now().isAfter(written.toInstant().plusSeconds(3)));
        IngestLab.run(lab.ingest("seen", archive));

        // A commit returns before its records are visible.
        org.awaitility.Awaitility.await()
                .atMost(IngestLab.TIMEOUT)
                .untilAsserted(() -> assertThat(IngestTopic.seen(
                                        lab.broker().admin(),
                                        PortAddress.of("seen.sales.v1"),
                                        lab.settings().client())
                                .seen()
                                .values())
                        .singleElement()
                        .satisfies(seen -> {
                            assertThat(seen.path()).isEqualTo(file.toString());
                            assertThat(seen.stamp()).isNotEqualTo(SeenFile.NO_STAMP);
                        }));
        assertThat(IngestLab.run(lab.ingest("seen", archive)).isNothingNew()).isTrue();

        // Of the same size, and with the time put back, it is another file all the same.
        Sale.write(file, IngestLab.csv(0, 100, 1).replace("s99", "s77"));
        Files.setLastModifiedTime(file, written);
        assertThatThrownBy(() -> IngestLab.run(lab.ingest("seen", archive)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("was changed since 100 of its rows were ingested");
        lab.assertHolds("seen", 0, 100);
    }

    @Test
    void rowsFromTheHandOverOnAreLeftToTheLiveTopic() throws Exception {
        lab.provision("handover");
        Path file = Sale.write(lab.directory("handover").resolve("all.csv"), IngestLab.csv(0, 1_000, 1));
        Instant handOver = Instant.ofEpochSecond(800);

        IngestReport report = IngestLab.run(lab.ingest("handover", file).until(handOver));

        lab.assertHolds("handover", 0, 800);
        assertThat(report.live()).isEqualTo(200);
        assertThat(report.files().get(0).newest()).contains(Instant.ofEpochSecond(799));
        assertThatThrownBy(() -> IngestLab.run(lab.ingest("handover", file).until(handOver.plusSeconds(1))))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("up to the hand-over 1970-01-01T00:13:20Z");
        assertThat(IngestLab.run(lab.ingest("handover", file).until(handOver)).isNothingNew())
                .isTrue();
    }

    /** Names are misspelt; an ingest that waits for the topic would say so to nobody. */
    @Test
    void topicThatDoesNotExistEndsTheIngestWithWords() throws Exception {
        Path file = Sale.write(lab.directory("absent").resolve("a.csv"), IngestLab.csv(0, 10, 1));

        assertThatThrownBy(() -> IngestLab.run(lab.ingest("absent", file)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("topic absent.sales.v1 does not exist; provision the product that reads it");
    }

    @Test
    void brokenFileStopsBeforeAnythingIsWrittenAndTheOthersGoOnAfterwards() throws Exception {
        lab.provision("broken");
        Path archive = lab.directory("broken");
        Sale.write(archive.resolve("a.csv"), IngestLab.csv(0, 500, 1));
        byte[] whole = Sale.gzip(IngestLab.csv(500, 1_000, 1));
        Path cut = Sale.write(archive.resolve("b.csv.gz"), java.util.Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> IngestLab.run(lab.ingest("broken", archive)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("b.csv.gz: ")
                .hasMessageContaining("breaks off");
        assertThat(lab.records("broken")).isEmpty();

        Sale.write(cut, whole);
        IngestLab.run(lab.ingest("broken", archive));
        lab.assertHolds("broken", 0, 1_000);
    }

    @Test
    void filesThatAreNotSortedAreRefusedUnlessThatIsDeclared() throws Exception {
        lab.provision("unsorted");
        Path archive = lab.directory("unsorted");
        Path file = Sale.write(archive.resolve("a.csv"), IngestLab.csv(0, 300, 1) + "s5000,1.5,1970-01-01T00:00:01Z\n");

        try (PortIngest<?> checking = lab.ingest("unsorted", file).build()) {
            assertThat(checking.check().problems()).singleElement().asString().contains("row 301 has an earlier");
        }
        assertThatThrownBy(() -> IngestLab.run(lab.ingest("unsorted", file).transactionRows(100)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("row 301")
                .hasMessageContaining("--in-file-order");
        assertThat(lab.records("unsorted")).hasSize(300);
        IngestReport report = IngestLab.run(lab.ingest("unsorted", file).inFileOrder());

        assertThat(report.rows()).isEqualTo(301);
        assertThat(lab.records("unsorted")).hasSize(301);
    }

    @Test
    void throttleAndProgress() throws Exception {
        lab.provision("slow");
        Path file = Sale.write(lab.directory("slow").resolve("a.csv"), IngestLab.csv(0, 120, 1));
        try (PortIngest<?> ingest = lab.ingest("slow", file)
                .throttle(50)
                .commitEvery(Duration.ofMillis(10))
                .build()) {
            ingest.run();

            IngestProgress progress = ingest.progress();
            assertThat(progress.phase()).isEqualTo(IngestProgress.Phase.ENDED);
            assertThat(progress.rows()).isEqualTo(120);
            assertThat(progress.bytesRead()).isEqualTo(Files.size(file));
            // Two full seconds lie between the first 50 rows and the last 20.
            assertThat(progress.elapsed()).isGreaterThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void topicThatWasMadeAnewIsToldFromTheOneThatWasIngestedInto() throws Exception {
        lab.provision("anew");
        Path file = Sale.write(lab.directory("anew").resolve("a.csv"), IngestLab.csv(0, 10, 1));
        IngestLab.run(lab.ingest("anew", file));
        Uuid deleted = lab.broker().topicId("anew.sales.v1");
        lab.broker()
                .admin()
                .deleteTopics(List.of("anew.sales.v1", "anew.all.dead-letters"))
                .all()
                .get();
        lab.provision("anew");
        lab.broker().awaitTopic("anew.sales.v1", deleted);

        assertThatThrownBy(() -> IngestLab.run(lab.ingest("anew", file)))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("was deleted");
    }
}
