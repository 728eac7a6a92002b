package io.kappamesh.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kappamesh.catalog.Classification;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON without what is classified. A field is classified by the property {@code classification} of it, or of its type, in the
 * schema with which the value was written, or in one that is published now. Stateless.
 */
final class Masking {
    /** In the place of whatever is classified. */
    static final String MASK = "***";

    private static final int LONGEST = 200;
    private static final int MOST_ELEMENTS = 10;
    private static final int DEEPEST = 30;

    private Masking() {}

    /**
     * A record.
     *
     * @param published the schema of its port as it is published now; null = it is not known
     */
    static JsonNode of(IndexedRecord record, @Nullable Schema published) {
        if (Classification.of(record.getSchema()).isPresent()
                || (published != null && Classification.of(published).isPresent())) {
            return new TextNode(MASK);
        }
        return value(record, published == null ? List.of() : List.of(published), 0);
    }

    private static JsonNode value(@Nullable Object value, List<Schema> published, int depth) {
        if (depth > DEEPEST) {
            return new TextNode("…");
        }
        if (value instanceof IndexedRecord record) {
            return record(record, flat(published), depth);
        }
        if (value instanceof Map<?, ?> map) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            List<Schema> inside = flat(published).stream()
                    .filter(one -> one.getType() == Schema.Type.MAP)
                    .map(Schema::getValueType)
                    .toList();
            map.entrySet().stream()
                    .limit(MOST_ELEMENTS)
                    .forEach(one ->
                            node.set(cut(String.valueOf(one.getKey())), value(one.getValue(), inside, depth + 1)));
            return more(node, map.size());
        }
        if (value instanceof List<?> list) {
            ArrayNode node = JsonNodeFactory.instance.arrayNode();
            List<Schema> inside = flat(published).stream()
                    .filter(one -> one.getType() == Schema.Type.ARRAY)
                    .map(Schema::getElementType)
                    .toList();
            list.stream().limit(MOST_ELEMENTS).forEach(one -> node.add(value(one, inside, depth + 1)));
            if (list.size() > MOST_ELEMENTS) {
                node.add("… " + (list.size() - MOST_ELEMENTS) + " more");
            }
            return node;
        }
        return scalar(value);
    }

    private static ObjectNode record(IndexedRecord record, List<Schema> published, int depth) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        for (Schema.Field field : record.getSchema().getFields()) {
            List<Schema.Field> now = published.stream()
                    .filter(one -> one.getType() == Schema.Type.RECORD)
                    .flatMap(one -> one.getFields().stream())
                    .filter(one ->
                            one.name().equals(field.name()) || one.aliases().contains(field.name()))
                    .toList();
            boolean masked = Stream.concat(Stream.of(field), now.stream())
                    .anyMatch(one -> Classification.of(one).isPresent());
            node.set(
                    field.name(),
                    masked
                            ? new TextNode(MASK)
                            : value(
                                    record.get(field.pos()),
                                    now.stream().map(Schema.Field::schema).toList(),
                                    depth + 1));
        }
        return node;
    }

    /** Unions as their branches. */
    private static List<Schema> flat(List<Schema> schemas) {
        return schemas.stream()
                .flatMap(one -> one.getType() == Schema.Type.UNION ? one.getTypes().stream() : Stream.of(one))
                .toList();
    }

    private static ObjectNode more(ObjectNode node, int size) {
        return size > MOST_ELEMENTS ? node.put("…", (size - MOST_ELEMENTS) + " more") : node;
    }

    private static JsonNode scalar(@Nullable Object value) {
        if (value == null) {
            return NullNode.getInstance();
        }
        if (value instanceof Boolean flag) {
            return BooleanNode.valueOf(flag);
        }
        if (value instanceof Integer || value instanceof Long) {
            return LongNode.valueOf(((Number) value).longValue());
        }
        if (value instanceof Float || value instanceof Double) {
            return DoubleNode.valueOf(((Number) value).doubleValue());
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.scale() >= 0 && decimal.precision() <= LONGEST
                    ? DecimalNode.valueOf(decimal)
                    : new TextNode(cut(decimal.toString()));
        }
        if (value instanceof ByteBuffer bytes) {
            return new TextNode(hex(bytes.duplicate()));
        }
        if (value instanceof GenericFixed fixed) {
            return new TextNode(hex(ByteBuffer.wrap(fixed.bytes())));
        }
        return new TextNode(cut(value.toString()));
    }

    private static String hex(ByteBuffer bytes) {
        byte[] some = new byte[Math.min(bytes.remaining(), LONGEST / 2)];
        bytes.get(some);
        return "0x" + HexFormat.of().formatHex(some) + (bytes.hasRemaining() ? "…" : "");
    }

    static String cut(String text) {
        return text.codePointCount(0, text.length()) <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…";
    }
}
