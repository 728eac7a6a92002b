package io.kappamesh.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.stream.Collectors;

/** A document of a standard. Immutable and thread-safe. */
public final class Document {
    private final String file;
    private final List<JsonNode> parts;

    /** @param parts one, or several that stand in one file of YAML */
    Document(String file, List<? extends JsonNode> parts) {
        this.file = file;
        this.parts = List.copyOf(parts);
    }

    /** The name of a file that is fit for it, such as {@code sales.orders.v1.odcs.yaml}. */
    public String file() {
        return file;
    }

    /** Its text in YAML. */
    public String yaml() {
        return parts.stream().map(DocumentText::yaml).collect(Collectors.joining("---\n"));
    }

    /** Its text in JSON; one that has several parts is an array of them. */
    public String json() {
        if (parts.size() == 1) {
            return DocumentText.json(parts.get(0));
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        parts.forEach(all::add);
        return DocumentText.json(all);
    }
}
