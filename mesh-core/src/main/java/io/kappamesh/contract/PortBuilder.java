package io.kappamesh.contract;

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
 * Declares an owned port; {@link #build()} reports every problem at once. Not thread-safe.
 *
 * @param <V> the class of the values
 * @param <P> the port that comes out
 */
public final class PortBuilder<V extends IndexedRecord, P extends OwnedPort<V>> {
    private final String address;
    private final PortKind kind;
    private final Class<V> type;
    private final Function<PortContract<V>, P> finish;
    private final List<QualityRule<V>> rules = new ArrayList<>();
    private @Nullable Schema schema;
    private @Nullable String eventTime;
    private @Nullable Function<Schema, KeyRule<V>> key;
    private String description = "";
    private int partitions = 4;
    private int maxRecordBytes = PortContract.DEFAULT_MAX_RECORD_BYTES;
    private ServiceLevels levels = ServiceLevels.DEFAULT;

    PortBuilder(String address, PortKind kind, Class<V> type, Function<PortContract<V>, P> finish) {
        this.address = address;
        this.kind = kind;
        this.type = type;
        this.finish = finish;
        this.schema = RecordSchemas.of(type);
    }

    /** The schema of the values; needed only for generic records, because a generated class carries its own. */
    public PortBuilder<V, P> schema(Schema schema) {
        this.schema = schema;
        return this;
    }

    /** The field that carries event time: a timestamp or a date, never null. Required. */
    public PortBuilder<V, P> eventTime(String field) {
        this.eventTime = field;
        return this;
    }

    /**
     * The key of every record is the text of this field: a string, an enum, an int, a long, or a date as {@code 2026-03-01}, never null.
     * A record that comes in under another key is a dead letter; one that the product publishes under another key is a bug, which ends
     * the product.
     */
    public PortBuilder<V, P> key(String field) {
        this.key = known -> KeyRule.field(known, field);
        return this;
    }

    /**
     * The key of every record is what this function makes of its value, see {@link #key(String)}.
     *
     * @param description what the key is, such as {@code day|segment}; it stands in dead letters
     * @param key pure, and safe to call from several threads
     */
    public PortBuilder<V, P> key(String description, Function<? super V, String> key) {
        this.key = known -> new KeyRule<>(description, key);
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
        this.maxRecordBytes = bytes;
        return this;
    }

    /** How far the port may be behind its inputs while live, ten seconds by default. */
    public PortBuilder<V, P> freshWithin(Duration freshness) {
        this.levels = new ServiceLevels(freshness, levels.retention(), levels.lookBack());
        return this;
    }

    /** For how long records are kept, counted in event time; for ever by default. */
    public PortBuilder<V, P> keptFor(Duration retention) {
        this.levels = new ServiceLevels(levels.freshness(), Optional.of(retention), levels.lookBack());
        return this;
    }

    /**
     * How far before a value's event time the records may lie that decide about it: about what it says, and whether there is one at all.
     * Zero where a value follows from records of its own time and later, such as the sum of a day that is stamped with the beginning
     * of the day. A running total, or the first of its kind, has no such limit: do not declare one. It matters once an input has lost
     * records: a replay then leaves alone what is public and older than its history and this, and, undeclared, all of the port.
     */
    public PortBuilder<V, P> lookingBack(Duration before) {
        this.levels = new ServiceLevels(levels.freshness(), levels.retention(), Optional.of(before));
        return this;
    }

    /** Adds a promise about every record. The function is pure and safe to call from several threads. */
    public PortBuilder<V, P> promises(String rule, String description, Predicate<? super V> holds) {
        rules.add(new QualityRule<>(rule, description, holds));
        return this;
    }

    /**
     * The port.
     *
     * @throws DeclarationException with every problem of the declaration
     */
    public P build() {
        List<String> problems = new ArrayList<>();
        @Nullable PortAddress parsed = attempt(problems, () -> PortAddress.of(address));
        String where = "port " + address + ": ";
        @Nullable EventTime time = null;
        Schema known = schema;
        if (known == null) {
            problems.add(where + "generic records need their schema; set schema(…)");
        }
        if (eventTime == null) {
            problems.add(where + "which field carries event time is missing; set eventTime(…)");
        } else if (known != null) {
            String field = eventTime;
            time = attempt(problems, () -> EventTime.in(known, field));
        }
        Optional<KeyRule<V>> keyRule = Optional.empty();
        if (key != null && known != null) {
            Function<Schema, KeyRule<V>> rule = key;
            keyRule = Optional.ofNullable(attempt(problems, () -> rule.apply(known)));
        }
        long distinct = rules.stream().map(QualityRule::name).distinct().count();
        if (distinct != rules.size()) {
            problems.add(where + "two quality rules have one name; give each its own");
        }
        if (parsed == null || time == null || known == null) {
            throw new DeclarationException(problems);
        }
        EventTime declared = time;
        PortAddress at = parsed;
        Optional<KeyRule<V>> keyed = keyRule;
        @Nullable
        PortContract<V> contract = attempt(
                problems,
                () -> new PortContract<>(
                        at,
                        kind,
                        type,
                        known,
                        declared,
                        keyed,
                        partitions,
                        maxRecordBytes,
                        levels,
                        rules,
                        description));
        if (contract == null || !problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
        return finish.apply(contract);
    }

    private static <T> @Nullable T attempt(List<String> problems, Supplier<T> step) {
        try {
            return step.get();
        } catch (DeclarationException refused) {
            problems.addAll(refused.problems());
            return null;
        }
    }
}
