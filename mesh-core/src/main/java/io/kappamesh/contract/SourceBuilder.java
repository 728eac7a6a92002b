package io.kappamesh.contract;

import io.kappamesh.declaration.Declared;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.time.EventTime;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.apache.avro.generic.IndexedRecord;

/**
 * Declares a source: first, where it differs from published ports, what its topic is called and how its keys and values are written; then
 * what every port says. Not thread-safe.
 *
 * @param <V> the class of the values
 * @param <P> the port that comes out
 */
public final class SourceBuilder<V extends IndexedRecord, P extends SourcePort<V>> extends PortBuilder<V, P> {
    /** Kafka's own rule ({@code org.apache.kafka.common.internals.Topic}). */
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private final String where;
    private final BiFunction<Declared<PortContract<V>>, Origin, P> port;
    private final boolean isFinal;
    private List<String> topics = List.of();
    private Optional<ValueFormat> values = Optional.empty();
    private Optional<KeyFormat> keys = Optional.empty();
    private Optional<Duration> furthestAhead = Optional.empty();

    /** @param isFinal whether nobody takes records back */
    SourceBuilder(
            String address,
            PortKind kind,
            Class<V> type,
            boolean isFinal,
            BiFunction<Declared<PortContract<V>>, Origin, P> port) {
        super(address, kind, type);
        this.isFinal = isFinal;
        this.where = "source port " + address + ": ";
        this.port = port;
    }

    /**
     * The topic that holds the source, where it exists already and is called otherwise than the port: {@code ORDERS}, or
     * {@code server.schema.table}. It is somebody else's: it is never created or altered, {@link #partitions} says nothing about it, and what
     * is known of its history is what its retention says.
     */
    public SourceBuilder<V, P> topic(String name) {
        topics = List.of(name);
        return this;
    }

    /**
     * The topics that hold a source of facts together, such as one of each country. Nothing says in which order facts of different topics came,
     * so that no fact can replace another: for {@link SourcePort#events} only. They have as many partitions as each other, unless the records
     * go through a repartition topic ({@link #keys}, {@link EventSource#keyedBy}).
     *
     * @param names of topics, and no pattern: another topic that fits one would change what a product has read, and what a replay reads
     */
    public SourceBuilder<V, P> topics(String... names) {
        topics = List.of(names);
        if (topics.isEmpty()) {
            topics = List.of("");
        }
        return this;
    }

    /** How its values are written; Avro in the Confluent wire format by default. */
    public SourceBuilder<V, P> format(ValueFormat values) {
        this.values = Optional.of(values);
        return this;
    }

    /**
     * How its keys are written; UTF-8 text by default. Records of another format go through a repartition topic of the product behind the
     * intake, so that they meet records of other ports that have the same key.
     */
    public SourceBuilder<V, P> keys(KeyFormat keys) {
        this.keys = Optional.of(keys);
        return this;
    }

    /**
     * The field that carries event time, where it counts a unit of time since the epoch: {@code source.ts_ms} of a Debezium envelope.
     *
     * @param field a long or an int, never null
     * @param unit seconds, milliseconds or microseconds
     */
    public SourceBuilder<V, P> eventTime(String field, ChronoUnit unit) {
        eventTimeIs(schema -> EventTime.counted(schema, field, unit));
        return this;
    }

    /** The field that carries event time, where it is ISO-8601 text with an offset, such as {@code 2026-03-01T10:00:00+01:00}. */
    public SourceBuilder<V, P> eventTimeText(String field) {
        eventTimeIs(schema -> EventTime.text(schema, field));
        return this;
    }

    /**
     * Event time is the record's own timestamp, where the value has none. It is in the log, so that a replay sees the same; whoever copies
     * records to another topic has to copy their timestamps.
     */
    public SourceBuilder<V, P> recordTimestamp() {
        eventTimeIs(schema -> EventTime.OF_RECORD);
        return this;
    }

    /**
     * Rejects a record whose event time lies further ahead of its own timestamp than this: one event of the year 2090 would make everything
     * behind it late. The record's timestamp is in the log, so that a replay rejects the same.
     */
    public SourceBuilder<V, P> notFurtherAheadThan(Duration ahead) {
        furthestAhead = Optional.of(ahead);
        return this;
    }

    @Override
    P finish(Declared<PortContract<V>> contract) {
        List<String> problems = new ArrayList<>();
        for (String name : new LinkedHashSet<>(topics)) {
            if (!TOPIC.matcher(name).matches() || name.equals(".") || name.equals("..")) {
                problems.add(
                        where + "'" + name + "' is no name of a topic in Kafka; name every topic, without a pattern");
            }
            if (Collections.frequency(topics, name) > 1) {
                problems.add(where + "names topic " + name + " twice");
            }
        }
        if (topics.size() > 1 && !isFinal) {
            problems.add(
                    where + "several topics have no order in which a record could replace or take back another; read"
                            + " facts with SourcePort.events(…), or each topic by a port of its own");
        }
        furthestAhead
                .filter(Duration::isNegative)
                .ifPresent(ahead ->
                        problems.add(where + "how far an event may be ahead must not be negative but was " + ahead));
        contract.found()
                .ifPresent(known -> values.ifPresent(
                        format -> Declared.attempt(problems, () -> format.decoder(known.type(), known.schema()))));
        return port.apply(
                problems.isEmpty() ? contract : contract.with(problems),
                new Origin(topics, values, keys, false, RecordFilter.ALL, furthestAhead));
    }
}
