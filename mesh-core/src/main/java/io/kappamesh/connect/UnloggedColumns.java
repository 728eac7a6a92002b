package io.kappamesh.connect;

import io.kappamesh.mapping.MisfitException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Columns of which an update says nothing. A database that keeps large values beside a row does not log them again when they stay as they
 * were, and Debezium then writes a text of its own in their place: in text and bytes, and as the only item of an array and the key of a map. Taken
 * for a value, that text would be published. Stateless.
 */
final class UnloggedColumns {
    /** Debezium's default of {@code unavailable.value.placeholder}. */
    private static final String TEXT = "__debezium_unavailable_value";

    private static final Utf8 AVRO_TEXT = new Utf8(TEXT);

    private static final ByteBuffer BYTES =
            ByteBuffer.wrap(TEXT.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();

    private UnloggedColumns() {}

    /** Requires that a row has none. */
    static void requireNone(IndexedRecord row) throws MisfitException {
        for (Schema.Field field : row.getSchema().getFields()) {
            if (isUnlogged(row.get(field.pos()))) {
                throw new MisfitException("is large and did not change, so that the database did not log it; set"
                                + " REPLICA IDENTITY FULL for the table")
                        .inside("." + field.name());
            }
        }
    }

    private static boolean isUnlogged(@Nullable Object value) {
        if (value instanceof List<?> items) {
            return items.size() == 1 && isText(items.get(0));
        }
        return isText(value)
                || (value instanceof ByteBuffer && BYTES.equals(value))
                || (value instanceof Map<?, ?> entries
                        && (entries.containsKey(AVRO_TEXT) || entries.containsKey(TEXT)));
    }

    private static boolean isText(@Nullable Object value) {
        return value instanceof Utf8 ? AVRO_TEXT.equals(value) : TEXT.equals(value);
    }
}
