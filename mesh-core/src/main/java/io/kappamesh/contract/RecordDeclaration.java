package io.kappamesh.contract;

import io.kappamesh.condition.Condition;
import io.kappamesh.declaration.Declared;
import io.kappamesh.rule.QualityRule;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.time.EventTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** What the builder of a port is told of its records: their schema, and, by that, event time and key; rules and size. Not thread-safe. */
final class RecordDeclaration<V extends IndexedRecord> {
    private final Class<V> type;
    private final List<String> problems = new ArrayList<>();
    private final List<QualityRule<V>> rules = new ArrayList<>();
    private int maxBytes = RecordContract.DEFAULT_MAX_BYTES;
    private @Nullable Schema schema;
    private @Nullable Function<Schema, EventTime> eventTime;
    private @Nullable Function<Schema, KeyRule<V>> key;

    RecordDeclaration(Class<V> type) {
        this.type = type;
        schema = RecordSchemas.of(type);
    }

    void schema(Schema given) {
        schema = given;
    }

    void eventTime(Function<Schema, EventTime> declared) {
        eventTime = declared;
    }

    void key(Function<Schema, KeyRule<V>> declared) {
        key = declared;
    }

    void rule(String name, String description, Predicate<? super V> holds, RulePolicy policy) {
        Optional.ofNullable(Declared.attempt(problems, () -> new QualityRule<V>(name, description, holds, policy)))
                .ifPresent(rules::add);
    }

    void maxBytes(int bytes) {
        maxBytes = bytes;
    }

    /**
     * All of it; null, with every problem added, if it does not hold.
     *
     * @param where what problems begin with
     * @param all takes the problems
     * @param withoutSchema what is wrong where the class has no schema and none was given
     */
    @Nullable
    RecordContract<V> found(String where, String withoutSchema, List<String> all) {
        all.addAll(problems);
        Schema known = schema;
        if (known == null) {
            all.add(where + withoutSchema);
        }
        Function<Schema, EventTime> time = eventTime;
        if (time == null) {
            all.add(where + "which field carries event time is missing; set eventTime(…), or withoutEventTime()"
                    + " for the rows of a table that have none");
        }
        @Nullable
        EventTime declared = known == null || time == null ? null : Declared.attempt(all, () -> time.apply(known));
        Function<Schema, KeyRule<V>> rule = key;
        Optional<KeyRule<V>> keyed = known == null || rule == null
                ? Optional.empty()
                : Optional.ofNullable(Declared.attempt(all, () -> rule.apply(known)));
        long distinct = rules.stream().map(QualityRule::name).distinct().count();
        if (distinct != rules.size()) {
            all.add(where + "two quality rules have one name; give each its own");
        }
        if (known != null) {
            rules.stream()
                    .filter(one -> one.holds() instanceof Condition)
                    .flatMap(one -> ((Condition) one.holds())
                            .problems(known).stream().map(problem -> where + "rule " + one.name() + ": " + problem))
                    .forEach(all::add);
        }
        return known == null || declared == null
                ? null
                : new RecordContract<>(type, known, declared, keyed, rules, maxBytes);
    }
}
