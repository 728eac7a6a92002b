package io.kappamesh.avro;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Finds decimals of more digits than their schema allows. Avro checks that when it writes and not when it reads: without this,
 * such a value would come in by the door and stop the program when it goes out again.
 *
 * <p>Walks only what can hold a decimal. Immutable, thread-safe.
 */
final class DecimalLimits {

    /** By name of a record: its fields that can hold a decimal. Records without any are absent. */
    private final Map<String, List<Schema.Field>> fields = new HashMap<>();

    private final Schema root;

    /** Limits of the decimals in a record schema. */
    DecimalLimits(Schema root) {
        this.root = root;
        holdsDecimal(root);
    }

    /** The path of the first decimal that is too long, or null. */
    @Nullable
    String firstExceeded(Object datum) {
        return fields.isEmpty() ? null : exceeded(root, datum, root.getName());
    }

    private boolean holdsDecimal(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> recordHoldsDecimal(schema);
            case ARRAY -> holdsDecimal(schema.getElementType());
            case MAP -> holdsDecimal(schema.getValueType());
            case UNION -> schema.getTypes().stream().anyMatch(this::holdsDecimal);
            default -> schema.getLogicalType() instanceof LogicalTypes.Decimal;
        };
    }

    /** A record inside itself counts as holding one: at worst we walk what we need not. */
    private boolean recordHoldsDecimal(Schema schema) {
        if (fields.containsKey(schema.getFullName())) {
            return true;
        }
        fields.put(schema.getFullName(), List.of());
        List<Schema.Field> holding = schema.getFields().stream()
                .filter(f -> holdsDecimal(f.schema()))
                .toList();
        if (holding.isEmpty()) {
            fields.remove(schema.getFullName());
            return false;
        }
        fields.put(schema.getFullName(), holding);
        return true;
    }

    private @Nullable String exceeded(Schema schema, Object datum, String path) {
        return switch (schema.getType()) {
            case RECORD -> exceededInRecord(schema, (IndexedRecord) datum, path);
            case ARRAY -> exceededInAll(schema.getElementType(), (Collection<?>) datum, path);
            case MAP -> exceededInAll(schema.getValueType(), ((Map<?, ?>) datum).values(), path);
            case UNION -> exceededInUnion(schema, datum, path);
            case BYTES, FIXED ->
                datum instanceof BigDecimal number
                                && schema.getLogicalType() instanceof LogicalTypes.Decimal limit
                                && number.precision() > limit.getPrecision()
                        ? path
                        : null;
            default -> null;
        };
    }

    private @Nullable String exceededInRecord(Schema schema, IndexedRecord datum, String path) {
        for (Schema.Field field : fields.getOrDefault(schema.getFullName(), List.of())) {
            Object value = datum.get(field.pos());
            if (value != null) {
                String found = exceeded(field.schema(), value, field.name());
                if (found != null) {
                    return path + "." + found;
                }
            }
        }
        return null;
    }

    private @Nullable String exceededInAll(Schema schema, Collection<?> values, String path) {
        for (Object value : values) {
            if (value != null) {
                String found = exceeded(schema, value, path);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable String exceededInUnion(Schema union, Object datum, String path) {
        for (Schema branch : union.getTypes()) {
            if (holds(branch, datum)) {
                return exceeded(branch, datum, path);
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
            case BYTES, FIXED -> datum instanceof BigDecimal && branch.getLogicalType() instanceof LogicalTypes.Decimal;
            default -> false;
        };
    }
}
