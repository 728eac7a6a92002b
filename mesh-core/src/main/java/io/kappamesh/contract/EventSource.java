package io.kappamesh.contract;

import io.kappamesh.declaration.Declared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.generic.IndexedRecord;

/**
 * A private source of final facts: its writer adds facts and takes none back. It is the only port that you can read as a stream, join as of an
 * event's time, deduplicate and check for lateness. Declare it with {@link SourcePort#events}. Immutable and thread-safe; each method returns
 * another source.
 *
 * @param <V> the class of the values
 */
public final class EventSource<V extends IndexedRecord> extends SourcePort<V> {
    private final Optional<Duration> lateness;

    EventSource(Declared<PortContract<V>> contract, Origin origin) {
        this(contract, origin, Optional.empty());
    }

    private EventSource(Declared<PortContract<V>> contract, Origin origin, Optional<Duration> lateness) {
        super(contract, origin);
        this.lateness = lateness;
    }

    /**
     * Rejects records that are older than the newest record before them in their partition by more than this, in event time. The newest time is
     * part of the product's state, so that the verdict depends only on the log: it is the same after a restart and in a replay.
     *
     * @param allowed not negative; zero rejects every record that is older than the newest one
     */
    public EventSource<V> allowingLateness(Duration allowed) {
        return allowed.isNegative()
                ? new EventSource<>(
                        contract.with(List.of(where() + "allowed lateness must not be negative but was " + allowed)),
                        origin,
                        Optional.empty())
                : new EventSource<>(contract, origin, Optional.of(allowed));
    }

    /**
     * Takes the key of each fact from a field of its value, regardless of the record's own key. The facts go through a repartition topic of the
     * product after the intake, so that they meet the records of other ports with the same key. Facts of one key may come from several
     * partitions, in any order.
     *
     * <p>For facts only, because the deletion of a row has no value that says which row.
     *
     * @param field a string, an enum, an int, a long or a date, never null
     */
    public EventSource<V> keyedBy(String field) {
        return keyed(known -> KeyRule.field(known.schema(), field));
    }

    /**
     * Computes the key of each fact from its value, see {@link #keyedBy(String)}.
     *
     * @param description of the key, such as {@code customer|day}, for dead letters
     * @param key a pure function that is safe to call from several threads; a record for which it returns null is rejected
     */
    public EventSource<V> keyedBy(String description, Function<? super V, String> key) {
        return keyed(known -> new KeyRule<>(description, key));
    }

    private EventSource<V> keyed(Function<PortContract<V>, KeyRule<V>> rule) {
        List<String> problems = new ArrayList<>();
        Optional<PortContract<V>> found = contract.found();
        found.ifPresent(known -> {
            if (known.key().isPresent()) {
                problems.add(where()
                        + "declares with key(…) what the key of its records is, and with keyedBy(…) that it does"
                        + " not matter; leave one out");
            }
            if (origin.keys().isPresent()) {
                problems.add(
                        where() + "declares with keys(…) how the keys of its records are written, and with keyedBy(…)"
                                + " that they do not matter; leave one out");
            }
        });
        Declared<PortContract<V>> keyed = found.map(
                        known -> Declared.attempt(problems, () -> known.withKey(rule.apply(known))))
                .map(Declared::of)
                .orElse(contract);
        return new EventSource<>(
                problems.isEmpty() ? keyed : contract.with(problems), origin.withKeysInValues(), lateness);
    }

    /**
     * Selects the facts that were written as this Avro record, from a topic with several types (as under the subject strategies
     * {@code TopicRecordNameStrategy} and {@code RecordNameStrategy}). Other records, and null values, are skipped and counted; bytes that name
     * no record are dead letters. Only for values in Avro and the Confluent wire format.
     *
     * @param fullName with its namespace, such as {@code com.shop.OrderPlaced}
     */
    public EventSource<V> ofRecord(String fullName) {
        List<String> problems = new ArrayList<>();
        if (origin.values().isPresent()) {
            problems.add(where()
                    + "names the record that its facts are written as with ofRecord(…), which only values in Avro tell; use"
                    + " withHeader(…)");
        }
        return new EventSource<>(
                problems.isEmpty() ? contract : contract.with(problems),
                origin.with(
                        new RecordFilter(Optional.of(fullName), origin.filter().headers())),
                lateness);
    }

    /**
     * Selects the facts that have a header with this value, from a topic with several types. Records with another value, or without the header,
     * are skipped and counted. If you call this several times, all headers must match.
     *
     * @param name of the header, such as {@code ce_type} or {@code eventType}
     * @param value as UTF-8 text; if a record has several headers with the name, the last one counts
     */
    public EventSource<V> withHeader(String name, String value) {
        Map<String, String> headers = new HashMap<>(origin.filter().headers());
        headers.put(name, value);
        return new EventSource<>(
                contract, origin.with(new RecordFilter(origin.filter().recordName(), headers)), lateness);
    }

    private String where() {
        return "source port "
                + contract.found().map(known -> known.address().toString()).orElse("") + ": ";
    }

    /** How much older than the newest record of its partition a record may be, in event time, before it is rejected as late; empty = unlimited. */
    public Optional<Duration> lateness() {
        return lateness;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && other instanceof EventSource<?> source && lateness.equals(source.lateness);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + lateness.hashCode();
    }
}
