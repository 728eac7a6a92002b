package io.kappamesh.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Records in Avro's own types as the JSON text that {@link JsonReader} reads. For tests. Immutable and thread-safe. */
final class JsonWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Optional<ChronoUnit> epoch;
    private final int header;

    JsonWriter(Optional<ChronoUnit> epoch, int header) {
        this.epoch = epoch;
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
            default -> scalar(type, type.getLogicalType(), value, out);
        }
    }

    private void scalar(Schema type, @Nullable LogicalType logical, Object value, JsonGenerator out)
            throws IOException {
        if (logical instanceof LogicalTypes.Decimal decimal) {
            out.writeString(new BigDecimal(new BigInteger(bytes(value)), decimal.getScale()).toPlainString());
        } else if (logical instanceof LogicalTypes.TimestampMillis) {
            instant(Instant.ofEpochMilli((Long) value), out);
        } else if (logical instanceof LogicalTypes.TimestampMicros) {
            instant(micros((Long) value), out);
        } else if (logical instanceof LogicalTypes.LocalTimestampMillis) {
            out.writeString(LocalDateTime.ofInstant(Instant.ofEpochMilli((Long) value), ZoneOffset.UTC)
                    .toString());
        } else if (logical instanceof LogicalTypes.LocalTimestampMicros) {
            out.writeString(LocalDateTime.ofInstant(micros((Long) value), ZoneOffset.UTC)
                    .toString());
        } else if (logical instanceof LogicalTypes.Date) {
            out.writeString(LocalDate.ofEpochDay((Integer) value).toString());
        } else if (logical instanceof LogicalTypes.TimeMillis) {
            out.writeString(
                    LocalTime.ofNanoOfDay((Integer) value * NANOS_PER_MILLI).toString());
        } else if (logical instanceof LogicalTypes.TimeMicros) {
            out.writeString(
                    LocalTime.ofNanoOfDay((Long) value * NANOS_PER_MICRO).toString());
        } else {
            switch (type.getType()) {
                case BOOLEAN -> out.writeBoolean((Boolean) value);
                case INT -> out.writeNumber((Integer) value);
                case LONG -> out.writeNumber((Long) value);
                case FLOAT -> out.writeNumber((Float) value);
                case DOUBLE -> out.writeNumber((Double) value);
                case BYTES, FIXED -> out.writeString(Base64.getEncoder().encodeToString(bytes(value)));
                default -> out.writeString(value.toString());
            }
        }
    }

    private void instant(Instant time, JsonGenerator out) throws IOException {
        if (epoch.isPresent()) {
            out.writeNumber(epoch.get().between(Instant.EPOCH, time));
        } else {
            out.writeString(time.toString());
        }
    }

    private static Instant micros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static byte[] bytes(Object value) {
        if (value instanceof GenericFixed fixed) {
            return fixed.bytes();
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static Schema notNull(Schema union) {
        return union.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .findFirst()
                .orElse(union);
    }
}
