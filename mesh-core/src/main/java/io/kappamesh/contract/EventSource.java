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
 * A private source of facts that are final: whoever writes it adds facts and takes none back. The one port that may be read as a stream,
 * joined as of an event's time, deduplicated and judged for lateness. Declared with {@link SourcePort#events}. Immutable.
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
     * The source as it is read by who refuses records that are older than the newest one before them in their partition by more than
     * this. The newest is kept with the product's state, so the verdict is a function of the log: the same after a restart and in a replay.
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
     * The source as it is read by who knows its facts by a field of their value, whatever keys its records have, or if they have none. Its
     * records go through a repartition topic of the product behind the intake, so that they meet records of other ports that have the same
     * key. Facts of one key may come from several partitions, in any order.
     *
     * <p>For facts only: the deletion of a row has no value that says which row.
     *
     * @param field a string, an enum, an int, a long or a date, never null
     */
    public EventSource<V> keyedBy(String field) {
        return keyed(known -> KeyRule.field(known.schema(), field));
    }

    /**
     * The same, where the key is what a function makes of a value.
     *
     * @param description what the key is, such as {@code customer|day}; it stands in dead letters
     * @param key pure, and safe to call from several threads
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
     * Only facts that were written as this Avro record, in a topic where other types stand beside them (as under the subject strategies
     * {@code TopicRecordNameStrategy} and {@code RecordNameStrategy}). Records of other names, and nulls, are passed over and counted; bytes that
     * name no record are dead letters. For values in Avro and the Confluent wire format.
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
     * Only facts that have a header of this value, in a topic where other types stand beside them: {@code ce_type}, {@code eventType}. What has
     * another value, or no such header, is passed over and counted. Of several such headers all must hold.
     *
     * @param value as UTF-8; of several headers of one name the last counts
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

    /** How far behind the newest record of its own partition a record may be before it is refused as late; empty = any. */
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
