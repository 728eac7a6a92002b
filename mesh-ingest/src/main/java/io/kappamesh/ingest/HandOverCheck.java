package io.kappamesh.ingest;

import io.kappamesh.archive.ArchiveRow;
import io.kappamesh.archive.ArchiveRows;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.contract.PortContract;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.handover.HandOverProof;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.row.JudgedRow;
import io.kappamesh.row.RowJudge;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.Codecs;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/** Reads an archive and the topic of its port, for a proof of the hand-over. For one thread. */
final class HandOverCheck<V extends IndexedRecord> {
    private static final Duration TO_READ = Duration.ofMinutes(1);

    private final IngestOptions<V> options;
    private final HandOverProof proof;
    private final IngestMeters meters;
    private final CountDownLatch stop;

    HandOverCheck(IngestOptions<V> options, HandOverProof proof, IngestMeters meters, CountDownLatch stop) {
        this.options = options;
        this.proof = proof;
        this.meters = meters;
        this.stop = stop;
    }

    /** @param files each content once */
    void readArchive(List<ArchiveFile> files) throws InterruptedException {
        RowJudge<V> judge = options.judge(0);
        meters.writing(files.stream().mapToLong(ArchiveFile::bytes).sum());
        long before = 0;
        for (ArchiveFile file : files) {
            try (ArchiveRows<V> rows = options.open(file, RowPosition.BEGINNING)) {
                for (ArchiveRow<V> row = rows.next(); row != null; row = rows.next()) {
                    requireNotStopped();
                    take(judge.judge(row));
                    meters.read(before + rows.bytesRead());
                }
            }
            before += file.bytes();
        }
    }

    private void take(JudgedRow row) {
        byte[] key = row.key();
        if (key == null) {
            proof.refused();
        } else {
            proof.row(key, row.time());
        }
        meters.committed(1, 0, key == null ? 1 : 0, 0);
    }

    /** @param ends up to where each partition is read */
    void readTopic(Map<TopicPartition, Long> ends) throws InterruptedException {
        try (SchemaRegistry registry = SchemaRegistry.connect(options.settings().registry())) {
            Function<byte[], Optional<V>> reader = reader(registry);
            CommittedReaders.readTo(options.settings().client(), ends, TO_READ, record -> take(record, reader));
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Function<byte[], Optional<V>> reader) {
        if (record.value() == null) {
            return;
        }
        Optional<V> value = record.key() == null ? Optional.empty() : reader.apply(record.value());
        if (value.isEmpty()) {
            proof.unreadable();
            return;
        }
        try {
            proof.record(record.key(), options.port().contract().eventTime().millis(value.get()));
        } catch (ArithmeticException | DateTimeException noTime) {
            proof.unreadable();
        }
    }

    /** Empty = the bytes are no value. */
    private Function<byte[], Optional<V>> reader(SchemaRegistry registry) {
        PortContract<V> contract = options.port().contract();
        Optional<ValueFormat.Decoder<V>> own =
                options.port().format().map(format -> format.decoder(contract.type(), contract.schema()));
        if (own.isPresent()) {
            return bytes -> own.get().decode(bytes) instanceof ValueFormat.Value<V> value
                    ? Optional.of(value.value())
                    : Optional.empty();
        }
        AvroDecoder<V> decoder = new AvroDecoder<>(Codecs.type(contract.type(), contract.schema()), registry);
        return bytes -> {
            try {
                return Optional.ofNullable(
                        decoder.asDeserializer().deserialize(options.port().topic(), bytes));
            } catch (SerializationException noValue) {
                return Optional.empty();
            }
        };
    }

    private void requireNotStopped() throws InterruptedException {
        if (stop.getCount() == 0) {
            throw new InterruptedException(options.where() + "stopped before everything was compared");
        }
    }
}
