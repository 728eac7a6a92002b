package io.kappamesh.contract;

import io.kappamesh.declaration.Declared;
import io.kappamesh.level.Objective;
import io.kappamesh.level.ServiceLevels;
import io.kappamesh.rule.RulePolicy;
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
 * Declares a port that a domain owns. All problems of the port are reported together, with those of the other ports of a product: when the
 * product is declared, or at the first use of the port. Not thread-safe.
 *
 * @param <V> the class of the values
 * @param <P> the kind of the port
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

    /** The Avro schema of the values; needed only for generic records, because a generated class has its own. */
    public PortBuilder<V, P> schema(Schema schema) {
        records.schema(schema);
        return this;
    }

    /**
     * The field with the event time: a timestamp or a date, never null. Required, unless you call {@link #withoutEventTime}.
     *
     * @param field its name, or a path for a field of a nested record: {@code payment.at}
     */
    public PortBuilder<V, P> eventTime(String field) {
        records.eventTime(known -> EventTime.in(known, field));
        return this;
    }

    final void eventTimeIs(Function<Schema, EventTime> found) {
        records.eventTime(found);
    }

    /**
     * Declares that the rows have no event time, instead of {@link #eventTime}: a total per customer, or a list of countries. Records of a source
     * then use their own timestamps. Records that the product publishes always have the timestamp 0 (the beginning of 1970), so that a replay
     * does not differ from live processing. For tables only, and without {@link #keptFor} and {@link #lookingBack}, which count in event time.
     */
    public PortBuilder<V, P> withoutEventTime() {
        records.eventTime(known -> EventTime.NONE);
        return this;
    }

    /**
     * Declares that the key of every record is the text of this field. A record that arrives under another key becomes a dead letter. If the
     * product publishes a record under another key, that is a bug, and the product stops.
     *
     * @param field a string, an enum, an int, a long, or a date (as {@code 2026-03-01}), never null
     */
    public PortBuilder<V, P> key(String field) {
        records.key(known -> KeyRule.field(known, field));
        return this;
    }

    /**
     * Declares that the key of every record is computed from its value, see {@link #key(String)}.
     *
     * @param description of the key, such as {@code day|segment}, for dead letters
     * @param key a pure function that is safe to call from several threads; a record for which it returns null is rejected
     */
    public PortBuilder<V, P> key(String description, Function<? super V, String> key) {
        records.key(known -> new KeyRule<>(description, key));
        return this;
    }

    /** Describes what the port offers, in a sentence for readers of the catalogue. Required. */
    public PortBuilder<V, P> describedAs(String description) {
        this.description = description;
        return this;
    }

    /** The number of partitions of the topic, 4 by default. To change it later, publish a new major version of the port. */
    public PortBuilder<V, P> partitions(int partitions) {
        this.partitions = partitions;
        return this;
    }

    /** The size limit of a serialized value, in bytes: 512 KiB by default, and at most 64 MiB. */
    public PortBuilder<V, P> maxRecordBytes(int bytes) {
        records.maxBytes(bytes);
        return this;
    }

    /**
     * The compression of the topic's batches ({@code compression.type} of the topic). By default the topic keeps what the producer writes,
     * which is lz4. Clients other than Kafka's own may need an extra codec for lz4; all of them read gzip. If all output ports of a product
     * declare the same compression, the producer uses it; otherwise the brokers compress again.
     */
    public PortBuilder<V, P> compression(Compression compression) {
        this.compression = Optional.of(compression);
        return this;
    }

    /** How far the port may be behind its inputs while it is live: ten seconds by default. */
    public PortBuilder<V, P> freshWithin(Duration freshness) {
        return levels(() -> levels.freshWithin(freshness));
    }

    /** How long records are kept, counted in event time; forever by default. */
    public PortBuilder<V, P> keptFor(Duration retention) {
        return levels(() -> levels.keptFor(retention));
    }

    /**
     * How far before a value's event time the records may lie that determine the value, or whether it exists at all. Zero if a value is computed
     * from records of its own time and later, such as the sum of a day whose event time is the beginning of the day. Do not declare it for a
     * running total, or for the first event of its kind, which have no such limit.
     *
     * <p>It matters once an input has lost records: a promotion then does not touch published values that are older than the remaining history
     * plus this span. If it is not declared, the promotion does not touch the port at all.
     */
    public PortBuilder<V, P> lookingBack(Duration before) {
        return levels(() -> levels.lookingBack(before));
    }

    /**
     * Promises an objective of the port's service, such as {@code Objective.completeness(0.999)}. The product measures it, and the catalogue, meters and
     * {@code slo} show it. For output ports; of a source port nobody measures it.
     */
    public PortBuilder<V, P> objective(Objective objective) {
        return levels(() -> levels.with(objective));
    }

    /**
     * Adds a promise about every record. The function is pure and safe to call from several threads; a
     * {@link io.kappamesh.condition.Condition}, where it can say it, stands in the catalogue.
     */
    public PortBuilder<V, P> promises(String rule, String description, Predicate<? super V> holds) {
        return promises(rule, description, holds, RulePolicy.DEAD_LETTER);
    }

    /** The same with a policy: of the records of a source port, or of those that {@code becomes} makes records of an output port. */
    public PortBuilder<V, P> promises(String rule, String description, Predicate<? super V> holds, RulePolicy policy) {
        records.rule(rule, description, holds, policy);
        return this;
    }

    /** Builds the port. Its problems are reported when it is used, because ports are declared in static fields. */
    public P build() {
        List<String> all = new ArrayList<>(problems);
        @Nullable PortContract<V> contract = contract(all);
        return finish(contract == null || !all.isEmpty() ? Declared.wrong(all) : Declared.of(contract));
    }

    /** The port with a contract, or with the problems of its declaration. */
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
