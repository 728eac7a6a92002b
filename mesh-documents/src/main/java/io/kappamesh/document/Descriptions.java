package io.kappamesh.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kappamesh.catalog.FieldMeaning;
import io.kappamesh.declaration.DeclarationException;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/** Descriptions of the catalogue as trees, with schemas as trees in them, and back. Stateless. */
final class Descriptions {
    static final String SCHEMA = "schema";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private Descriptions() {}

    static ObjectNode node() {
        return JSON.createObjectNode();
    }

    /** A description without what is not known. */
    static ObjectNode tree(Object description) {
        return JSON.valueToTree(description);
    }

    /**
     * The description that a tree is of.
     *
     * @throws DeclarationException when it is of none
     */
    static <T> T description(String of, ObjectNode tree, Class<T> type) {
        try {
            return JSON.treeToValue(tree, type);
        } catch (JsonProcessingException other) {
            throw new DeclarationException(List.of(of + ": is not what this library has written: "
                    + other.getOriginalMessage() + "; write the document again from the declaration"));
        }
    }

    /** The schema in a description of records, as its own JSON where that says the same; it stays text where it would not. */
    static void openSchema(ObjectNode records) {
        if (records.get(SCHEMA) instanceof TextNode text) {
            try {
                JsonNode tree = JSON.readTree(text.textValue());
                if (tree.isObject()
                        && tree.toString().equals(text.textValue())
                        && DocumentText.tree(DocumentText.yaml(tree)).equals(tree)) {
                    records.set(SCHEMA, tree);
                }
            } catch (JsonProcessingException noJson) {
                // stays as it is
            }
        }
    }

    /** The reverse of {@link #openSchema}. */
    static void closeSchema(ObjectNode records) {
        if (records.get(SCHEMA) instanceof ObjectNode tree) {
            records.put(SCHEMA, tree.toString());
        }
    }

    /** The schema in a description of records; empty = it does not stand there, or cannot be read. */
    static Optional<Schema> schema(JsonNode records) {
        JsonNode schema = records.path(SCHEMA);
        return schema.isMissingNode() || schema.isNull()
                ? Optional.empty()
                : FieldMeaning.parsed(schema.isTextual() ? schema.textValue() : schema.toString())
                        .filter(known -> known.getType() == Schema.Type.RECORD);
    }

    /** Takes a field out of a tree; empty = it has none of this name. */
    static Optional<JsonNode> take(ObjectNode tree, String field) {
        return Optional.ofNullable(tree.remove(field));
    }

    static Optional<String> takeText(ObjectNode tree, String field) {
        return take(tree, field).map(JsonNode::textValue);
    }
}
