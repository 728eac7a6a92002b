package io.kappamesh.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps in a record that is written again what a newer version of the library had put into it and this one does not know. What this
 * version knows it always writes, if only as null, so that a field which is missing is one that it does not know. Stateless.
 */
final class UnknownFields {
    /** Whose names are not fields but data. */
    static final Set<String> DATA =
            Set.of("goal", "vector", "verification", "topics", "starts", "earliest", "lost", "lookBack", "classes");

    private UnknownFields() {}

    /** Adds them to what is to be written. */
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

    /** Generations are the same by their number, everything else if all that is known of it is. */
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
