package io.kappamesh.contract;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** What the builder of a port is told of its values: their schema, and, by that, event time and key. Not thread-safe. */
final class ValueDeclaration<V extends IndexedRecord> {
    private @Nullable Schema schema;
    private @Nullable Function<Schema, EventTime> eventTime;
    private @Nullable Function<Schema, KeyRule<V>> key;

    /** What was declared, and holds. */
    record Found<V extends IndexedRecord>(Schema schema, EventTime eventTime, Optional<KeyRule<V>> key) {}

    ValueDeclaration(Class<V> type) {
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

    /**
     * All of it; null, with every problem added, if it does not hold.
     *
     * @param where what problems begin with
     * @param withoutSchema what is wrong where the class has no schema and none was given
     */
    @Nullable
    Found<V> found(String where, String withoutSchema, List<String> problems) {
        Schema known = schema;
        if (known == null) {
            problems.add(where + withoutSchema);
        }
        Function<Schema, EventTime> time = eventTime;
        if (time == null) {
            problems.add(where + "which field carries event time is missing; set eventTime(…), or withoutEventTime()"
                    + " for the rows of a table that have none");
        }
        @Nullable
        EventTime declared = known == null || time == null ? null : Declared.attempt(problems, () -> time.apply(known));
        Function<Schema, KeyRule<V>> rule = key;
        Optional<KeyRule<V>> keyed = known == null || rule == null
                ? Optional.empty()
                : Optional.ofNullable(Declared.attempt(problems, () -> rule.apply(known)));
        return known == null || declared == null ? null : new Found<>(known, declared, keyed);
    }
}
