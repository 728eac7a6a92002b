package io.kappamesh.avro;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Finds decimals of more digits than their schema allows. Avro checks that when it writes and not when it reads: without this,
 * such a value would come in by the door and stop the program when it goes out again.
 *
 * <p>Compiled from a schema once, and walks only what can hold a decimal. Immutable after that, thread-safe.
 */
final class DecimalLimits {

    /** Where inside a value the first decimal is that is too long, or null. */
    @FunctionalInterface
    private interface Check {
        @Nullable
        String exceeded(Object datum);
    }

    /** A field that can hold a decimal. */
    private record FieldCheck(String name, int position, Check check) {}

    /** Filled after it is made, because a record may be inside itself. */
    private static final class RecordCheck implements Check {

        private FieldCheck[] fields = {};

        @Override
        public @Nullable String exceeded(Object datum) {
            IndexedRecord holder = (IndexedRecord) datum;
            for (FieldCheck field : fields) {
                Object value = holder.get(field.position);
                String found = value == null ? null : field.check.exceeded(value);
                if (found != null) {
                    return "." + field.name + found;
                }
            }
            return null;
        }
    }

    private final Map<String, RecordCheck> records = new HashMap<>();
    private final String name;
    private final @Nullable Check root;

    /** Limits of the decimals in a record schema. */
    DecimalLimits(Schema schema) {
        name = schema.getName();
        root = check(schema);
    }

    /** The path of the first decimal that is too long, or null. */
    @Nullable
    String firstExceeded(Object datum) {
        String found = root == null ? null : root.exceeded(datum);
        return found == null ? null : name + found;
    }

    /** Null if nothing in there can be a decimal. */
    private @Nullable Check check(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case ARRAY -> all(check(schema.getElementType()));
            case MAP -> values(check(schema.getValueType()));
            case UNION -> union(schema);
            default -> schema.getLogicalType() instanceof LogicalTypes.Decimal limit ? decimal(limit) : null;
        };
    }

    private static Check decimal(LogicalTypes.Decimal limit) {
        int precision = limit.getPrecision();
        return datum -> datum instanceof BigDecimal number && number.precision() > precision ? "" : null;
    }

    private @Nullable Check record(Schema schema) {
        RecordCheck known = records.get(schema.getFullName());
        if (known != null) {
            return known;
        }
        RecordCheck check = new RecordCheck();
        records.put(schema.getFullName(), check);
        check.fields = schema.getFields().stream()
                .map(field -> {
                    Check inside = check(field.schema());
                    return inside == null ? null : new FieldCheck(field.name(), field.pos(), inside);
                })
                .filter(Objects::nonNull)
                .toArray(FieldCheck[]::new);
        return check.fields.length == 0 ? null : check;
    }

    private static @Nullable Check all(@Nullable Check element) {
        return element == null ? null : datum -> first((Collection<?>) datum, element);
    }

    private static @Nullable Check values(@Nullable Check element) {
        return element == null ? null : datum -> first(((Map<?, ?>) datum).values(), element);
    }

    private static @Nullable String first(Collection<?> values, Check element) {
        for (Object value : values) {
            String found = value == null ? null : element.exceeded(value);
            if (found != null) {
                return "[]" + found;
            }
        }
        return null;
    }

    /** The branch is told by the Java value, as Avro does. */
    private @Nullable Check union(Schema union) {
        List<Map.Entry<Schema, Check>> branches = union.getTypes().stream()
                .<Map.Entry<Schema, Check>>mapMulti((branch, into) -> {
                    Check inside = check(branch);
                    if (inside != null) {
                        into.accept(Map.entry(branch, inside));
                    }
                })
                .toList();
        return branches.isEmpty() ? null : datum -> firstBranch(branches, datum);
    }

    private static @Nullable String firstBranch(List<Map.Entry<Schema, Check>> branches, Object datum) {
        for (Map.Entry<Schema, Check> branch : branches) {
            if (holds(branch.getKey(), datum)) {
                return branch.getValue().exceeded(datum);
            }
        }
        return null;
    }

    private static boolean holds(Schema branch, Object datum) {
        return switch (branch.getType()) {
            case RECORD ->
                datum instanceof IndexedRecord inside
                        && inside.getSchema().getFullName().equals(branch.getFullName());
            case ARRAY -> datum instanceof Collection;
            case MAP -> datum instanceof Map;
            default -> datum instanceof BigDecimal;
        };
    }
}
