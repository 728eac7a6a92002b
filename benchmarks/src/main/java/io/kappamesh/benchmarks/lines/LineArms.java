package io.kappamesh.benchmarks.lines;

import com.fasterxml.jackson.databind.MappingIterator;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.measure.Sample;
import io.kappamesh.ingest.PortIngest;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Order lines out of files into a topic: the first file warms up, the second is measured. Each has the same columns. Stateless. */
public final class LineArms {
    private static final long COMMIT_NANOS = Duration.ofSeconds(1).toNanos();

    /** What an ingest collects at most, if no more than a second is over. */
    private static final int COMMIT_ROWS = 500_000;

    private static final long COMMIT_BYTES = 64L << 20;

    private LineArms() {}

    /** Sends records that are ready-made, without transactions: what the clients can do if nothing has to be read. */
    public static Measurement ready(Job job) throws IOException {
        ReadyRecords warmUp = ready(job.directory().resolve("csv/a.csv"));
        ReadyRecords rest = ready(job.directory().resolve("csv/b.csv"));
        AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(job, Map.of())) {
            send(producer, warmUp, refused);
            Sample begin = Sample.now();
            send(producer, rest, refused);
            Sample end = Sample.now();
            require(refused);
            return begin.until(end, rest.size());
        }
    }

    /** Reads, decodes and encodes the same files, and sends without transactions: what a program does that may not fail. */
    public static Measurement plain(Job job, String format) throws IOException {
        AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(job, Map.of())) {
            copyPlainly(producer, job, format, "a", refused);
            Sample begin = Sample.now();
            copyPlainly(producer, job, format, "b", refused);
            Sample end = Sample.now();
            require(refused);
            return begin.until(end, job.records() - job.warmUp());
        }
    }

    private static void copyPlainly(
            KafkaProducer<byte[], byte[]> producer,
            Job job,
            String format,
            String name,
            AtomicReference<@Nullable Exception> refused)
            throws IOException {
        AvroEncoder<GenericRecord> encoder = OrderLines.encoder();
        LinesByHand.read(job.directory(), format, name, line -> send(producer, record(line, encoder), refused));
        producer.flush();
    }

    private static ReadyRecords ready(Path file) throws IOException {
        AvroEncoder<GenericRecord> encoder = OrderLines.encoder();
        ReadyRecords records = new ReadyRecords(OrderLines.PORT.topic());
        try (MappingIterator<String[]> lines = LinesByHand.csv(Files.newInputStream(file))) {
            while (lines.hasNext()) {
                records.add(record(OrderLines.of(lines.next()), encoder));
            }
        }
        return records;
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            ReadyRecords records,
            AtomicReference<@Nullable Exception> refused) {
        records.forEach(record -> send(producer, record, refused));
        producer.flush();
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> record,
            AtomicReference<@Nullable Exception> refused) {
        var unused = producer.send(record, (metadata, failed) -> {
            if (failed != null) {
                refused.compareAndSet(null, failed);
            }
        });
    }

    private static void require(AtomicReference<@Nullable Exception> refused) {
        Exception failed = refused.get();
        if (failed != null) {
            throw new IllegalStateException("a record was not taken", failed);
        }
    }

    /** What a program by hand does: Jackson's reader of CSV, Avro, a transaction a second; it checks nothing and knows no positions. */
    public static Measurement byHand(Job job) throws IOException {
        AvroEncoder<GenericRecord> encoder = OrderLines.encoder();
        try (KafkaProducer<byte[], byte[]> producer =
                producer(job, Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "bench.lines.by-hand"))) {
            producer.initTransactions();
            copy(producer, encoder, job.directory().resolve("csv/a.csv"));
            Sample begin = Sample.now();
            copy(producer, encoder, job.directory().resolve("csv/b.csv"));
            return begin.until(Sample.now(), job.records() - job.warmUp());
        }
    }

    private static void copy(KafkaProducer<byte[], byte[]> producer, AvroEncoder<GenericRecord> encoder, Path file)
            throws IOException {
        AtomicReference<@Nullable Exception> refused = new AtomicReference<>();
        try (MappingIterator<String[]> lines = LinesByHand.csv(Files.newInputStream(file))) {
            while (lines.hasNext()) {
                producer.beginTransaction();
                long due = System.nanoTime() + COMMIT_NANOS;
                long bytes = 0;
                for (int row = 0;
                        row < COMMIT_ROWS && bytes < COMMIT_BYTES && System.nanoTime() < due && lines.hasNext();
                        row++) {
                    ProducerRecord<byte[], byte[]> record = record(OrderLines.of(lines.next()), encoder);
                    bytes += record.value().length;
                    send(producer, record, refused);
                }
                producer.commitTransaction();
            }
        }
        require(refused);
    }

    private static ProducerRecord<byte[], byte[]> record(GenericRecord line, AvroEncoder<GenericRecord> encoder) {
        return new ProducerRecord<>(
                OrderLines.PORT.topic(),
                null,
                ((Instant) line.get("placedAt")).toEpochMilli(),
                line.get(0).toString().getBytes(StandardCharsets.UTF_8),
                encoder.encode(line));
    }

    private static KafkaProducer<byte[], byte[]> producer(Job job, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                job.bootstrapServers(),
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                20,
                ProducerConfig.BATCH_SIZE_CONFIG,
                256 * 1024,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                64L << 20,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4"));
        config.putAll(more);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** What a domain's own program does with this library, from the first look at the file to the report. */
    public static Measurement ingest(Job job, String format) throws InterruptedException {
        Path files = job.directory().resolve(format);
        long unused = run(job, files + "/a.*");
        Sample begin = Sample.now();
        long rows = run(job, files + "/b.*");
        return begin.until(Sample.now(), rows);
    }

    private static long run(Job job, String files) throws InterruptedException {
        Settings settings = Settings.of(
                Map.of("bootstrap.servers", job.bootstrapServers(), "schema.registry.url", job.registryUrl()),
                Map.of());
        try (PortIngest<GenericRecord> ingest = PortIngest.builder(settings, OrderLines.PRODUCT, OrderLines.PORT)
                .files(files)
                .build()) {
            return ingest.run().rows();
        }
    }
}
