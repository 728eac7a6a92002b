package io.kappamesh.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/** Levels of service and quality rules of a port, in ODCS's words and back. Stateless. */
final class Promises {
    private static final Map<String, String> MEANINGS = Map.of(
            "freshness", "How far the port may be behind its inputs",
            "retention",
                    "For how long records are kept, in event time; the latest of each key of a table is kept forever",
            "lookBack", "How far before a value's event time the records lie that decide about it");
    private static final String ENGINE = "kappa-mesh";

    private Promises() {}

    /** @param levels durations in ISO-8601, by name */
    static ArrayNode levels(ObjectNode levels) {
        ArrayNode all = levels.arrayNode();
        for (Map.Entry<String, JsonNode> level : levels.properties()) {
            ObjectNode one = all.addObject().put("property", level.getKey());
            String text = level.getValue().asText();
            one.put("value", seconds(text)).put("unit", "s").put("valueExt", text);
            String meaning = MEANINGS.get(level.getKey());
            if (meaning != null) {
                one.put("description", meaning);
            }
        }
        return all;
    }

    private static BigDecimal seconds(String text) {
        Duration duration = Duration.parse(text);
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
        return seconds.signum() == 0
                ? BigDecimal.ZERO
                : new BigDecimal(seconds.stripTrailingZeros().toPlainString());
    }

    static ObjectNode ofLevels(JsonNode all) {
        ObjectNode levels = Descriptions.node();
        for (JsonNode one : all) {
            if (one.path("valueExt").isTextual()) {
                levels.set(one.path("property").asText(), one.path("valueExt"));
            }
        }
        return levels;
    }

    /** A rule that is a condition is one of an engine of ours; one that is a function in its owner's code is text. */
    static ArrayNode rules(JsonNode rules) {
        ArrayNode all = Descriptions.node().arrayNode();
        for (JsonNode rule : rules) {
            ObjectNode one = all.addObject()
                    .put("name", rule.path("name").asText())
                    .put("description", rule.path("description").asText())
                    .put("dimension", "conformity");
            if (rule.has("condition")) {
                one.put("type", "custom").put("engine", ENGINE).set("implementation", rule.path("condition"));
            } else {
                one.put("type", "text");
            }
        }
        return all;
    }

    static ArrayNode ofRules(JsonNode all) {
        ArrayNode rules = Descriptions.node().arrayNode();
        for (JsonNode one : all) {
            ObjectNode rule = rules.addObject()
                    .put("name", one.path("name").asText())
                    .put("description", one.path("description").asText());
            if (one.path("engine").asText().equals(ENGINE)) {
                rule.set("condition", one.path("implementation"));
            }
        }
        return rules;
    }
}
