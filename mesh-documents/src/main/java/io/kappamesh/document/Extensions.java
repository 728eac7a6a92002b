package io.kappamesh.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;

/**
 * What a standard has no word for, in the place that it has for that: {@code customProperties} of ODCS and ODPS ({@code
 * kappaMeshEventTime}), {@code x-} fields of AsyncAPI ({@code x-kappa-mesh-event-time}). Stateless.
 */
final class Extensions {
    private static final String CUSTOM = "customProperties";
    private static final String PROPERTY = "property";
    private static final String VALUE = "value";
    private static final String CAMEL = "kappaMesh";
    private static final String DASHED = "x-kappa-mesh-";

    private Extensions() {}

    /** Adds all fields of a tree as custom properties. */
    static void custom(ObjectNode into, ObjectNode fields) {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!isNothing(field.getValue())) {
                custom(into, field.getKey(), field.getValue());
            }
        }
    }

    static void custom(ObjectNode into, String name, JsonNode value) {
        into.withArray(CUSTOM)
                .addObject()
                .put(PROPERTY, CAMEL + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
                .set(VALUE, value);
    }

    /** Those that {@link #custom} has written. */
    static ObjectNode ofCustom(JsonNode from) {
        ObjectNode fields = Descriptions.node();
        for (JsonNode one : from.path(CUSTOM)) {
            String name = one.path(PROPERTY).asText();
            if (name.startsWith(CAMEL) && name.length() > CAMEL.length()) {
                String rest = name.substring(CAMEL.length());
                fields.set(rest.substring(0, 1).toLowerCase(Locale.ROOT) + rest.substring(1), one.path(VALUE));
            }
        }
        return fields;
    }

    /** Adds all fields of a tree as fields that begin with {@code x-}. */
    static void dashed(ObjectNode into, ObjectNode fields) {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!isNothing(field.getValue())) {
                dashed(into, field.getKey(), field.getValue());
            }
        }
    }

    static void dashed(ObjectNode into, String name, JsonNode value) {
        into.set(DASHED + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT), value);
    }

    /** Those that {@link #dashed} has written. */
    static ObjectNode ofDashed(JsonNode from) {
        ObjectNode fields = Descriptions.node();
        for (Map.Entry<String, JsonNode> one : from.properties()) {
            if (one.getKey().startsWith(DASHED)) {
                StringBuilder name = new StringBuilder();
                for (String word : one.getKey().substring(DASHED.length()).split("-", -1)) {
                    name.append(
                            name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
                }
                fields.set(name.toString(), one.getValue());
            }
        }
        return fields;
    }

    /** A list without elements is read as one that is missing. */
    private static boolean isNothing(JsonNode value) {
        return value.isArray() && value.isEmpty();
    }

    static ArrayNode texts(Iterable<String> texts) {
        ArrayNode all = Descriptions.node().arrayNode();
        texts.forEach(all::add);
        return all;
    }
}
