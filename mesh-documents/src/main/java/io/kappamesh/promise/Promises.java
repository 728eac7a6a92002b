package io.kappamesh.promise;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Levels of service and quality rules of a port, in ODCS's words and back. Stateless. */
public final class Promises {
    private static final Map<String, String> MEANINGS = Map.of(
            "freshness", "How far the port may be behind its inputs",
            "retention",
                    "For how long records are kept, in event time; the latest of each key of a table is kept forever",
            "lookBack", "How far before a value's event time the records lie that decide about it");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OBJECTIVES = "objectives";
    private static final String OBJECTIVE = "Objective";
    private static final String POLICY = "policy";
    private static final String ENGINE = "kappa-mesh";

    private Promises() {}

    /** @param levels durations in ISO-8601, by name */
    public static ArrayNode levels(ObjectNode levels) {
        ArrayNode all = levels.arrayNode();
        for (Map.Entry<String, JsonNode> level : levels.properties()) {
            if (level.getKey().equals(OBJECTIVES)) {
                level.getValue().forEach(objective -> objective(objective, all.addObject()));
                continue;
            }
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

    private static void objective(JsonNode objective, ObjectNode to) {
        to.put("property", objective.path("indicator").asText() + OBJECTIVE)
                .put("value", percent(objective.path("target").decimalValue()))
                .put("unit", "%")
                .put("valueExt", objective.toString())
                .put(
                        "description",
                        "The share that is to be good over "
                                + objective.path("days").asInt() + " days");
    }

    private static BigDecimal percent(BigDecimal share) {
        return new BigDecimal(share.movePointRight(2).stripTrailingZeros().toPlainString());
    }

    private static Optional<JsonNode> objective(JsonNode level) {
        String text = level.path("valueExt").asText();
        if (!level.path("property").asText().endsWith(OBJECTIVE) || !text.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(text));
        } catch (JsonProcessingException somebodyElses) {
            return Optional.empty();
        }
    }

    /** The call that declares an objective, in Java; empty = the level is none, or one that this version does not know. */
    public static Optional<String> code(JsonNode level) {
        return objective(level).map(given -> {
            String share = Double.toString(given.path("target").asDouble());
            String call = switch (given.path("indicator").asText()) {
                case "freshness" -> "freshness(" + share;
                case "completeness" -> "completeness(" + share;
                case "validity" -> "validity(" + share;
                case "delay" ->
                    "delay(Duration.parse(\""
                            + Duration.parse(given.path("within").asText()) + "\"), " + share;
                case "volume" ->
                    "volume("
                            + given.path("atLeast").asLong() + ", "
                            + given.path("atMost").asLong() + ", " + share;
                default -> "";
            };
            return call.isEmpty()
                    ? null
                    : "objective(Objective." + call + ").over("
                            + given.path("days").asInt() + "))";
        });
    }

    /** The policy of a rule as one more argument in Java; empty where it is the usual one, or none that this version knows. */
    public static String policy(JsonNode rule) {
        return switch (rule.path(POLICY).asText()) {
            case "warn" -> ", io.kappamesh.rule.RulePolicy.WARN";
            case "stop" -> ", io.kappamesh.rule.RulePolicy.STOP";
            default -> "";
        };
    }

    private static BigDecimal seconds(String text) {
        Duration duration = Duration.parse(text);
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
        return seconds.signum() == 0
                ? BigDecimal.ZERO
                : new BigDecimal(seconds.stripTrailingZeros().toPlainString());
    }

    public static ObjectNode ofLevels(JsonNode all) {
        ObjectNode levels = JsonNodeFactory.instance.objectNode();
        for (JsonNode one : all) {
            Optional<JsonNode> objective = objective(one);
            if (objective.isPresent()) {
                levels.withArray(OBJECTIVES).add(objective.get());
            } else if (one.path("valueExt").isTextual()) {
                levels.set(one.path("property").asText(), one.path("valueExt"));
            }
        }
        return levels;
    }

    /** A rule that is a condition is one of an engine of ours; one that is a function in its owner's code is text. */
    public static ArrayNode rules(JsonNode rules) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
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
            if (rule.has(POLICY)) {
                one.set("severity", rule.path(POLICY));
            }
        }
        return all;
    }

    public static ArrayNode ofRules(JsonNode all) {
        ArrayNode rules = JsonNodeFactory.instance.arrayNode();
        for (JsonNode one : all) {
            ObjectNode rule = rules.addObject()
                    .put("name", one.path("name").asText())
                    .put("description", one.path("description").asText());
            if (one.path("engine").asText().equals(ENGINE)) {
                rule.set("condition", one.path("implementation"));
            }
            if (one.path("severity").isTextual()) {
                rule.set(POLICY, one.path("severity"));
            }
        }
        return rules;
    }
}
