package io.kappamesh.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kappamesh.mapping.ScalarTexts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Records in Avro's own types as the JSON text that {@link JsonReader} reads. For tests. Immutable and thread-safe. */
final class JsonWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private final ScalarTexts scalars;
    private final int header;

    JsonWriter(Optional<ChronoUnit> epoch, int header) {
        this.scalars = new ScalarTexts(epoch);
        this.header = header;
    }

    byte[] write(IndexedRecord record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[header]);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            value(record.getSchema(), record, out);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private void value(Schema type, @Nullable Object value, JsonGenerator out) throws IOException {
        if (value == null) {
            out.writeNull();
            return;
        }
        switch (type.getType()) {
            case UNION -> value(notNull(type), value, out);
            case RECORD -> {
                out.writeStartObject();
                for (Schema.Field field : type.getFields()) {
                    out.writeFieldName(field.name());
                    value(field.schema(), ((IndexedRecord) value).get(field.pos()), out);
                }
                out.writeEndObject();
            }
            case ARRAY -> {
                out.writeStartArray();
                for (Object item : (Collection<?>) value) {
                    value(type.getElementType(), item, out);
                }
                out.writeEndArray();
            }
            case MAP -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    out.writeFieldName(entry.getKey().toString());
                    value(type.getValueType(), entry.getValue(), out);
                }
                out.writeEndObject();
            }
            default -> scalar(type, value, out);
        }
    }

    private void scalar(Schema type, Object value, JsonGenerator out) throws IOException {
        Object written = scalars.of(type, value);
        if (written instanceof Boolean truth) {
            out.writeBoolean(truth);
        } else if (written instanceof Float number) {
            out.writeNumber(number);
        } else if (written instanceof Double number) {
            out.writeNumber(number);
        } else if (written instanceof Number number) {
            out.writeNumber(number.longValue());
        } else {
            out.writeString(written.toString());
        }
    }

    private static Schema notNull(Schema union) {
        return union.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .findFirst()
                .orElse(union);
    }
}
