package io.kappamesh.contract;

import io.kappamesh.declaration.Declared;
import io.kappamesh.time.EventTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Declares an owned port. What is wrong with it is reported all at once, with what is wrong with the other ports of a product, when
 * the product is declared, or at any other use of the port. Not thread-safe.
 *
 * @param <V> the class of the values
 * @param <P> the port that comes out
 */
public abstract sealed class PortBuilder<V extends IndexedRecord, P extends OwnedPort<V>>
        permits OutputBuilder, SourceBuilder {
    private final String address;
    private final PortKind kind;
    private final List<String> problems = new ArrayList<>();
    private final RecordDeclaration<V> records;
    private String description = "";
    private int partitions = 4;
    private Optional<Compression> compression = Optional.empty();
    private ServiceLevels levels = ServiceLevels.DEFAULT;

    PortBuilder(String address, PortKind kind, Class<V> type) {
        this.address = address;
        this.kind = kind;
        this.records = new RecordDeclaration<>(type);
    }

    /** The schema of the values; needed only for generic records, because a generated class carries its own. */
    public PortBuilder<V, P> schema(Schema schema) {
        records.schema(schema);
        return this;
    }

    /**
     * The field that carries event time: a timestamp or a date, never null; {@code payment.at} for a field of a record
     * inside. Required, unless {@link #withoutEventTime} is said.
     */
    public PortBuilder<V, P> eventTime(String field) {
        records.eventTime(known -> EventTime.in(known, field));
        return this;
    }

    final void eventTimeIs(Function<Schema, EventTime> found) {
        records.eventTime(found);
    }

    /**
     * The rows have no time of their own, such as a total per customer or a list of countries: in place of {@link #eventTime}. A source's
     * record then has the time of its timestamp. A record that the product publishes is stamped with the beginning of 1970, always, so that
     * replay and live do not differ in it, and nothing that is compared or corrected depends on it. For tables only; without retention and
     * look-back, which are counted in event time.
     */
    public PortBuilder<V, P> withoutEventTime() {
        records.eventTime(known -> EventTime.NONE);
        return this;
    }

    /**
     * The key of every record is the text of this field: a string, an enum, an int, a long, or a date as {@code 2026-03-01}, never null.
     * A record that comes in under another key is a dead letter; one that the product publishes under another key is a bug, which ends
     * the product.
     */
    public PortBuilder<V, P> key(String field) {
        records.key(known -> KeyRule.field(known, field));
        return this;
    }

    /**
     * The key of every record is what this function makes of its value, see {@link #key(String)}.
     *
     * @param description what the key is, such as {@code day|segment}; it stands in dead letters
     * @param key pure, and safe to call from several threads
     */
    public PortBuilder<V, P> key(String description, Function<? super V, String> key) {
        records.key(known -> new KeyRule<>(description, key));
        return this;
    }

    /** What the port tells, for a reader of the catalogue. Required. */
    public PortBuilder<V, P> describedAs(String description) {
        this.description = description;
        return this;
    }

    /** How many partitions the topic has, 4 by default. Another number later is another major version. */
    public PortBuilder<V, P> partitions(int partitions) {
        this.partitions = partitions;
        return this;
    }

    /** The largest serialized value in bytes: 512 KiB by default, and at most 64 MiB. */
    public PortBuilder<V, P> maxRecordBytes(int bytes) {
        records.maxBytes(bytes);
        return this;
    }

    /**
     * How the topic's batches are compressed ({@code compression.type} of the topic). If not declared, the topic keeps what the producer
     * writes, which is lz4; clients other than Kafka's own may need an extra codec for that, while all of them read gzip. If all output
     * ports of a product declare the same, its producer uses it; otherwise brokers compress again.
     */
    public PortBuilder<V, P> compression(Compression compression) {
        this.compression = Optional.of(compression);
        return this;
    }

    /** How far the port may be behind its inputs while live, ten seconds by default. */
    public PortBuilder<V, P> freshWithin(Duration freshness) {
        return levels(() -> new ServiceLevels(freshness, levels.retention(), levels.lookBack()));
    }

    /** For how long records are kept, counted in event time; for ever by default. */
    public PortBuilder<V, P> keptFor(Duration retention) {
        return levels(() -> new ServiceLevels(levels.freshness(), Optional.of(retention), levels.lookBack()));
    }

    /**
     * How far before a value's event time the records may lie that decide about it: about what it says, and whether there is one at all.
     * Zero where a value follows from records of its own time and later, such as the sum of a day that is stamped with the beginning
     * of the day. A running total, or the first of its kind, has no such limit: do not declare one. It matters once an input has lost
     * records: a replay then leaves alone what is public and older than its history and this, and, undeclared, all of the port.
     */
    public PortBuilder<V, P> lookingBack(Duration before) {
        return levels(() -> new ServiceLevels(levels.freshness(), levels.retention(), Optional.of(before)));
    }

    /**
     * Adds a promise about every record. The function is pure and safe to call from several threads; a
     * {@link io.kappamesh.condition.Condition}, where it can say it, stands in the catalogue.
     */
    public PortBuilder<V, P> promises(String rule, String description, Predicate<? super V> holds) {
        records.rule(rule, description, holds);
        return this;
    }

    /** The port. What is wrong with it is reported when it is used, because ports are declared in static fields. */
    public P build() {
        List<String> all = new ArrayList<>(problems);
        @Nullable PortContract<V> contract = contract(all);
        return finish(contract == null || !all.isEmpty() ? Declared.wrong(all) : Declared.of(contract));
    }

    /** The port of a contract, or of what is wrong with it. */
    abstract P finish(Declared<PortContract<V>> contract);

    private @Nullable PortContract<V> contract(List<String> all) {
        @Nullable PortAddress parsed = Declared.attempt(all, () -> PortAddress.of(address));
        String where = "port " + address + ": ";
        @Nullable
        RecordContract<V> known = records.found(where, "generic records need their schema; set schema(…)", all);
        if (parsed == null || known == null) {
            return null;
        }
        return Declared.attempt(
                all, () -> new PortContract<>(parsed, kind, known, partitions, compression, levels, description));
    }

    private PortBuilder<V, P> levels(Supplier<ServiceLevels> changed) {
        ServiceLevels next = Declared.attempt(problems, changed);
        levels = next == null ? levels : next;
        return this;
    }
}
