package io.kappamesh.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An Avro schema for properties of ODCS. What ODCS leaves open gets the type that holds most, and a note. One thread at a time.
 */
final class AvroSkeleton {
    private static final Pattern DECIMAL =
            Pattern.compile("(?i)(?:decimal|numeric|number)\\s*\\(\\s*(\\d{1,4})\\s*(?:,\\s*(\\d{1,4})\\s*)?\\)");
    private static final String NAME = "name";
    private static final String TYPE = "type";
    private static final String LOGICAL = "logicalType";
    private static final String STRING = "string";

    private final Set<String> records = new HashSet<>();
    private final List<String> notes = new ArrayList<>();

    /** What somebody has to look at: a sentence each. */
    List<String> notes() {
        return notes;
    }

    ObjectNode record(String name, String doc, JsonNode properties) {
        String own = capital(name);
        for (int n = 2; !records.add(own); n++) {
            own = capital(name) + n;
        }
        ObjectNode record = Descriptions.node().put(TYPE, "record").put(NAME, own);
        if (!doc.isBlank()) {
            record.put("doc", doc);
        }
        ArrayNode fields = record.putArray("fields");
        Set<String> names = new HashSet<>();
        for (JsonNode property : properties) {
            fields.add(field(own, property, names));
        }
        return record;
    }

    private ObjectNode field(String record, JsonNode property, Set<String> names) {
        String said = property.path(NAME).asText();
        String name = unique(identifier(said), names);
        if (!name.equals(said)) {
            notes.add(record + "." + name + ": was '" + said + "', which Avro does not take as a name");
        }
        ObjectNode field = Descriptions.node().put(NAME, name);
        JsonNode type = type(record, name, property);
        if (property.path("required").asBoolean() || property.path("primaryKey").asBoolean()) {
            field.set(TYPE, type);
        } else {
            field.putArray(TYPE).add("null").add(type);
            field.putNull("default");
        }
        String doc = property.path("description").asText();
        if (!doc.isBlank()) {
            field.put("doc", doc);
        }
        String classification = property.path("classification").asText();
        if (!classification.isBlank()) {
            field.put("classification", classification);
        }
        return field;
    }

    private JsonNode type(String record, String name, JsonNode property) {
        ObjectNode node = Descriptions.node();
        String format = property.path("logicalTypeOptions").path("format").asText();
        String logical = property.path(LOGICAL).asText();
        return switch (logical) {
            case STRING ->
                format.equals("uuid")
                        ? node.put(TYPE, STRING).put(LOGICAL, "uuid")
                        : node.textNode(format.equals("binary") ? "bytes" : STRING);
            case "date" -> node.put(TYPE, "int").put(LOGICAL, "date");
            case "time" -> node.put(TYPE, "long").put(LOGICAL, "time-micros");
            case "timestamp" ->
                node.put(TYPE, "long")
                        .put(
                                LOGICAL,
                                property.path("logicalTypeOptions")
                                                .path("timezone")
                                                .asBoolean(true)
                                        ? "timestamp-micros"
                                        : "local-timestamp-micros");
            case "integer" ->
                node.textNode(List.of("i8", "i16", "i32", "u8", "u16").contains(format) ? "int" : "long");
            case "number" ->
                number(
                        record + "." + name,
                        format,
                        property.path("physicalType").asText());
            case "boolean" -> node.textNode("boolean");
            case "array" -> node.put(TYPE, "array").set("items", type(record, name, property.path("items")));
            case "object" ->
                record(record + capital(name), property.path("description").asText(), property.path("properties"));
            default -> {
                notes.add(record + "." + name + ": ODCS does not say its type; it became a string");
                yield node.textNode(STRING);
            }
        };
    }

    private JsonNode number(String where, String format, String physical) {
        ObjectNode node = Descriptions.node();
        Matcher decimal = DECIMAL.matcher(physical);
        if (decimal.matches()) {
            return node.put(TYPE, "bytes")
                    .put(LOGICAL, "decimal")
                    .put("precision", Integer.parseInt(decimal.group(1)))
                    .put("scale", decimal.group(2) == null ? 0 : Integer.parseInt(decimal.group(2)));
        }
        if (format.isEmpty()) {
            notes.add(where + ": ODCS does not say which number it is; it became a double, which is not exact");
        }
        return node.textNode(format.equals("f32") ? "float" : "double");
    }

    private static String unique(String name, Set<String> names) {
        String own = name;
        for (int n = 2; !names.add(own.toLowerCase(Locale.ROOT)); n++) {
            own = name + n;
        }
        return own;
    }

    static String identifier(String text) {
        String name = text.replaceAll("[^A-Za-z0-9_]", "_");
        return name.isEmpty() || Character.isDigit(name.charAt(0)) ? "_" + name : name;
    }

    /** {@code LineItem} for {@code line_item} and {@code line-item}. */
    static String capital(String text) {
        StringBuilder name = new StringBuilder();
        for (String word : text.split("[^A-Za-z0-9]+", -1)) {
            if (!word.isEmpty()) {
                name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
            }
        }
        return name.isEmpty() || Character.isDigit(name.charAt(0)) ? "Record" + name : name.toString();
    }
}
