package io.kappamesh.intake;

import io.kappamesh.Internal;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.KeyRule;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.RecordFilter;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.WriterSchemas;
import io.kappamesh.rule.BrokenRule;
import io.kappamesh.rule.QualityRule;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.serde.Codecs;
import io.kappamesh.serde.ValueBytes;
import io.kappamesh.time.EventTime;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All checks that need nothing but the record itself, in this order: size, format and schema, event time, size as state, the
 * port's rules, the domain's validation, and event time, size and rules of the value that the record becomes. Computes the key that the
 * port declares; {@link EventTimeExtractor}, which sees the record's key, compares the two. Immutable and thread-safe.
 *
 * @param <A> the values in the topic
 * @param <V> the values that the product gets
 */
@Internal
public final class RecordValidator<A extends IndexedRecord, V extends IndexedRecord> {
    private final InputPort<A> port;
    private final boolean takesAll;
    private final List<QualityRule<A>> warning;
    /** The values of headers by their names. */
    private final Map<String, byte[]> meant = new HashMap<>();

    private final ValueBytes<A> decoder;
    private final SizeValidator<A> room;
    private final AvroType<V> type;
    private final boolean deletions;
    private final Function<A, ValidationResult<V>> admission;

    private RecordValidator(
            InputPort<A> port,
            ValueBytes<A> decoder,
            SizeValidator<A> room,
            AvroType<V> type,
            boolean deletions,
            Function<A, ValidationResult<V>> admission) {
        this.port = port;
        this.warning = port.rules().stream()
                .filter(rule -> rule.policy() == RulePolicy.WARN)
                .toList();
        this.takesAll = port.filter().equals(RecordFilter.ALL);
        port.filter().headers().forEach((name, value) -> meant.put(name, value.getBytes(StandardCharsets.UTF_8)));
        this.decoder = decoder;
        this.room = room;
        this.type = type;
        this.deletions = deletions;
        this.admission = admission;
    }

    public static <A extends IndexedRecord> RecordValidator<A, A> of(
            InputPort<A> port, ValueBytes<A> decoder, RecordLimit limit) {
        AvroType<A> type = Codecs.type(port.type(), port.reader());
        boolean trusted = port.format().map(ValueFormat::checksValues).orElse(true);
        String name = port.address().toString();
        return new RecordValidator<>(
                port,
                decoder,
                new SizeValidator<>(type, limit, trusted),
                type,
                false,
                value -> hold(value, name, port.rules()));
    }

    /** Admits null values, as the deletion of their key. */
    public RecordValidator<A, V> withDeletions() {
        return new RecordValidator<>(port, decoder, room, type, true, admission);
    }

    public boolean deletions() {
        return deletions;
    }

    /** Adds the domain's validation: if it returns a sentence, the record is rejected. */
    public RecordValidator<A, V> check(Function<? super V, Optional<String>> objection) {
        return and(
                type,
                value -> objection
                        .apply(value)
                        .<ValidationResult<V>>map(why -> ValidationResult.refused(Reason.INVALID, why))
                        .orElseGet(() -> new ValidationResult.Admitted<>(value)));
    }

    /** Turns the record into a value of an output port. A value that breaks that port's contract rejects the record. */
    public <R extends IndexedRecord> RecordValidator<A, R> becomes(
            OutputPort<R> output, Function<R, Integer> sizeInBytes, Function<? super V, ? extends R> step) {
        AvroType<R> becomes =
                Codecs.type(output.contract().type(), output.contract().schema());
        String name = output.address().toString();
        return and(becomes, value -> fits(output, name, sizeInBytes, step.apply(value)));
    }

    /**
     * Also rejects a record if what an earlier version of a port makes of it breaks that port's contract.
     *
     * @param form the record's value there; null = it has none, and deletes
     * @param deletion the time of that deletion, milliseconds
     */
    public <R extends IndexedRecord> RecordValidator<A, V> converts(
            OutputPort<R> earlier,
            Function<R, Integer> sizeInBytes,
            Function<? super V, ? extends @Nullable R> form,
            ToLongFunction<? super V> deletion) {
        String name = earlier.address().toString();
        return and(type, value -> {
            @Nullable R converted = form.apply(value);
            ValidationResult<V> admitted = new ValidationResult.Admitted<>(value);
            return converted == null
                    ? timely(() -> deletion.applyAsLong(value), admitted, "its deletion in " + earlier.address() + " ")
                    : fits(earlier, name, sizeInBytes, converted).then(unused -> admitted);
        });
    }

    /** @param name of the port, made once: it is needed for messages only */
    private static <R extends IndexedRecord> ValidationResult<R> fits(
            OutputPort<R> output, String name, Function<R, Integer> sizeInBytes, R result) {
        int limit = output.contract().maxRecordBytes();
        ValidationResult<R> timely =
                timely(output.contract().eventTime(), result, "becomes a record whose event time ");
        if (timely instanceof ValidationResult.Refused<R>) {
            return timely;
        }
        int size = sizeInBytes.apply(result);
        if (size > limit) {
            return ValidationResult.refused(
                    Reason.TOO_LARGE,
                    "becomes a record of " + size + " bytes, but " + name + " takes at most " + limit);
        }
        return hold(result, name, output.contract().rules());
    }

    private <R extends IndexedRecord> RecordValidator<A, R> and(
            AvroType<R> becomes, Function<V, ValidationResult<R>> next) {
        return new RecordValidator<>(
                port,
                decoder,
                room,
                becomes,
                deletions,
                value -> admission.apply(value).then(next));
    }

    /** The Avro type of the values that the product gets. */
    public AvroType<V> type() {
        return type;
    }

    public InputPort<A> port() {
        return port;
    }

    /** The serde of a source topic's values. Its serializer returns the original bytes. */
    public Serde<IncomingRecord<V>> serde() {
        return Serdes.serdeFrom((topic, arrival) -> arrival.bytes(), new Deserializer<IncomingRecord<V>>() {
            @Override
            public IncomingRecord<V> deserialize(String topic, byte @Nullable [] bytes) {
                return judge(bytes, new RecordHeaders());
            }

            @Override
            public IncomingRecord<V> deserialize(String topic, Headers headers, byte @Nullable [] bytes) {
                return read(headers, bytes);
            }
        });
    }

    /** The step that reads a topic's records for this port, where other ports read them too. */
    public FixedKeyProcessorSupplier<String, SharedRecord, IncomingRecord<V>> ofShared(WriterSchemas writers) {
        return () -> SharedRecord.judge(this, port, writers);
    }

    IncomingRecord<V> read(Headers headers, byte @Nullable [] bytes) {
        return takesAll || isMeant(headers, bytes) ? judge(bytes, headers) : IncomingRecord.ignored(bytes);
    }

    /** Whether a record may be one of the port's: one of another type says nothing that belongs to it. */
    private boolean isMeant(Headers headers, byte @Nullable [] bytes) {
        if (bytes == null && port.filter().recordName().isPresent()) {
            return false;
        }
        for (Map.Entry<String, byte[]> wanted : meant.entrySet()) {
            @Nullable Header header = headers.lastHeader(wanted.getKey());
            if (header == null || !Arrays.equals(header.value(), wanted.getValue())) {
                return false;
            }
        }
        return true;
    }

    private IncomingRecord<V> judge(byte @Nullable [] bytes, Headers headers) {
        if (bytes == null) {
            return deletion(null, "the value is null; a fact is expected");
        }
        if (bytes.length > port.maxRecordBytes()) {
            return IncomingRecord.refused(
                    bytes,
                    new Rejection(
                            Reason.TOO_LARGE,
                            "the value has " + bytes.length + " bytes, but at most " + port.maxRecordBytes()
                                    + " are let in"));
        }
        Decoded<A> decoded = decoder.apply(bytes, headers);
        if (decoded instanceof Decoded.Value<A> came) {
            return admit(bytes, came.value());
        }
        if (decoded instanceof Decoded.Deleted<A>) {
            return deletion(bytes, "the value deletes its key; a fact is expected");
        }
        if (decoded instanceof Decoded.Ignored<A>) {
            return IncomingRecord.ignored(bytes);
        }
        if (decoded instanceof Decoded.Refused<A> refused) {
            return IncomingRecord.refused(bytes, new Rejection(Reason.UNDECODABLE, refused.reason()));
        }
        Decoded.Waiting<A> waiting = (Decoded.Waiting<A>) decoded;
        throw new SchemaUnavailableException(port.topic(), waiting.schemaId(), waiting.cause());
    }

    private IncomingRecord<V> deletion(byte @Nullable [] bytes, String otherwise) {
        return deletions
                ? IncomingRecord.deletion(bytes)
                : IncomingRecord.refused(bytes, new Rejection(Reason.NULL_VALUE, otherwise));
    }

    private IncomingRecord<V> admit(byte[] bytes, A value) {
        try {
            ValidationResult<V> verdict = timely(port.eventTime(), value, "the event time ")
                    .then(timely -> room.take(bytes.length, timely))
                    .then(admission);
            if (verdict instanceof ValidationResult.Refused<V> refused) {
                return IncomingRecord.refused(bytes, refused.rejection());
            }
            @Nullable String key = null;
            if (port.key().isPresent()) {
                KeyRule<A> rule = port.key().get();
                key = rule.of(value);
                if (key == null) {
                    return IncomingRecord.refused(
                            bytes,
                            new Rejection(Reason.KEY, "the record has no " + rule.description() + " to be its key"));
                }
            }
            V in = ((ValidationResult.Admitted<V>) verdict).value();
            long eventTime = port.eventTime().isInValue() ? port.eventTime().millis(value) : IncomingRecord.OF_RECORD;
            IncomingRecord<V> admitted = IncomingRecord.admitted(bytes, in, eventTime, key);
            admitted.warn(warnings(value));
            return admitted;
        } catch (RuntimeException thrown) {
            // Nothing has been applied yet, so if a check throws, only this record is rejected.
            return IncomingRecord.refused(
                    bytes,
                    new Rejection(
                            Reason.INVALID, "a check threw " + thrown.getClass().getName()));
        }
    }

    /** Checks that the event time can be the timestamp of a Kafka record. */
    private static <R extends IndexedRecord> ValidationResult<R> timely(EventTime time, R value, String subject) {
        ValidationResult<R> admitted = new ValidationResult.Admitted<>(value);
        return time.isInValue() ? timely(() -> time.millis(value), admitted, subject) : admitted;
    }

    private static <R> ValidationResult<R> timely(LongSupplier millis, ValidationResult<R> admitted, String subject) {
        try {
            return millis.getAsLong() < 0
                    ? ValidationResult.refused(Reason.EVENT_TIME, subject + "lies before 1970")
                    : admitted;
        } catch (ArithmeticException tooFar) {
            return ValidationResult.refused(Reason.EVENT_TIME, subject + "does not fit into milliseconds");
        } catch (DateTimeException noTime) {
            return ValidationResult.refused(Reason.EVENT_TIME, subject + "is no ISO-8601 text");
        }
    }

    /** The rules of the port that only warn, and do not hold. */
    private List<BrokenRule> warnings(A value) {
        List<BrokenRule> broken = List.of();
        for (QualityRule<A> rule : warning) {
            if (!rule.isMetBy(value)) {
                broken = broken.isEmpty() ? new ArrayList<>() : broken;
                broken.add(new BrokenRule(port.address().toString(), rule.name(), rule.policy()));
            }
        }
        return broken;
    }

    private static <R> ValidationResult<R> hold(R value, String port, List<QualityRule<R>> rules) {
        for (QualityRule<R> rule : rules) {
            if (rule.policy() != RulePolicy.WARN && !rule.isMetBy(value)) {
                return new ValidationResult.Refused<>(Rejection.of(port, rule));
            }
        }
        return new ValidationResult.Admitted<>(value);
    }
}
