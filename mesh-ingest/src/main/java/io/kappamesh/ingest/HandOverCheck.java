package io.kappamesh.ingest;

import io.kappamesh.archive.ArchiveRow;
import io.kappamesh.archive.ArchiveRows;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.handover.HandOverProof;
import io.kappamesh.position.Ingested;
import io.kappamesh.row.JudgedRow;
import io.kappamesh.row.PlannedFile;
import io.kappamesh.row.RowJudge;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;

/** Reads an archive for a proof of the hand-over. For one thread. */
final class HandOverCheck<V extends IndexedRecord> {
    private final IngestOptions<V> options;
    private final IngestMeters meters;
    private final CountDownLatch stop;

    HandOverCheck(IngestOptions<V> options, IngestMeters meters, CountDownLatch stop) {
        this.options = options;
        this.meters = meters;
        this.stop = stop;
    }

    /**
     * Each content once. Only an ingest with the same hand-over leaves it to live writers to have the rest: after any other, the archive would be compared with itself.
     *
     * @param topic of the port, as it is now
     * @throws LifecycleException when a file is not ingested to its end, and in that way
     */
    List<ArchiveFile> ingested(List<ArchiveFile> files, Ingested known, TopicDescription topic)
            throws InterruptedException {
        IngestPlan plan = IngestPlan.of(
                options.where(),
                new FileSurvey<>(options, meters, stop).of(files, new Ingested(Map.of(), Map.of())),
                known,
                options.handOver(),
                topic.topicId().toString(),
                topic.partitions().size());
        if (!plan.toDo().isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    plan.toDo().stream()
                            .map(file -> options.where() + "file " + file.file().name() + ": "
                                    + (file.begun().rows() == 0
                                            ? "is not ingested"
                                            : "only " + file.begun().rows() + " of its rows are ingested")
                                    + "; ingest it with this hand-over")
                            .collect(Collectors.joining("\n")));
        }
        return plan.done().stream().map(PlannedFile::file).toList();
    }

    /** @param files each content once */
    void readArchive(List<ArchiveFile> files, HandOverProof proof) throws InterruptedException {
        RowJudge<V> judge = options.judge(0);
        meters.writing(files.stream().mapToLong(ArchiveFile::bytes).sum());
        long before = 0;
        for (ArchiveFile file : files) {
            try (ArchiveRows<V> rows = options.open(file, RowPosition.BEGINNING)) {
                for (ArchiveRow<V> row = rows.next(); row != null; row = rows.next()) {
                    requireNotStopped();
                    take(judge.judge(row), proof);
                    meters.read(before + rows.bytesRead());
                }
            }
            before += file.bytes();
        }
    }

    private void take(JudgedRow row, HandOverProof proof) {
        byte[] key = row.key();
        if (key == null) {
            proof.refused();
        } else {
            proof.row(key, row.time());
        }
        meters.committed(1, 0, key == null ? 1 : 0, 0);
    }

    /** Why brokers could not be asked, or a topic not be read. */
    static LifecycleException unread(String where, KafkaException failed) {
        Optional<String> refusal = Causes.refusal(failed);
        return new LifecycleException(
                refusal.isPresent() ? ExitCode.CONFIGURATION : ExitCode.PLATFORM,
                where + "archive and topic cannot be compared: " + refusal.orElseGet(() -> Causes.of(failed)),
                failed);
    }

    private void requireNotStopped() throws InterruptedException {
        if (stop.getCount() == 0) {
            throw new InterruptedException(options.where() + "stopped before everything was compared");
        }
    }
}
