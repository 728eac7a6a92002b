package io.kappamesh.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.debezium.time.Date;
import io.debezium.time.MicroTimestamp;
import io.debezium.time.ZonedTimestamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Dates and timestamps that are infinite. Debezium writes them as some day or instant, a date as another one in a snapshot than in a change; here they are
 * text, as PostgreSQL writes it, which no reader of dates or timestamps takes for one. Stateless.
 */
final class InfiniteTimes {
    private static final String LATE = "infinity";
    private static final String EARLY = "-infinity";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The first day that PostgreSQL knows: 4714-11-24 BC. */
    private static final int FIRST_DAY = -2_440_588;

    /** Infinite days of changes; those of snapshots are years -1,701,465 and -1,711,403, or a day beside that by the zone. */
    private static final int LATE_DAY = -2_147_472_692;

    private static final int EARLY_DAY = -2_147_472_691;
    private static final int BETWEEN_THOSE_OF_SNAPSHOTS = -624_000_000;

    /** Microseconds of the infinite timestamps of PostgreSQL's driver, or as many as are left of them. */
    private static final long LATE_MICROS = 9_223_372_036_825_200_000L;

    private static final long EARLY_MICROS = -9_223_372_036_832_400_000L;

    /** What infinite elements of arrays with a time zone begin with; a value that is no element is text already. */
    private static final String LATE_INSTANT = "+292278994-";

    private static final List<String> EARLY_INSTANTS = List.of("+292269055-", "-292275055-");

    private InfiniteTimes() {}

    /** The same JSON, but for infinite values. */
    static byte[] asText(byte[] json, Struct value) {
        if (!isIn(value)) {
            return json;
        }
        try {
            JsonNode node = JSON.readTree(json);
            replace((ObjectNode) node, value);
            return JSON.writeValueAsBytes(node);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static boolean isIn(Struct struct) {
        for (Field field : struct.schema().fields()) {
            Object value = struct.getWithoutDefault(field.name());
            if (value instanceof Struct inner ? isIn(inner) : isInfinite(field.schema(), value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInfinite(Schema schema, @Nullable Object value) {
        if (value instanceof List<?> items) {
            return items.stream().anyMatch(item -> text(schema.valueSchema(), item) != null);
        }
        return text(schema, value) != null;
    }

    private static void replace(ObjectNode node, Struct struct) {
        for (Field field : struct.schema().fields()) {
            Object value = struct.getWithoutDefault(field.name());
            if (value instanceof Struct inner) {
                replace((ObjectNode) node.get(field.name()), inner);
            } else if (isInfinite(field.schema(), value)) {
                node.set(field.name(), node(node.get(field.name()), field.schema(), value));
            }
        }
    }

    private static JsonNode node(JsonNode before, Schema schema, @Nullable Object value) {
        if (!(value instanceof List<?> items)) {
            return TextNode.valueOf(text(schema, value));
        }
        ArrayNode all = JSON.createArrayNode();
        for (int at = 0; at < items.size(); at++) {
            String text = text(schema.valueSchema(), items.get(at));
            all.add(text == null ? before.get(at) : TextNode.valueOf(text));
        }
        return all;
    }

    /** Null = it is not infinite. */
    private static @Nullable String text(Schema schema, @Nullable Object value) {
        if (value instanceof Integer day && day < FIRST_DAY && Date.SCHEMA_NAME.equals(schema.name())) {
            boolean isLate = day == LATE_DAY || (day != EARLY_DAY && day > BETWEEN_THOSE_OF_SNAPSHOTS);
            return isLate ? LATE : EARLY;
        }
        if (value instanceof Long micros && MicroTimestamp.SCHEMA_NAME.equals(schema.name())) {
            return micros == LATE_MICROS ? LATE : micros == EARLY_MICROS ? EARLY : null;
        }
        if (value instanceof String instant && ZonedTimestamp.SCHEMA_NAME.equals(schema.name())) {
            return instant.startsWith(LATE_INSTANT)
                    ? LATE
                    : EARLY_INSTANTS.stream().anyMatch(instant::startsWith) ? EARLY : null;
        }
        return null;
    }
}
