package io.kappamesh.contract;

import io.kappamesh.Internal;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.declaration.Problems;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the key of a record must be: a function of its value.
 *
 * @param description what the key is, to follow "the key is not": {@code orderId}, or {@code day|segment}. It stands in dead letters
 * @param key a pure function from a value to its key; must be safe to call from several threads
 */
public record KeyRule<V>(String description, Function<? super V, ? extends @Nullable String> key) {

    public KeyRule {
        Problems problems = new Problems("key rule");
        problems.unless(!description.isBlank(), "a description is missing; say what the key is, such as day|segment");
        problems.throwIfAny();
    }

    /**
     * The key is the text of a field: a string, an enum, an int, a long, or a date as {@code 2026-03-01}.
     *
     * @throws DeclarationException when the schema has no such field, or one that has no text of its own or may be null
     */
    @Internal
    public static <V extends IndexedRecord> KeyRule<V> field(Schema schema, String field) {
        Problems problems = new Problems("schema " + schema.getFullName());
        Schema.@Nullable Field found = schema.getType() == Schema.Type.RECORD ? schema.getField(field) : null;
        problems.unless(found != null, "key field '" + field + "' does not exist; name a field of the record");
        problems.unless(
                found == null || hasText(found.schema()),
                "key field '" + field
                        + "' must be a string, an enum, an int, a long or a date that is never null; for anything else give a"
                        + " function in key(…)");
        problems.throwIfAny();
        int position = found == null ? -1 : found.pos();
        boolean isDate = found != null && found.schema().getLogicalType() instanceof LogicalTypes.Date;
        return new KeyRule<>(field, new FieldText<>(position, isDate));
    }

    /** A function that is known by the field which it reads. */
    private record FieldText<V extends IndexedRecord>(int position, boolean isDate)
            implements Function<V, @Nullable String> {
        @Override
        public @Nullable String apply(V value) {
            return text(value.get(position), isDate);
        }
    }

    /** The field whose text is the key; empty = it is another function of the value. */
    @Internal
    public Optional<String> field() {
        return key instanceof FieldText<?> ? Optional.of(description) : Optional.empty();
    }

    private static boolean hasText(Schema schema) {
        @Nullable LogicalType logical = schema.getLogicalType();
        return switch (schema.getType()) {
            case STRING, ENUM -> true;
            case INT -> logical == null || logical instanceof LogicalTypes.Date;
            case LONG -> logical == null;
            default -> false;
        };
    }

    private static @Nullable String text(@Nullable Object value, boolean isDate) {
        if (value == null) {
            return null;
        }
        return isDate && value instanceof Integer days
                ? LocalDate.ofEpochDay(days).toString()
                : value.toString();
    }

    /** The key that a value must have; null if the rule gives none. */
    public @Nullable String of(V value) {
        return key.apply(value);
    }
}
