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
 * Declares a source: first how it differs from published ports (the name of its topic, the formats of its keys and values), then what every
 * port declares. All problems are reported together, by the product that reads the port. Not thread-safe.
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
     * The topic of the source, if it exists already and has another name than the port: {@code ORDERS}, or {@code server.schema.table}. It
     * belongs to somebody else: the library never creates or alters it, {@link #partitions} does not apply, and its retention tells how far
     * its history reaches.
     */
    public SourceBuilder<V, P> topic(String name) {
        topics = List.of(name);
        return this;
    }

    /**
     * Several topics of one source, such as one for each country. For {@link SourcePort#events} only: records of different topics have no order,
     * so that none can replace another. The topics need equal partition counts, unless the records go through a repartition topic
     * ({@link #keys}, {@link EventSource#keyedBy}).
     *
     * @param names of topics; patterns are not supported, because a new topic that fits one would change what a replay reads
     */
    public SourceBuilder<V, P> topics(String... names) {
        topics = List.of(names);
        if (topics.isEmpty()) {
            topics = List.of("");
        }
        return this;
    }

    /** The format of the values; Avro in the Confluent wire format by default. */
    public SourceBuilder<V, P> format(ValueFormat values) {
        this.values = Optional.of(values);
        return this;
    }

    /**
     * The format of the keys; UTF-8 text by default. With any other format, records go through a repartition topic of the product after the
     * intake, so that they meet the records of other ports with the same key.
     */
    public SourceBuilder<V, P> keys(KeyFormat keys) {
        this.keys = Optional.of(keys);
        return this;
    }

    /**
     * The field with the event time, as a number of time units since 1970-01-01T00:00Z: {@code source.ts_ms} of a Debezium envelope.
     *
     * @param field a long or an int, never null
     * @param unit seconds, milliseconds or microseconds
     */
    public SourceBuilder<V, P> eventTime(String field, ChronoUnit unit) {
        eventTimeIs(schema -> EventTime.counted(schema, field, unit));
        return this;
    }

    /** The field with the event time, as ISO-8601 text with an offset, such as {@code 2026-03-01T10:00:00+01:00}. */
    public SourceBuilder<V, P> eventTimeText(String field) {
        eventTimeIs(schema -> EventTime.text(schema, field));
        return this;
    }

    /**
     * Uses the record's own timestamp as event time, for values that have none. The timestamp is in the log, so that a replay sees the same
     * one. If you copy the records to another topic, copy their timestamps too.
     */
    public SourceBuilder<V, P> recordTimestamp() {
        eventTimeIs(schema -> EventTime.OF_RECORD);
        return this;
    }

    /**
     * Rejects a record whose event time is further ahead of its own timestamp than this. Otherwise one event of the year 2090 would make all
     * events after it late. The timestamp is in the log, so that a replay rejects the same records.
     *
     * @param ahead not negative
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
                        where + "'" + name + "' is not a valid name of a topic; name every topic, without a pattern");
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
                .filter(known -> !known.levels().declared().isEmpty())
                .ifPresent(known -> problems.add(
                        where + "nobody measures the service of a source; declare objectives at output ports"));
        contract.found()
                .ifPresent(known -> values.ifPresent(
                        format -> Declared.attempt(problems, () -> format.decoder(known.type(), known.schema()))));
        return port.apply(
                problems.isEmpty() ? contract : contract.with(problems),
                new Origin(topics, values, keys, false, RecordFilter.ALL, furthestAhead));
    }
}
