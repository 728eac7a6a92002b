package io.kappamesh.topology;

import io.kappamesh.avro.AvroDecoder;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.contract.EventTime;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.QualityRule;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can refuse a record by looking at it alone, in this order: its size, the wire format and schema, the event time,
 * its size as state, the port's rules, the domain's validation, and the event time, size and rules of what it becomes. Immutable and thread-safe.
 *
 * @param <A> the values that arrive
 * @param <V> the values that come in
 */
final class Judgement<A extends IndexedRecord, V extends IndexedRecord> {
    private final InputPort<A> port;
    private final AvroDecoder<A> decoder;
    private final Room<A> room;
    private final AvroType<V> type;
    private final boolean deletions;
    private final Function<A, Verdict<V>> admission;

    private Judgement(
            InputPort<A> port,
            AvroDecoder<A> decoder,
            Room<A> room,
            AvroType<V> type,
            boolean deletions,
            Function<A, Verdict<V>> admission) {
        this.port = port;
        this.decoder = decoder;
        this.room = room;
        this.type = type;
        this.deletions = deletions;
        this.admission = admission;
    }

    static <A extends IndexedRecord> Judgement<A, A> of(InputPort<A> port, AvroDecoder<A> decoder, RecordLimit limit) {
        AvroType<A> type = Codecs.type(port.type(), port.reader());
        return new Judgement<>(port, decoder, new Room<>(type, limit), type, false, value -> hold(value, port.rules()));
    }

    /** Lets null values in, as the deletion of their key. */
    Judgement<A, V> withDeletions() {
        return new Judgement<>(port, decoder, room, type, true, admission);
    }

    boolean deletions() {
        return deletions;
    }

    /** Adds the domain's validation: a sentence refuses the record. */
    Judgement<A, V> check(Function<? super V, Optional<String>> objection) {
        return and(
                type,
                value -> objection
                        .apply(value)
                        .<Verdict<V>>map(why -> Verdict.refused(Reason.INVALID, why))
                        .orElseGet(() -> new Verdict.Admitted<>(value)));
    }

    /** Turns the record into a value of an output port; one that breaks the port's rules, or is too large for it, stays out. */
    <R extends IndexedRecord> Judgement<A, R> becomes(
            OutputPort<R> output, Function<R, Integer> sizeInBytes, Function<? super V, ? extends R> step) {
        int limit = output.contract().maxRecordBytes();
        AvroType<R> becomes =
                Codecs.type(output.contract().type(), output.contract().schema());
        return and(becomes, value -> {
            R result = step.apply(value);
            Verdict<R> timely = timely(output.contract().eventTime(), result, "becomes a record whose event time ");
            if (timely instanceof Verdict.Refused<R>) {
                return timely;
            }
            int size = sizeInBytes.apply(result);
            if (size > limit) {
                return Verdict.refused(
                        Reason.TOO_LARGE,
                        "becomes a record of " + size + " bytes, but " + output.address() + " takes at most " + limit);
            }
            return hold(result, output.contract().rules());
        });
    }

    private <R extends IndexedRecord> Judgement<A, R> and(AvroType<R> becomes, Function<V, Verdict<R>> next) {
        return new Judgement<>(
                port,
                decoder,
                room,
                becomes,
                deletions,
                value -> admission.apply(value).then(next));
    }

    /** How the values that come in are represented. */
    AvroType<V> type() {
        return type;
    }

    InputPort<A> port() {
        return port;
    }

    /** The serde of a source topic's values. It only reads. */
    Serde<Arrival<V>> serde() {
        return Serdes.serdeFrom((topic, arrival) -> arrival.bytes(), (topic, bytes) -> judge(bytes));
    }

    Arrival<V> judge(byte @Nullable [] bytes) {
        if (bytes == null) {
            return deletions
                    ? Arrival.deletion()
                    : Arrival.refused(null, new Refusal(Reason.NULL_VALUE, "the value is null; a fact is expected"));
        }
        if (bytes.length > port.maxRecordBytes()) {
            return Arrival.refused(
                    bytes,
                    new Refusal(
                            Reason.TOO_LARGE,
                            "the value has " + bytes.length + " bytes, but at most " + port.maxRecordBytes()
                                    + " are let in"));
        }
        Decoded<A> decoded = decoder.decode(bytes);
        if (decoded instanceof Decoded.Value<A> came) {
            return admit(bytes, came.value());
        }
        if (decoded instanceof Decoded.Refused<A> refused) {
            return Arrival.refused(bytes, new Refusal(Reason.UNDECODABLE, refused.reason()));
        }
        Decoded.Waiting<A> waiting = (Decoded.Waiting<A>) decoded;
        throw new SchemaUnavailableException(port.address().topic(), waiting.schemaId(), waiting.cause());
    }

    private Arrival<V> admit(byte[] bytes, A value) {
        try {
            Verdict<V> verdict = timely(port.eventTime(), value, "the event time ")
                    .then(timely -> room.take(bytes.length, timely))
                    .then(admission);
            return verdict instanceof Verdict.Admitted<V> in
                    ? Arrival.admitted(bytes, in.value(), port.eventTime().millis(value))
                    : Arrival.refused(bytes, ((Verdict.Refused<V>) verdict).refusal());
        } catch (RuntimeException thrown) {
            // Nothing is applied yet, so a check that breaks on a record costs that record and nothing else.
            return Arrival.refused(
                    bytes,
                    new Refusal(
                            Reason.INVALID, "a check threw " + thrown.getClass().getName()));
        }
    }

    /** Whether the event time can be the timestamp of a record in Kafka. */
    private static <R extends IndexedRecord> Verdict<R> timely(EventTime time, R value, String subject) {
        try {
            return time.millis(value) < 0
                    ? Verdict.refused(Reason.EVENT_TIME, subject + "lies before 1970")
                    : new Verdict.Admitted<>(value);
        } catch (ArithmeticException tooFar) {
            return Verdict.refused(Reason.EVENT_TIME, subject + "does not fit into milliseconds");
        }
    }

    private static <R> Verdict<R> hold(R value, List<QualityRule<R>> rules) {
        for (QualityRule<R> rule : rules) {
            if (!rule.holds().test(value)) {
                return Verdict.refused(Reason.QUALITY, "rule " + rule.name() + " does not hold: " + rule.description());
            }
        }
        return new Verdict.Admitted<>(value);
    }
}
