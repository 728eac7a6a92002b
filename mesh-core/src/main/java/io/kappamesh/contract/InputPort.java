package io.kappamesh.contract;

import io.kappamesh.declaration.Declared;
import io.kappamesh.declaration.Problems;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.rule.QualityRule;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.time.EventTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * A port as a product reads it, mostly of another domain: the port's address, and the schema with the fields that the product needs. It may have
 * fewer fields than the owner publishes; Avro's schema resolution drops the others. Declare it in a static field; problems are reported by the
 * product that reads it. Immutable and thread-safe; two equal declarations are equal.
 *
 * @param <V> the class of the values
 */
public final class InputPort<V extends IndexedRecord> implements ReadablePort<V> {
    private final Declared<Needs<V>> needs;

    /** Everything that a reader says of a port. */
    private record Needs<V extends IndexedRecord>(
            PortAddress address, PortKind kind, RecordContract<V> records, Optional<SourcePort<V>> source) {
        Needs {
            Problems problems = new Problems("input port " + address);
            records.judge(kind, problems);
            problems.throwIfAny();
        }
    }

    private InputPort(Declared<Needs<V>> needs) {
        this.needs = needs;
    }

    /**
     * Begins the declaration of a table port of another domain.
     *
     * @param address domain, name and major version, such as {@code sales.orders.v1}
     * @param type a generated Avro class with the fields that you need; for generic records, also give the {@linkplain Builder#schema schema}
     */
    public static <V extends IndexedRecord> Builder<V> table(String address, Class<V> type) {
        return new Builder<>(address, PortKind.TABLE, type);
    }

    /** Begins the declaration of an event port of another domain. Parameters as for {@link #table}. */
    public static <V extends IndexedRecord> Builder<V> events(String address, Class<V> type) {
        return new Builder<>(address, PortKind.EVENTS, type);
    }

    /** The owner's port: the same schema, event time, key and rules. */
    static <V extends IndexedRecord> InputPort<V> of(PortContract<V> contract, @Nullable SourcePort<V> source) {
        return new InputPort<>(Declared.of(
                new Needs<>(contract.address(), contract.kind(), contract.records(), Optional.ofNullable(source))));
    }

    @Override
    public PortAddress address() {
        return needs.get().address();
    }

    /** Table or events, as the owner declares it. */
    public PortKind kind() {
        return needs.get().kind();
    }

    /** The Java class of the values. */
    public Class<V> type() {
        return needs.get().records().type();
    }

    /** The schema the reader needs. */
    public Schema reader() {
        return needs.get().records().schema();
    }

    /** The field of the reader's schema that carries event time, if one does. */
    public EventTime eventTime() {
        return needs.get().records().eventTime();
    }

    /** What the key of every record must be; a record under another key is rejected. Empty = any key. */
    public Optional<KeyRule<V>> key() {
        return needs.get().records().key();
    }

    /** How much older than the newest record of its partition a record may be, in event time, before it is rejected as late; empty = unlimited. */
    public Optional<Duration> lateness() {
        return source().flatMap(port -> port instanceof EventSource<V> events ? events.lateness() : Optional.empty());
    }

    /** What the reader demands of every record in addition to the schema. */
    public List<QualityRule<V>> rules() {
        return needs.get().records().rules();
    }

    /** The size limit of a serialized value, in bytes; a larger one is rejected. */
    public int maxRecordBytes() {
        return needs.get().records().maxBytes();
    }

    /** The source port, if this is a private source of the reader's own domain. */
    public Optional<SourcePort<V>> source() {
        return needs.get().source();
    }

    @Override
    public String topic() {
        return source().map(SourcePort::topic).orElseGet(() -> address().topic());
    }

    /** The topics in Kafka: one, unless the reader's domain {@linkplain SourceBuilder#topics declares several}. */
    public List<String> topics() {
        return source().map(SourcePort::topics)
                .orElseGet(() -> List.of(address().topic()));
    }

    /** Whether this is a source whose topic belongs to somebody else. */
    public boolean isExternal() {
        return source().filter(SourcePort::isExternal).isPresent();
    }

    /** How far an event time may be ahead of the record's timestamp; empty = unlimited. */
    public Optional<Duration> furthestAhead() {
        return source().flatMap(SourcePort::furthestAhead);
    }

    /** The format of its keys; empty = that of published ports: text in UTF-8. */
    public Optional<KeyFormat> keys() {
        return source().flatMap(SourcePort::keys);
    }

    /** Whether a record's key is computed from its value, see {@link EventSource#keyedBy}. */
    public boolean isKeyedByValue() {
        return source().filter(SourcePort::isKeyedByValue).isPresent();
    }

    /** Which records of the topic the port selects; published ports select all. */
    public RecordFilter filter() {
        return source().map(SourcePort::filter).orElse(RecordFilter.ALL);
    }

    /** Whether records get other keys than those in the topic, and therefore go through a repartition topic. */
    public boolean isRekeyed() {
        return keys().isPresent() || isKeyedByValue();
    }

    /** Whether values begin with byte 0 and the id of an Avro schema in the registry. */
    public boolean hasSchemaIds() {
        return format().map(ValueFormat::hasSchemaIds).orElse(true);
    }

    /** Whether keys begin with byte 0 and the id of an Avro schema in the registry. */
    public boolean hasSchemaIdsInKeys() {
        return keys().filter(KeyFormat::hasSchemaIds).isPresent();
    }

    /** The format of its values; empty = that of published ports: Avro in the Confluent wire format. */
    public Optional<ValueFormat> format() {
        return source().flatMap(SourcePort::format);
    }

    /** Whether records may be replaced and taken back: true for all ports except an {@link EventSource}. */
    public boolean isCorrectable() {
        return source().filter(port -> port instanceof EventSource<V>).isEmpty();
    }

    @Override
    public InputPort<V> asInput() {
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InputPort<?> port && needs.found().equals(port.needs.found());
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(needs.found());
    }

    @Override
    public String toString() {
        return needs.found().map(known -> known.address().toString()).orElse("invalid input port");
    }

    /**
     * Declares what a product needs of another domain's port. All problems are reported together, by the product that reads the port. Not
     * thread-safe.
     *
     * @param <V> the class of the values
     */
    public static final class Builder<V extends IndexedRecord> {
        private final String address;
        private final PortKind kind;
        private final Class<V> type;
        private final RecordDeclaration<V> records;

        private Builder(String address, PortKind kind, Class<V> type) {
            this.address = address;
            this.kind = kind;
            this.type = type;
            this.records = new RecordDeclaration<>(type);
        }

        /** The Avro schema that you need; only for generic records, because a generated class has its own. */
        public Builder<V> schema(Schema schema) {
            records.schema(schema);
            return this;
        }

        /** The field with the event time: a timestamp or a date, never null. Required, unless you call {@link #withoutEventTime}. */
        public Builder<V> eventTime(String field) {
            records.eventTime(known -> EventTime.in(known, field));
            return this;
        }

        /** Declares that you need no event time of the table's rows, instead of {@link #eventTime}: a record's timestamp takes its place. */
        public Builder<V> withoutEventTime() {
            records.eventTime(known -> EventTime.NONE);
            return this;
        }

        /**
         * Declares that the key of every record is the text of this field, see {@link PortBuilder#key(String)}. A record under another key is
         * rejected, and in a table deletes the key under which it came. Not needed if the owner declares the key.
         */
        public Builder<V> key(String field) {
            records.key(known -> KeyRule.field(known, field));
            return this;
        }

        /**
         * Declares that the key of every record is computed from its value, see {@link #key(String)}.
         *
         * @param description of the key, such as {@code day|segment}, for dead letters
         * @param key a pure function that is safe to call from several threads; a record for which it returns null is rejected
         */
        public Builder<V> key(String description, Function<? super V, String> key) {
            records.key(known -> new KeyRule<>(description, key));
            return this;
        }

        /** The size limit of a serialized value, in bytes, 512 KiB by default; a larger one is rejected. */
        public Builder<V> maxRecordBytes(int bytes) {
            records.maxBytes(bytes);
            return this;
        }

        /**
         * Demands something of every record; what does not hold it is refused, and in a table deletes its key. A pure, thread-safe
         * function; or better, where it can say it, a {@link io.kappamesh.condition.Condition}: that the owner can check before he deploys.
         */
        public Builder<V> demands(String rule, String description, Predicate<? super V> holds) {
            return demands(rule, description, holds, RulePolicy.DEAD_LETTER);
        }

        /** The same with a policy: records for which it does not hold are only counted, are dead letters, or stop the product. */
        public Builder<V> demands(String rule, String description, Predicate<? super V> holds, RulePolicy policy) {
            records.rule(rule, description, holds, policy);
            return this;
        }

        /** Builds the port. Its problems are reported together by the product that reads it, or at any other use of the port. */
        public InputPort<V> build() {
            List<String> all = new ArrayList<>();
            String where = "input port " + address + ": ";
            @Nullable PortAddress parsed = Declared.attempt(all, () -> PortAddress.of(address));
            @Nullable
            RecordContract<V> known = records.found(
                    where,
                    type.getName()
                            + " is no generated Avro class; read with a generated class of the schema you need, or"
                            + " give one in schema(…)",
                    all);
            if (parsed == null || known == null) {
                return new InputPort<>(Declared.wrong(all));
            }
            @Nullable Needs<V> needs = Declared.attempt(all, () -> new Needs<>(parsed, kind, known, Optional.empty()));
            return new InputPort<>(needs == null || !all.isEmpty() ? Declared.wrong(all) : Declared.of(needs));
        }
    }
}
