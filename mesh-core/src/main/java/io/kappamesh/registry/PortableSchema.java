package io.kappamesh.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.Internal;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * A schema without what only Java's code generator put into it ({@code avro.java.string}): what we publish is for every language,
 * and is the same whatever string type a build has chosen.
 */
@Internal
public final class PortableSchema {

    private static final String JAVA_STRING = "avro.java.string";

    private PortableSchema() {}

    /** The same schema for every language. */
    public static Schema of(Schema schema) {
        String text = schema.toString();
        if (!text.contains(JAVA_STRING)) {
            return schema;
        }
        try {
            String portable = cleaned(new ObjectMapper().readTree(text)).toString();
            return SchemaFormats.parse(List.of(), portable);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Avro wrote a schema that is no JSON", e);
        }
    }

    private static JsonNode cleaned(JsonNode node) {
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, cleaned(array.get(i)));
            }
        } else if (node instanceof ObjectNode object) {
            boolean generated = object.remove(JAVA_STRING) != null;
            if (generated && object.size() == 1 && object.get("type").isTextual()) {
                return object.get("type");
            }
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                if (!entry.getKey().equals("default")) {
                    entry.setValue(cleaned(entry.getValue()));
                }
            }
        }
        return node;
    }
}
