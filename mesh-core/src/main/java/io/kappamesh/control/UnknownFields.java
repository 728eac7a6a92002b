package io.kappamesh.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Preserves fields that a newer version of the library added, when this version rewrites a record. This version writes all fields that it
 * knows, even null ones. So a field that is missing in the new record is one that it does not know. Stateless.
 */
final class UnknownFields {
    /** Objects whose keys are data, not field names. */
    static final Set<String> DATA = Set.of(
            "goal",
            "vector",
            "verification",
            "topics",
            "starts",
            "begins",
            "ends",
            "deletionsKept",
            "earliest",
            "lost",
            "lookBack",
            "classes");

    private UnknownFields() {}

    /** Copies the unknown fields from the earlier record into the new one. */
    static void keep(JsonNode before, ObjectNode after) {
        for (Map.Entry<String, JsonNode> field : before.properties()) {
            JsonNode known = after.get(field.getKey());
            if (known == null) {
                after.set(field.getKey(), field.getValue());
            } else if (!DATA.contains(field.getKey())) {
                keepIn(field.getValue(), known);
            }
        }
    }

    private static void keepIn(JsonNode before, JsonNode after) {
        if (before instanceof ObjectNode && after instanceof ObjectNode object) {
            if (Objects.equals(before.get("id"), object.get("id"))) {
                keep(before, object);
            }
        } else if (before instanceof ArrayNode elements && after instanceof ArrayNode array) {
            array.forEach(one -> {
                JsonNode same = one instanceof ObjectNode object ? same(elements, object) : null;
                if (same != null) {
                    keepIn(same, one);
                }
            });
        }
    }

    /** Two generations are the same if their numbers are equal, other objects if all known fields are equal. */
    private static @Nullable JsonNode same(ArrayNode elements, ObjectNode one) {
        for (JsonNode element : elements) {
            boolean same = one.has("number")
                    ? one.get("number").equals(element.get("number"))
                    : one.properties().stream()
                            .allMatch(field -> field.getValue().equals(element.get(field.getKey())));
            if (same) {
                return element;
            }
        }
        return null;
    }
}
