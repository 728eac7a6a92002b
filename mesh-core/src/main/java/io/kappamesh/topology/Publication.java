package io.kappamesh.topology;

import io.kappamesh.contract.KeyRule;
import io.kappamesh.contract.PortContract;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.intake.RecordKeys;
import io.kappamesh.rule.QualityRule;
import io.kappamesh.serde.AvroEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.jspecify.annotations.Nullable;

/**
 * The last step before an output topic: encodes the value by the port's contract, and sets the record's timestamp to the event time of the
 * value. So the timestamp depends on the value alone. A record that breaks the contract here is a bug in the product, because the intake
 * should have rejected its cause.
 */
final class Publication<V extends IndexedRecord> extends ContextualFixedKeyProcessor<String, V, byte[]> {
    private final PortContract<V> contract;
    /** One text for all records: it is looked up by its hash code. */
    private final String topic;

    private final AvroEncoder<V> encoder;
    private final ProductObserver observer;

    Publication(PortContract<V> contract, AvroEncoder<V> encoder, ProductObserver observer) {
        this.contract = contract;
        this.topic = contract.address().topic();
        this.encoder = encoder;
        this.observer = observer;
    }

    @Override
    public void process(FixedKeyRecord<String, V> record) {
        @Nullable V value = record.value();
        requireKey(record.key(), value);
        byte @Nullable [] bytes = value == null ? null : encoder.encode(value);
        if (bytes != null && bytes.length > contract.maxRecordBytes()) {
            throw new IllegalStateException(
                    "port " + contract.address() + ": a value of " + bytes.length
                            + " bytes is larger than the contract's " + contract.maxRecordBytes()
                            + "; reject the record that leads to it at the intake (check or becomes), or raise maxRecordBytes(…)");
        }
        long time = value == null ? record.timestamp() : contract.eventTime().stamp(value);
        observer.recordOut(topic, time);
        if (value != null && !contract.rules().isEmpty()) {
            tellBroken(value);
        }
        context().forward(record.withValue(bytes).withTimestamp(time));
    }

    /** What is published stays published: nothing is refused half-way, so that a promise that does not hold is counted and no more. */
    private void tellBroken(V value) {
        List<String> broken = new ArrayList<>();
        for (QualityRule<V> rule : contract.rules()) {
            if (!rule.isMetBy(value)) {
                broken.add(rule.name());
            }
        }
        if (!broken.isEmpty()) {
            observer.broken(topic, broken);
        }
    }

    /** Otherwise brokers would refuse a null key in a compacted topic only with the transaction, and readers would reject the others. */
    private void requireKey(@Nullable String key, @Nullable V value) {
        byte @Nullable [] bytes = RecordKeys.toBytes(key);
        if (bytes == null || !RecordKeys.isReadable(key, bytes.length)) {
            throw new IllegalStateException("port " + contract.address()
                    + ": a key is null, begins with U+FFFF, contains a control character or has more than "
                    + RecordKeys.MAX_BYTES
                    + " bytes, and every reader would reject it; reject the record that leads to it at"
                    + " the intake (check)");
        }
        if (value != null && contract.key().isPresent()) {
            KeyRule<V> rule = contract.key().get();
            if (!Objects.equals(key, rule.of(value))) {
                throw new IllegalStateException("port " + contract.address() + ": a record's key is not "
                        + rule.description()
                        + ", which the port declares in key(…); publish it under that key, or declare key(…) on the input"
                        + " port that leads to it");
            }
        }
    }
}
