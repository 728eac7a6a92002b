package io.kappamesh.columns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records, arrays, maps and unions of several types as {@code jsonb}. Fields have the names of the contract; decimals are numbers, dates and times
 * are text in ISO-8601, bytes are hexadecimal text, and a number that is none is the text {@code NaN}, {@code Infinity} or {@code -Infinity}.
 */
record JsonColumn(Schema schema) implements ColumnType {
    private static final int ANY = Integer.MAX_VALUE;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(ANY)
                        .maxNumberLength(ANY)
                        .maxNameLength(ANY)
                        .maxNestingDepth(ANY)
                        .build());
    }

    @Override
    public String sql() {
        return "jsonb";
    }

    @Override
    public void write(Object value, CopyText out) throws UnloadableException {
        JsonText.write(schema, value, out);
    }

    @Override
    public boolean holds(Object value, String text) {
        try {
            return same(schema, value, JSON.readTree(text));
        } catch (JsonProcessingException none) {
            return false;
        }
    }

    /** By another way than {@link JsonText}, so that a fault there is found. */
    private static boolean same(Schema type, Object value, JsonNode found) {
        if (type.getType() == Schema.Type.UNION) {
            return same(type.getTypes().get(GenericData.get().resolveUnion(type, value)), value, found);
        }
        return switch (type.getType()) {
            case NULL -> found.isNull();
            case RECORD -> sameRecord(type, (IndexedRecord) value, found);
            case ARRAY -> sameItems(type.getElementType(), (Collection<?>) value, found);
            case MAP -> sameEntries(type.getValueType(), (Map<?, ?>) value, found);
            case BOOLEAN -> found.isBoolean() && value.equals(found.booleanValue());
            default -> sameScalar(type, value, found);
        };
    }

    private static boolean sameScalar(Schema type, Object value, JsonNode found) {
        if (value instanceof Number number && type.getLogicalType() == null) {
            if (!Double.isFinite(number.doubleValue())) {
                return found.isTextual() && found.textValue().equals(value.toString());
            }
            return found.isNumber() && new java.math.BigDecimal(value.toString()).compareTo(found.decimalValue()) == 0;
        }
        try {
            Object meant = GenericScalars.of(type, value);
            return meant instanceof java.math.BigDecimal decimal
                    ? found.isNumber() && decimal.compareTo(found.decimalValue()) == 0
                    : found.isTextual() && found.textValue().equals(String.valueOf(meant));
        } catch (UnloadableException none) {
            return false;
        }
    }

    private static boolean sameRecord(Schema type, IndexedRecord value, JsonNode found) {
        if (!found.isObject()) {
            return false;
        }
        for (Schema.Field field : type.getFields()) {
            JsonNode inside = found.get(field.name());
            JsonNode meant = inside == null ? defaultOf(field) : inside;
            if (meant == null || !same(field.schema(), value.get(field.pos()), meant)) {
                return false;
            }
        }
        return true;
    }

    /**
     * What a field is in a row that was written before the contract had it, as for a reader of the newest version; null = there is no such row. A field
     * that only the row has is of an older version.
     */
    private static @Nullable JsonNode defaultOf(Schema.Field field) {
        if (!field.hasDefaultValue()) {
            return null;
        }
        CopyText text = CopyText.plain();
        try {
            JsonText.write(field.schema(), GenericData.get().getDefaultValue(field), text);
            return JSON.readTree(text.toString());
        } catch (UnloadableException | JsonProcessingException none) {
            return null;
        }
    }

    private static boolean sameItems(Schema type, Collection<?> items, JsonNode found) {
        if (!found.isArray() || found.size() != items.size()) {
            return false;
        }
        Iterator<JsonNode> inside = found.elements();
        for (Object item : items) {
            if (!same(type, item, inside.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameEntries(Schema type, Map<?, ?> entries, JsonNode found) {
        if (!found.isObject() || found.size() != entries.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            JsonNode inside = found.get(entry.getKey().toString());
            if (inside == null || !same(type, entry.getValue(), inside)) {
                return false;
            }
        }
        return true;
    }
}
