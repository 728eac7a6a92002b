package io.kappamesh.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.catalog.Classification;
import io.kappamesh.catalog.FieldMeaning;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * The fields of an Avro schema as properties of ODCS, with everything that is inside of them. ODCS has no union, map or enum: a union is a
 * property without a logical type whose properties are its branches, a map an object whose only property is named {@code *}, an enum a
 * string with the quality rule that it has one of the symbols. The type in Avro's words is the physical type. One thread at a time.
 */
final class OdcsFields {
    private static final String LOGICAL = "logicalType";
    private static final String OPTIONS = "logicalTypeOptions";
    private static final String PROPERTIES = "properties";
    private static final String NAME = "name";
    private static final String FORMAT = "format";
    private static final String STRING = "string";
    private static final String OBJECT = "object";
    private static final String TIMESTAMP = "timestamp";

    /** What is being described, outermost first: a type inside of itself is named and not described again. */
    private final Set<String> within = new HashSet<>();

    private final String key;
    private final String eventTime;

    /**
     * @param key the field of the record that is the primary key; blank = none is
     * @param eventTime the field of the record that carries event time; blank = none does
     */
    OdcsFields(String key, String eventTime) {
        this.key = key;
        this.eventTime = eventTime;
    }

    ArrayNode of(Schema record) {
        ArrayNode fields = fields(record);
        fields.forEach(field -> {
            String name = field.path(NAME).asText();
            if (name.equals(key)) {
                ((ObjectNode) field).put("primaryKey", true).put("primaryKeyPosition", 1);
            }
            if (name.equals(eventTime)) {
                ((ObjectNode) field).withArray("tags").add("event-time");
            }
        });
        return fields;
    }

    private ArrayNode fields(Schema record) {
        ArrayNode fields = Descriptions.node().arrayNode();
        within.add(record.getFullName());
        for (Schema.Field field : record.getFields()) {
            ObjectNode property = fields.addObject().put(NAME, field.name());
            if (field.doc() != null) {
                property.put("description", field.doc());
            }
            property.put("physicalType", FieldMeaning.type(field.schema()));
            property.put("required", !field.schema().isNullable());
            Classification.said(field)
                    .or(() -> Classification.of(field))
                    .ifPresent(word -> property.put("classification", word));
            describe(field.schema(), property);
        }
        within.remove(record.getFullName());
        return fields;
    }

    private void describe(Schema type, ObjectNode into) {
        LogicalType logical = type.getLogicalType();
        if (logical != null && isScalar(type)) {
            logical(logical, type, into);
            return;
        }
        switch (type.getType()) {
            case STRING -> into.put(LOGICAL, STRING);
            case BYTES, FIXED -> formatted(into, STRING, "binary");
            case INT -> formatted(into, "integer", "i32");
            case LONG -> formatted(into, "integer", "i64");
            case FLOAT -> formatted(into, "number", "f32");
            case DOUBLE -> formatted(into, "number", "f64");
            case BOOLEAN -> into.put(LOGICAL, "boolean");
            case ENUM -> symbols(type, into);
            case RECORD -> record(type, into);
            case ARRAY -> {
                into.put(LOGICAL, "array");
                element(type.getElementType(), into.putObject("items"));
            }
            case MAP -> {
                into.put(LOGICAL, OBJECT);
                element(
                        type.getValueType(),
                        into.putArray(PROPERTIES).addObject().put(NAME, "*"));
            }
            case UNION -> union(type, into);
            case NULL -> {
                // Nothing but null: no standard has a type for it.
            }
        }
    }

    private void element(Schema type, ObjectNode into) {
        into.put("physicalType", FieldMeaning.type(type));
        into.put("required", !type.isNullable());
        Classification.of(type).ifPresent(word -> into.put("classification", word));
        describe(type, into);
    }

    private void record(Schema type, ObjectNode into) {
        into.put(LOGICAL, OBJECT);
        if (type.getDoc() != null && !into.has("description")) {
            into.put("description", type.getDoc());
        }
        if (!within.contains(type.getFullName())) {
            into.set(PROPERTIES, fields(type));
        }
    }

    private void union(Schema type, ObjectNode into) {
        List<Schema> branches = type.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        if (branches.size() == 1) {
            describe(branches.get(0), into);
            return;
        }
        ArrayNode all = into.putArray(PROPERTIES);
        branches.forEach(branch -> element(branch, all.addObject().put(NAME, branch.getFullName())));
    }

    private static void symbols(Schema type, ObjectNode into) {
        into.put(LOGICAL, STRING);
        into.putArray("quality")
                .addObject()
                .put("type", "library")
                .put("metric", "invalidValues")
                .put("mustBe", 0)
                .put("description", "One of the symbols of " + type.getName())
                .putObject("arguments")
                .set("validValues", Extensions.texts(type.getEnumSymbols()));
    }

    private static boolean isScalar(Schema type) {
        return switch (type.getType()) {
            case STRING, BYTES, FIXED, INT, LONG -> true;
            default -> false;
        };
    }

    private static void logical(LogicalType logical, Schema type, ObjectNode into) {
        if (logical instanceof LogicalTypes.Decimal) {
            into.put(LOGICAL, "number");
            return;
        }
        String name = logical.getName().toLowerCase(Locale.ROOT);
        if (name.equals("date")) {
            into.put(LOGICAL, "date");
        } else if (name.startsWith("time-")) {
            into.put(LOGICAL, "time");
        } else if (name.startsWith("timestamp-")) {
            into.put(LOGICAL, TIMESTAMP)
                    .putObject(OPTIONS)
                    .put("timezone", true)
                    .put("defaultTimezone", "Etc/UTC");
        } else if (name.startsWith("local-timestamp-")) {
            into.put(LOGICAL, TIMESTAMP).putObject(OPTIONS).put("timezone", false);
        } else if (name.equals("uuid")) {
            formatted(into, STRING, "uuid");
        } else if (type.getType() == Schema.Type.INT || type.getType() == Schema.Type.LONG) {
            formatted(into, "integer", type.getType() == Schema.Type.INT ? "i32" : "i64");
        } else {
            formatted(into, STRING, name);
        }
    }

    private static void formatted(ObjectNode into, String type, String format) {
        into.put(LOGICAL, type).putObject(OPTIONS).put(FORMAT, format);
    }
}
