package io.kappamesh.compare;

import io.kappamesh.catalog.Classification;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Values of Avro's generic records as short text like JSON. Stops writing when it is long enough, however large the value. */
final class ValueText {
    static final int LONGEST = 200;

    /** In the place of an element that one of two lists or maps does not have. */
    static final Object ABSENT = new Object() {
        @Override
        public String toString() {
            return "(absent)";
        }
    };

    /** In the place of what is classified. */
    static final String MASK = "***";

    private final StringBuilder text = new StringBuilder();

    private ValueText() {}

    static String of(@Nullable Object value) {
        ValueText out = new ValueText();
        out.write(value);
        return cut(out.text.toString());
    }

    /** A record's key: text if it is UTF-8, else hexadecimal. */
    static String ofKey(byte[] key) {
        try {
            return cut(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return cut("0x" + HexFormat.of().formatHex(key));
        }
    }

    static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = LONGEST - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    private boolean isFull() {
        return text.length() > LONGEST;
    }

    private void write(@Nullable Object value) {
        if (isFull()) {
            return;
        }
        if (value instanceof IndexedRecord record) {
            record(record);
        } else if (value instanceof Map<?, ?> map) {
            map(map);
        } else if (value instanceof List<?> list) {
            list(list);
        } else if (value instanceof GenericFixed fixed) {
            bytes(ByteBuffer.wrap(fixed.bytes()));
        } else if (value instanceof ByteBuffer bytes) {
            bytes(bytes.duplicate());
        } else if (value instanceof BigDecimal decimal) {
            text.append(decimal); // toPlainString of a big exponent would have no end
        } else if (value == null || value instanceof Number || value instanceof Boolean || value == ABSENT) {
            text.append(value);
        } else {
            quoted(value.toString());
        }
    }

    private void record(IndexedRecord record) {
        String separator = "";
        text.append("{");
        for (Schema.Field field : record.getSchema().getFields()) {
            text.append(separator);
            quoted(field.name());
            text.append(": ");
            if (Classification.of(field).isPresent()) {
                text.append(MASK);
            } else {
                write(record.get(field.pos()));
            }
            separator = ", ";
            if (isFull()) {
                return;
            }
        }
        text.append("}");
    }

    private void map(Map<?, ?> map) {
        String separator = "";
        text.append("{");
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(separator);
            quoted(String.valueOf(entry.getKey()));
            text.append(": ");
            write(entry.getValue());
            separator = ", ";
            if (isFull()) {
                return;
            }
        }
        text.append("}");
    }

    private void list(List<?> list) {
        String separator = "";
        text.append("[");
        for (Object element : list) {
            text.append(separator);
            write(element);
            separator = ", ";
            if (isFull()) {
                return;
            }
        }
        text.append("]");
    }

    private void bytes(ByteBuffer bytes) {
        byte[] first = new byte[Math.min(bytes.remaining(), LONGEST)];
        bytes.get(first);
        quoted("0x" + HexFormat.of().formatHex(first));
    }

    private void quoted(String value) {
        text.append('"');
        for (int i = 0; i < value.length() && !isFull(); i++) {
            char next = value.charAt(i);
            if (next == '"' || next == '\\') {
                text.append('\\').append(next);
            } else if (next < ' ') {
                text.append("\\u%04x".formatted((int) next));
            } else {
                text.append(next);
            }
        }
        text.append('"');
    }
}
