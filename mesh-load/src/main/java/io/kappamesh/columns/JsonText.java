package io.kappamesh.columns;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON. Stateless. */
final class JsonText {
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int NUMERIC_DIGITS = 16_383;

    private JsonText() {}

    static void write(Schema type, @Nullable Object value, CopyText out) throws UnloadableException {
        if (value == null) {
            out.ascii("null");
            return;
        }
        switch (type.getType()) {
            case UNION -> write(branch(type, value), value, out);
            case RECORD -> record(type, (IndexedRecord) value, out);
            case ARRAY -> items(type.getElementType(), (Collection<?>) value, out);
            case MAP -> entries(type.getValueType(), (Map<?, ?>) value, out);
            case BOOLEAN -> out.ascii(value.toString());
            default -> scalar(type, value, out);
        }
    }

    private static Schema branch(Schema union, Object value) {
        if (union.getTypes().size() == 2 && union.isNullable()) {
            Schema first = union.getTypes().get(0);
            return first.getType() == Schema.Type.NULL ? union.getTypes().get(1) : first;
        }
        return union.getTypes().get(GenericData.get().resolveUnion(union, value));
    }

    private static void scalar(Schema type, Object value, CopyText out) throws UnloadableException {
        Object meant =
                type.getLogicalType() == null && value instanceof CharSequence ? value : GenericScalars.of(type, value);
        if (meant instanceof BigDecimal decimal) {
            if (Math.abs((long) decimal.scale()) > NUMERIC_DIGITS || decimal.precision() > NUMERIC_DIGITS) {
                throw new UnloadableException("has a decimal with more digits than numbers of jsonb hold");
            }
            out.ascii(decimal.toPlainString());
        } else if (meant instanceof Double || meant instanceof Float) {
            boolean finite = Double.isFinite(((Number) meant).doubleValue());
            out.ascii(finite ? meant.toString() : '"' + meant.toString() + '"');
        } else if (meant instanceof Number) {
            out.ascii(meant.toString());
        } else {
            text(meant, out);
        }
    }

    private static void record(Schema type, IndexedRecord record, CopyText out) throws UnloadableException {
        String before = "{";
        for (Schema.Field field : type.getFields()) {
            out.ascii(before);
            before = ",";
            text(field.name(), out);
            out.ascii(":");
            try {
                write(field.schema(), record.get(field.pos()), out);
            } catch (UnloadableException inside) {
                throw inside.inside(field.name());
            }
        }
        out.ascii(type.getFields().isEmpty() ? "{}" : "}");
    }

    private static void items(Schema type, Collection<?> items, CopyText out) throws UnloadableException {
        String before = "[";
        for (Object item : items) {
            out.ascii(before);
            before = ",";
            write(type, item, out);
        }
        out.ascii(items.isEmpty() ? "[]" : "]");
    }

    private static void entries(Schema type, Map<?, ?> entries, CopyText out) throws UnloadableException {
        String before = "{";
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            out.ascii(before);
            before = ",";
            text(entry.getKey(), out);
            out.ascii(":");
            write(type, entry.getValue(), out);
        }
        out.ascii(entries.isEmpty() ? "{}" : "}");
    }

    private static void text(Object text, CopyText out) throws UnloadableException {
        byte[] bytes;
        int length;
        if (text instanceof Utf8 utf8) {
            bytes = utf8.getBytes();
            length = utf8.getByteLength();
        } else {
            bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            length = bytes.length;
        }
        out.put('"');
        for (int i = 0; i < length; i++) {
            byte character = bytes[i];
            if (character == 0) {
                throw CopyText.nul();
            }
            if (character == '"' || character == '\\') {
                out.put('\\');
                out.put(character);
            } else if (character > 0 && character < FIRST_PRINTABLE) {
                out.put('\\');
                out.ascii("u00");
                out.hex(bytes, i, 1);
            } else {
                out.put(character);
            }
        }
        out.put('"');
    }
}
