package io.kappamesh.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.promise.Promises;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The Java of a port's declaration. One thread at a time. */
final class PortCode {
    private static final Set<String> FRESHNESS = Set.of("freshness", "latency");
    private static final String EVENTS = "events";

    private final JsonNode contract;
    private final JsonNode object;
    private final PortAddress address;
    private final ObjectNode avro;
    private final List<String> notes;
    private final ObjectNode said;
    private final List<String> calls = new ArrayList<>();

    /**
     * @param object the schema in the contract
     * @param avro the schema of the port
     * @param notes takes what somebody has to look at
     */
    PortCode(JsonNode contract, JsonNode object, PortAddress address, ObjectNode avro, List<String> notes) {
        this.contract = contract;
        this.object = object;
        this.address = address;
        this.avro = avro;
        this.notes = notes;
        this.said = Extensions.ofCustom(contract);
    }

    /** {@code OrdersPort}. */
    String className() {
        return AvroSkeleton.capital(address.name()) + "Port";
    }

    String text(String packageName) {
        List<String> keys = keys();
        Optional<String> key = Optional.ofNullable(said.path("keyField").textValue())
                .or(() -> keys.size() == 1 ? Optional.of(keys.get(0)) : Optional.empty());
        String kind = said.path("kind").asText(keys.isEmpty() ? EVENTS : "table");
        String description = contract.path("description").path("purpose").asText();
        eventTime(kind);
        key.ifPresent(field -> calls.add("key(" + quoted(field) + ")"));
        if (key.isEmpty() && keys.size() > 1) {
            notes.add("The key is made of several fields, " + String.join(", ", keys)
                    + "; add key(DESCRIPTION, FUNCTION), or records are not checked against it");
        } else if (key.isEmpty() && said.has("key")) {
            notes.add("The key is " + said.path("key").asText() + "; add key(DESCRIPTION, FUNCTION) that computes it");
        }
        if (!description.isBlank()) {
            calls.add("describedAs(" + quoted(description) + ")");
        }
        levels(kind);
        number("partitions", "partitions");
        number("maxBytes", "maxRecordBytes");
        rules();
        String factory = kind.equals(EVENTS) ? EVENTS : "table";
        String type = avro.path("namespace").asText() + "." + avro.path("name").asText();
        StringBuilder text = new StringBuilder("package " + packageName + ";\n\n");
        boolean hasConditions = calls.stream().anyMatch(call -> call.contains("Condition.of("));
        if (hasConditions) {
            text.append("import io.kappamesh.condition.Condition;\n");
        }
        text.append("import io.kappamesh.contract.OutputPort;\n");
        if (calls.stream().anyMatch(call -> call.contains("Objective."))) {
            text.append("import io.kappamesh.level.Objective;\n");
        }
        if (calls.stream().anyMatch(call -> call.contains("Duration.parse("))) {
            text.append("import java.time.Duration;\n");
        }
        return text.append("\n/** ")
                .append(comment(description.isBlank() ? "The port {@code " + address + "}." : description))
                .append(" */\nfinal class ")
                .append(className())
                .append(" {\n    private ")
                .append(className())
                .append("() {}\n\n    static final OutputPort<")
                .append(type)
                .append("> ")
                .append(address.name().replace('-', '_').toUpperCase(Locale.ROOT))
                .append(" = OutputPort.")
                .append(factory)
                .append("(\n                    ")
                .append(quoted(address.toString()))
                .append(", ")
                .append(type)
                .append(".class)\n            .")
                .append(String.join("\n            .", calls))
                .append("\n            .build();\n}\n")
                .toString();
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (JsonNode property : object.path("properties")) {
            if (property.path("primaryKey").asBoolean()) {
                keys.add(AvroSkeleton.identifier(property.path("name").asText()));
            }
        }
        return keys;
    }

    private void eventTime(String kind) {
        if (said.has("eventTime")) {
            calls.add("eventTime(" + quoted(said.path("eventTime").asText()) + ")");
            return;
        }
        List<String> times = new ArrayList<>();
        for (JsonNode property : object.path("properties")) {
            String type = property.path("logicalType").asText();
            if (property.path("required").asBoolean() && (type.equals("timestamp") || type.equals("date"))) {
                times.add(AvroSkeleton.identifier(property.path("name").asText()));
            }
        }
        if (times.size() == 1) {
            notes.add("The contract does not say which field is the event time; it became " + times.get(0));
            calls.add("eventTime(" + quoted(times.get(0)) + ")");
        } else if (kind.equals(EVENTS)) {
            notes.add("The contract does not say which field is the event time; name one in eventTime(…): "
                    + (times.isEmpty()
                            ? "a required timestamp or date, which the schema lacks"
                            : String.join(", ", times)));
            calls.add("eventTime(" + quoted(times.isEmpty() ? "eventTime" : times.get(0)) + ")");
        } else {
            if (!said.has("kind")) {
                notes.add("The contract does not say which field is the event time; the port has none"
                        + (times.isEmpty() ? "" : ". It may be one of " + String.join(", ", times)));
            }
            calls.add("withoutEventTime()");
        }
    }

    private void levels(String kind) {
        for (JsonNode level : contract.path("slaProperties")) {
            String name = level.path("property").asText();
            Optional<String> objective = Promises.code(level);
            if (objective.isPresent()) {
                calls.add(objective.get());
                continue;
            }
            Optional<Duration> duration = duration(level);
            String call = FRESHNESS.contains(name)
                    ? "freshWithin"
                    : name.equals("retention") ? "keptFor" : name.equals("lookBack") ? "lookingBack" : "";
            boolean isOurs = level.path("valueExt").isTextual();
            if (!call.isEmpty() && duration.isPresent() && (isOurs || !call.equals("keptFor") || kind.equals(EVENTS))) {
                calls.add(call + "(Duration.parse(" + quoted(duration.get().toString()) + "))");
            } else {
                notes.add("The level of service '" + name + "' was not taken");
            }
        }
    }

    private static Optional<Duration> duration(JsonNode level) {
        try {
            if (level.path("valueExt").isTextual()) {
                return Optional.of(Duration.parse(level.path("valueExt").asText()));
            }
            long value = Long.parseLong(level.path("value").asText());
            return switch (level.path("unit").asText().toLowerCase(Locale.ROOT)) {
                case "d", "day", "days" -> Optional.of(Duration.ofDays(value));
                case "h", "hour", "hours" -> Optional.of(Duration.ofHours(value));
                case "m", "min", "minute", "minutes" -> Optional.of(Duration.ofMinutes(value));
                case "s", "second", "seconds" -> Optional.of(Duration.ofSeconds(value));
                case "y", "yr", "year", "years" -> Optional.of(Duration.ofDays(Math.multiplyExact(365, value)));
                default -> Optional.empty();
            };
        } catch (DateTimeException | ArithmeticException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    private void number(String name, String call) {
        if (said.path(name).canConvertToInt()) {
            calls.add(call + "(" + said.path(name).intValue() + ")");
        }
    }

    private void rules() {
        for (JsonNode rule : Promises.ofRules(object.path("quality"))) {
            String name = rule.path("name").asText();
            if (rule.has("condition")) {
                calls.add("promises(\n                    " + quoted(name) + ",\n                    "
                        + quoted(rule.path("description").asText()) + ",\n                    Condition.of("
                        + quoted(rule.path("condition").asText()) + ")" + Promises.policy(rule) + ")");
            } else {
                notes.add("The rule '"
                        + (name.isBlank() ? rule.path("description").asText() : name)
                        + "' is not a condition; add promises(…) with a function");
            }
        }
    }

    /** A text as a literal of Java. */
    static String quoted(String text) {
        StringBuilder literal = new StringBuilder("\"");
        text.chars().forEach(one -> {
            switch (one) {
                case '"' -> literal.append("\\\"");
                case '\\' -> literal.append("\\\\");
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                case '\t' -> literal.append("\\t");
                default -> {
                    if (one < ' ' || one == 0x7f || one > 0x7e) {
                        literal.append(String.format(Locale.ROOT, "\\u%04x", one));
                    } else {
                        literal.append((char) one);
                    }
                }
            }
        });
        return literal.append('"').toString();
    }

    private static String comment(String text) {
        return text.replace("\\", "&#92;").replace("*/", "*&#47;").replaceAll("\\R", " ");
    }
}
