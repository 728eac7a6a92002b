package io.kappamesh.ingest;

import io.kappamesh.archive.ArchiveFormat;
import io.kappamesh.archive.ArchiveRows;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.brokers.WriterFaults;
import io.kappamesh.contract.KeyRule;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.row.RowJudge;
import io.kappamesh.settings.Settings;
import io.kappamesh.writers.IngestStep;
import io.kappamesh.writers.Pace;
import io.kappamesh.writers.WriteTarget;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * How an archive is ingested.
 *
 * @param settings of the platform
 * @param product whose dead letters take what is refused
 * @param port that the records are for
 * @param key what the key of each record is
 * @param files which, and how they are written
 * @param handOver from which event time on rows belong to the live topic; null = none does
 * @param pace how fast, and in what transactions
 * @param steps is told of each step, and which writer has reached it
 */
record IngestOptions<V extends IndexedRecord>(
        Settings settings,
        ProductName product,
        SourcePort<V> port,
        KeyRule<V> key,
        Files files,
        @Nullable Instant handOver,
        Pace pace,
        BiConsumer<Integer, IngestStep> steps) {

    /**
     * Which files, and how they are written.
     *
     * @param given names, directories and globs
     * @param format empty = as their names say
     * @param byTime whether they are merged by event time
     * @param takesExpired whether rows are written that are older than the topic keeps records
     */
    record Files(java.util.List<String> given, Optional<ArchiveFormat> format, boolean byTime, boolean takesExpired) {
        ArchiveFormat formatOf(ArchiveFile file) {
            return format.or(() -> ArchiveFormat.ofName(file.name()))
                    .orElseThrow(() -> file.wrong("its name does not say its format; say it"));
        }
    }

    PortAddress address() {
        return port.address();
    }

    ArchiveRows<V> open(ArchiveFile file, RowPosition from) {
        return files.formatOf(file)
                .open(file, port.contract().type(), port.contract().schema(), from);
    }

    /**
     * What makes records of rows.
     *
     * @param schemaId of the port's schema
     */
    RowJudge<V> judge(int schemaId) {
        return new RowJudge<>(
                port,
                key,
                schemaId,
                files.format().map(ArchiveFormat::checksValues).orElse(true));
    }

    /** Where rows are written: tells of it what is committed, and steps who asked for them. */
    WriteTarget target(int partitions, IngestMeters meters) {
        return new WriteTarget(
                address(), port.topic(), partitions, product, handOver, pace, new IngestLog(meters, steps));
    }

    WriterFaults faults() {
        return new WriterFaults(where(), "ingest");
    }

    /** What messages begin with. */
    String where() {
        return "port " + port.address() + ": ";
    }
}
