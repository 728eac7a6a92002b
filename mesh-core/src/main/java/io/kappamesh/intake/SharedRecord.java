package io.kappamesh.intake;

import io.kappamesh.Internal;
import io.kappamesh.contract.InputPort;
import io.kappamesh.format.WriterSchemas;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A record of topics that several ports of a product read. Kafka Streams reads a topic once, so that each port judges the bytes in a step of
 * its own ({@link Judge}). Confined to the stream thread that reads it.
 */
@Internal
public final class SharedRecord {
    private final byte @Nullable [] bytes;
    private long timestamp = ConsumerRecord.NO_TIMESTAMP;
    private int keyBytes = ConsumerRecord.NULL_SIZE;
    private boolean rejected;

    private SharedRecord(byte @Nullable [] bytes) {
        this.bytes = bytes;
    }

    /** Reads nothing of a value yet. */
    public static Serde<SharedRecord> serde() {
        return Serdes.serdeFrom((topic, record) -> record.bytes, (topic, bytes) -> new SharedRecord(bytes));
    }

    /** Keeps what a processor no longer sees. The event time is for each port to say. */
    public static TimestampExtractor timestamps() {
        return (record, partitionTime) -> {
            SharedRecord shared = (SharedRecord) record.value();
            shared.timestamp = record.timestamp();
            shared.keyBytes = record.serializedKeySize();
            return Math.max(0, record.timestamp());
        };
    }

    /** The step in which a port reads the record. */
    static <V extends IndexedRecord> FixedKeyProcessor<String, SharedRecord, IncomingRecord<V>> judge(
            RecordValidator<?, V> validator, InputPort<?> port, WriterSchemas writers) {
        return new Judge<>(validator, new EventTimeExtractor(port, writers));
    }

    /** What one of several ports rejects, none of the others rejects again: a record is at most one dead letter. */
    private static final class Judge<V extends IndexedRecord>
            extends ContextualFixedKeyProcessor<String, SharedRecord, IncomingRecord<V>> {
        private final RecordValidator<?, V> validator;
        private final EventTimeExtractor times;

        Judge(RecordValidator<?, V> validator, EventTimeExtractor times) {
            this.validator = validator;
            this.times = times;
        }

        @Override
        public void process(FixedKeyRecord<String, SharedRecord> record) {
            SharedRecord shared = record.value();
            IncomingRecord<V> incoming = validator.read(record.headers(), shared.bytes);
            long time = times.extract(asItCame(record, incoming), record.timestamp());
            if (incoming.rejection() != null && shared.rejected) {
                return;
            }
            shared.rejected |= incoming.rejection() != null;
            context().forward(record.withValue(incoming).withTimestamp(time));
        }

        private ConsumerRecord<Object, Object> asItCame(
                FixedKeyRecord<String, SharedRecord> record, IncomingRecord<V> incoming) {
            RecordMetadata origin = context().recordMetadata().orElseThrow();
            SharedRecord shared = record.value();
            return new ConsumerRecord<>(
                    origin.topic(),
                    origin.partition(),
                    origin.offset(),
                    shared.timestamp,
                    TimestampType.CREATE_TIME,
                    shared.keyBytes,
                    shared.bytes == null ? ConsumerRecord.NULL_SIZE : shared.bytes.length,
                    record.key(),
                    incoming,
                    record.headers(),
                    Optional.empty());
        }
    }
}
