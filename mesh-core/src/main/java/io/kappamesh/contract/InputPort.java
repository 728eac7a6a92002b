package io.kappamesh.contract;

import io.kappamesh.declaration.Declared;
import io.kappamesh.declaration.Problems;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.format.ValueFormat;
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
 * What a product reads: an address and the schema it needs. The reader may need less than the owner serves; Avro's schema
 * resolution drops the rest. Immutable; two that say the same are equal.
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

    /** Begins the declaration of somebody's table port, read by its published contract. */
    public static <V extends IndexedRecord> Builder<V> table(String address, Class<V> type) {
        return new Builder<>(address, PortKind.TABLE, type);
    }

    /** Begins the declaration of somebody's event port, read by its published contract. */
    public static <V extends IndexedRecord> Builder<V> events(String address, Class<V> type) {
        return new Builder<>(address, PortKind.EVENTS, type);
    }

    /** The port of an owner as it is: the same schema, event time, key and rules. */
    static <V extends IndexedRecord> InputPort<V> of(PortContract<V> contract, @Nullable SourcePort<V> source) {
        return new InputPort<>(Declared.of(
                new Needs<>(contract.address(), contract.kind(), contract.records(), Optional.ofNullable(source))));
    }

    /** The owner's port. */
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

    /** What the key of every record must be; a record under another key is refused. Empty = anything. */
    public Optional<KeyRule<V>> key() {
        return needs.get().records().key();
    }

    /** How far behind the newest record of its own partition a record may be before it is refused as late; empty = any. */
    public Optional<Duration> lateness() {
        return source().flatMap(port -> port instanceof EventSource<V> events ? events.lateness() : Optional.empty());
    }

    /** What the reader demands of every record, beyond the schema. */
    public List<QualityRule<V>> rules() {
        return needs.get().records().rules();
    }

    /** The largest value in bytes that is let in. */
    public int maxRecordBytes() {
        return needs.get().records().maxBytes();
    }

    /** The port itself when it is a private source of the reader's own domain, which the reader provides. */
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

    /** Whether the topic is somebody else's, although the reader's domain declares it. */
    public boolean isExternal() {
        return source().filter(SourcePort::isExternal).isPresent();
    }

    /** How far an event's time may lie ahead of its record's timestamp; empty = any. */
    public Optional<Duration> furthestAhead() {
        return source().flatMap(SourcePort::furthestAhead);
    }

    /** How its keys are written; empty = text in UTF-8, as those of all published ports. */
    public Optional<KeyFormat> keys() {
        return source().flatMap(SourcePort::keys);
    }

    /** Whether the key of a record follows from its value, whatever the record's own key is. */
    public boolean isKeyedByValue() {
        return source().filter(SourcePort::isKeyedByValue).isPresent();
    }

    /** Which records of the topic are meant; those of published ports are all meant. */
    public RecordFilter filter() {
        return source().map(SourcePort::filter).orElse(RecordFilter.ALL);
    }

    /** Whether records are known by another text than the bytes of their own keys, and go through a repartition topic therefore. */
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

    /** How its values are written; empty = Avro in the Confluent wire format, as those of all published ports. */
    public Optional<ValueFormat> format() {
        return source().flatMap(SourcePort::format);
    }

    /** Whether records may be replaced and taken back: those of all ports but an {@link EventSource}. */
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
        return needs.found()
                .map(known -> known.address().toString())
                .orElse("input port that is not declared as it should be");
    }

    /**
     * Declares what a product reads of somebody. What is wrong is reported by the product that reads the port. Not thread-safe.
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

        /** The schema that you need; only for generic records, because a generated class carries its own. */
        public Builder<V> schema(Schema schema) {
            records.schema(schema);
            return this;
        }

        /** The field that carries event time: a timestamp or a date, never null. Required, unless {@link #withoutEventTime} is said. */
        public Builder<V> eventTime(String field) {
            records.eventTime(known -> EventTime.in(known, field));
            return this;
        }

        /** The rows of the table have no event time that you need: a record has the time of its timestamp, in place of {@link #eventTime}. */
        public Builder<V> withoutEventTime() {
            records.eventTime(known -> EventTime.NONE);
            return this;
        }

        /**
         * The key of every record is the text of this field, as {@link PortBuilder#key(String)} says; a record under another key is refused,
         * and in a table deletes the key under which it came. Not needed where the owner declares it.
         */
        public Builder<V> key(String field) {
            records.key(known -> KeyRule.field(known, field));
            return this;
        }

        /**
         * The key of every record is what this function makes of its value.
         *
         * @param description what the key is, such as {@code day|segment}; it stands in dead letters
         * @param key pure, and safe to call from several threads
         */
        public Builder<V> key(String description, Function<? super V, String> key) {
            records.key(known -> new KeyRule<>(description, key));
            return this;
        }

        /** The largest serialized value in bytes that is let in: 512 KiB by default. */
        public Builder<V> maxRecordBytes(int bytes) {
            records.maxBytes(bytes);
            return this;
        }

        /**
         * Demands something of every record; what does not hold it is refused, and in a table deletes its key. A pure, thread-safe
         * function; or better, where it can say it, a {@link io.kappamesh.condition.Condition}: that the owner can check before he deploys.
         */
        public Builder<V> demands(String rule, String description, Predicate<? super V> holds) {
            records.rule(rule, description, holds);
            return this;
        }

        /** The port. What is wrong with it is reported, all together, by the product that reads it, or by any other use of it. */
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
