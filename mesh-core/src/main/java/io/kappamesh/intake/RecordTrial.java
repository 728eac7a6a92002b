package io.kappamesh.intake;

import io.kappamesh.Internal;
import io.kappamesh.contract.InputPort;
import io.kappamesh.format.WriterSchemas;
import io.kappamesh.rule.BrokenRule;
import io.kappamesh.serde.ValueBytes;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Says of single records whether the intake of a reader would admit them, without a topology: the same validation, event time and key. One
 * thread at a time.
 */
@Internal
public final class RecordTrial<V extends IndexedRecord> {
    /** The limit of a reader that is not known here is its own. */
    private static final RecordLimit LARGEST = new RecordLimit(Integer.MAX_VALUE);

    private final RecordValidator<V, V> validator;
    private final EventTimeExtractor times;
    private final String topic;
    private final Deserializer<@Nullable String> keys = RecordKeys.serde().deserializer();

    /**
     * @param reader what it reads, and what it demands
     * @param values how it decodes
     * @param writers the schemas that keys may name
     */
    public RecordTrial(InputPort<V> reader, ValueBytes<V> values, WriterSchemas writers) {
        validator = RecordValidator.of(reader, values, LARGEST).withDeletions();
        times = new EventTimeExtractor(reader, writers);
        topic = reader.topic();
    }

    /**
     * Why a record is refused.
     *
     * @param reason as in dead letters: {@code quality}
     * @param detail in a sentence without any value of the record
     * @param broken the rule that does not hold; null = it is no matter of a rule
     */
    public record Refusal(
            String reason, String detail, @Nullable BrokenRule broken) {
        /** For what is no matter of a rule. */
        public Refusal(String reason, String detail) {
            this(reason, detail, null);
        }
    }

    /**
     * Empty = it is admitted.
     *
     * @param record as it stands in the topic
     * @param value its value, or what that is going to be
     */
    public Optional<Refusal> refusal(ConsumerRecord<byte[], byte[]> record, byte[] value) {
        return refusal(record.headers(), record.partition(), record.offset(), record.timestamp(), record.key(), value);
    }

    /**
     * The same of a record that is not written yet.
     *
     * @param timestamp that it is going to have, in milliseconds since the epoch
     */
    public Optional<Refusal> refusal(byte @Nullable [] key, byte[] value, long timestamp) {
        return refusal(new RecordHeaders(), 0, 0, timestamp, key, value);
    }

    private Optional<Refusal> refusal(
            Headers headers, int partition, long offset, long timestamp, byte @Nullable [] key, byte[] value) {
        IncomingRecord<V> incoming = validator.read(headers, value);
        times.extract(
                new ConsumerRecord<>(
                        topic,
                        partition,
                        offset,
                        timestamp,
                        TimestampType.CREATE_TIME,
                        key == null ? ConsumerRecord.NULL_SIZE : key.length,
                        value.length,
                        keys.deserialize(topic, key),
                        incoming,
                        new RecordHeaders(),
                        Optional.empty()),
                0);
        return Optional.ofNullable(incoming.rejection())
                .map(rejection -> new Refusal(rejection.reason().text(), rejection.detail(), rejection.broken()));
    }
}
