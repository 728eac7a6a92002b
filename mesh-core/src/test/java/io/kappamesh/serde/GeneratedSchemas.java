package io.kappamesh.serde;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** Schemas of anything that Avro can say, and others that differ from them as versions and readers do. */
public final class GeneratedSchemas {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PRIMITIVES =
            List.of("null", "boolean", "int", "long", "float", "double", "string", "bytes");
    private static final List<String> LOGICAL = List.of(
            "int date",
            "int time-millis",
            "long time-micros",
            "long timestamp-millis",
            "long timestamp-micros",
            "long timestamp-nanos",
            "long local-timestamp-millis",
            "string uuid",
            "bytes big-decimal");
    private static final int ATTEMPTS = 30;

    private final Random random;
    private final List<String> open = new ArrayList<>();
    private int names;

    public GeneratedSchemas(Random random) {
        this.random = random;
    }

    /** The JSON of a record. */
    public ObjectNode writer() {
        ObjectNode root = record(0);
        root.put("namespace", "w");
        return root;
    }

    public static Schema parse(JsonNode json) {
        return new Schema.Parser().parse(json.toString());
    }

    /** Another version of a schema: some of its parts are changed. */
    public Schema version(ObjectNode writer) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                JsonNode changed = changed(writer.deepCopy(), 2 + random.nextInt(12));
                if (changed instanceof ObjectNode record && chance(30)) {
                    record.put("namespace", "r");
                }
                Schema reader = parse(changed);
                if (reader.getType() == Schema.Type.RECORD) {
                    return reader;
                }
            } catch (AvroRuntimeException invalid) {
                // tried again
            }
        }
        return parse(writer);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private ObjectNode record(int depth) {
        String name = "R" + names++;
        ObjectNode record = JSON.createObjectNode().put("type", "record").put("name", name);
        open.add(name);
        ArrayNode fields = record.putArray("fields");
        int count = random.nextInt(depth == 0 ? 5 : 4);
        for (int i = 0; i < count; i++) {
            fields.addObject().put("name", "f" + i).set("type", type(depth + 1));
        }
        open.remove(name);
        return record;
    }

    private JsonNode type(int depth) {
        int kind = random.nextInt(depth > 3 ? 45 : 100);
        if (kind < 25) {
            return TextNode.valueOf(any(PRIMITIVES));
        }
        if (kind < 40) {
            return logical();
        }
        if (kind < 45) {
            return named();
        }
        if (kind < 55) {
            return JSON.createObjectNode().put("type", "array").set("items", type(depth + 1));
        }
        if (kind < 62) {
            return JSON.createObjectNode().put("type", "map").set("values", type(depth + 1));
        }
        return kind < 88 ? union(depth) : record(depth);
    }

    private JsonNode logical() {
        if (chance(35)) {
            return decimal();
        }
        String chosen = any(LOGICAL);
        int space = chosen.indexOf(' ');
        return JSON.createObjectNode()
                .put("type", chosen.substring(0, space))
                .put("logicalType", chosen.substring(space + 1));
    }

    private ObjectNode decimal() {
        int precision = 1 + random.nextInt(12);
        ObjectNode decimal = JSON.createObjectNode().put("type", "bytes");
        if (chance(25)) {
            decimal.put("type", "fixed").put("name", "D" + names++).put("size", 6);
        }
        return decimal.put("logicalType", "decimal")
                .put("precision", precision)
                .put("scale", random.nextInt(precision + 1));
    }

    private ObjectNode named() {
        if (chance(50)) {
            return JSON.createObjectNode()
                    .put("type", "fixed")
                    .put("name", "F" + names++)
                    .put("size", random.nextInt(4));
        }
        ObjectNode symbols = JSON.createObjectNode().put("type", "enum").put("name", "E" + names++);
        ArrayNode list = symbols.putArray("symbols");
        for (int i = 0; i <= random.nextInt(3); i++) {
            list.add("S" + i);
        }
        return symbols;
    }

    private ArrayNode union(int depth) {
        ArrayNode union = JSON.createArrayNode();
        if (chance(80)) {
            union.add("null");
        }
        if (!union.isEmpty() && !open.isEmpty() && chance(20)) {
            union.add(any(open));
        }
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            JsonNode branch = type(depth + 1);
            String key = branch.has("name") ? branch.get("name").asText() : base(branch);
            if (!branch.isArray() && !key.equals("null") && !taken.contains(key)) {
                taken.add(key);
                union.add(branch);
            }
        }
        if (union.isEmpty()) {
            union.add("null");
        }
        return union;
    }

    private static String base(JsonNode type) {
        return type.isTextual() ? type.asText() : type.path("type").asText();
    }

    private JsonNode changed(JsonNode type, int percent) {
        if (type instanceof ArrayNode union) {
            return changedUnion(union, percent);
        }
        if (type.isTextual()) {
            return PRIMITIVES.contains(type.asText()) && chance(percent) ? otherThan(type.asText()) : type;
        }
        ObjectNode object = (ObjectNode) type;
        if (object.has("logicalType")) {
            return chance(2 * percent) ? otherLogical(object) : object;
        }
        switch (object.get("type").asText()) {
            case "record" -> changeRecord(object, percent);
            case "array" -> object.set("items", changed(object.get("items"), percent));
            case "map" -> object.set("values", changed(object.get("values"), percent));
            case "enum" -> changeEnum(object, percent);
            default -> {
                if (object.has("size") && chance(percent)) {
                    object.put("size", random.nextInt(4));
                }
            }
        }
        if (object.has("name") && chance(percent)) {
            String old = object.get("name").asText();
            object.put("name", old + "x");
            if (chance(60)) {
                object.putArray("aliases").add(chance(50) ? old : "w." + old);
            }
        }
        return object;
    }

    private JsonNode otherThan(String primitive) {
        String wider = switch (primitive) {
            case "int" -> any(List.of("long", "float", "double"));
            case "long" -> any(List.of("float", "double", "int"));
            case "float" -> "double";
            case "string" -> "bytes";
            case "bytes" -> "string";
            default -> any(PRIMITIVES);
        };
        return switch (random.nextInt(5)) {
            case 0 -> logical();
            case 1 -> JSON.createArrayNode().add("null").add(primitive.equals("null") ? "int" : primitive);
            case 2 -> TextNode.valueOf(any(PRIMITIVES));
            default -> TextNode.valueOf(wider);
        };
    }

    private JsonNode otherLogical(ObjectNode object) {
        if (object.has("precision") && chance(70)) {
            int precision = Math.max(1, object.get("precision").asInt() + random.nextInt(4) - 1);
            int scale = chance(50) ? object.get("scale").asInt() : random.nextInt(precision + 1);
            return object.put("precision", precision).put("scale", Math.min(scale, precision));
        }
        if (chance(50) && !object.has("size")) {
            return TextNode.valueOf(object.get("type").asText());
        }
        return logical();
    }

    private JsonNode changedUnion(ArrayNode union, int percent) {
        List<JsonNode> branches = new ArrayList<>();
        union.forEach(branch -> branches.add(changed(branch, percent)));
        if (chance(percent)) {
            branches.remove(random.nextInt(branches.size()));
        }
        if (chance(percent)) {
            branches.add(type(3));
        }
        if (chance(3 * percent)) {
            Collections.shuffle(branches, random);
        }
        if (branches.isEmpty() || (branches.size() == 1 && chance(50))) {
            return branches.isEmpty() ? TextNode.valueOf("null") : branches.get(0);
        }
        return JSON.createArrayNode().addAll(branches);
    }

    private void changeEnum(ObjectNode object, int percent) {
        ArrayNode symbols = (ArrayNode) object.get("symbols");
        if (chance(2 * percent)) {
            symbols.add("T");
        }
        if (symbols.size() > 1 && chance(2 * percent)) {
            symbols.remove(0);
        }
        if (chance(2 * percent)) {
            object.put("default", symbols.get(0).asText());
        }
    }

    private void changeRecord(ObjectNode record, int percent) {
        ArrayNode fields = (ArrayNode) record.get("fields");
        for (int i = fields.size() - 1; i >= 0; i--) {
            ObjectNode field = (ObjectNode) fields.get(i);
            field.set("type", changed(field.get("type"), percent));
            if (chance(percent)) {
                fields.remove(i);
            } else if (chance(percent)) {
                String old = field.get("name").asText();
                field.put("name", chance(70) ? "g" + i : old);
                ArrayNode aliases = field.putArray("aliases").add(old.equals("f0") && chance(30) ? "f1" : old);
                if (chance(15)) {
                    aliases.add("f2");
                }
            }
        }
        if (chance(2 * percent)) {
            ObjectNode added = any(List.of(
                    added("'int'", "7"),
                    added("'string'", "'d'"),
                    added("['null','int']", "null"),
                    added("{'type':'array','items':'long'}", "[1]"),
                    added("{'type':'bytes','logicalType':'decimal','precision':5,'scale':2}", "'\\u0001'"),
                    added("{'type':'int','logicalType':'date'}", "3")));
            if (chance(25)) {
                added.remove("default");
            }
            fields.insert(random.nextInt(fields.size() + 1), added);
        }
    }

    private static ObjectNode added(String type, String value) {
        try {
            return (ObjectNode)
                    JSON.readTree(("{'name':'added','type':" + type + ",'default':" + value + "}").replace('\'', '"'));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
