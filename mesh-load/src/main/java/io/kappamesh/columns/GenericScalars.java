package io.kappamesh.columns;

import io.kappamesh.serde.AvroBytes;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Values of Avro's own types as Java has them. Stateless. */
final class GenericScalars {
    private static final int UUID_BYTES = 16;

    private GenericScalars() {}

    /** A {@code BigDecimal}, a number of Avro's, or something whose text in JSON is {@code toString()}. */
    static Object of(Schema type, Object value) throws UnloadableException {
        LogicalType logical = type.getLogicalType();
        if (logical == null) {
            return switch (type.getType()) {
                case BYTES, FIXED -> HexFormat.of().formatHex(AvroBytes.of(value));
                default -> value;
            };
        }
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return RawValues.decimal(value, decimal.getScale());
        }
        return switch (logical.getName()) {
            case "big-decimal" -> RawValues.bigDecimal(value, type);
            case "date" -> LocalDate.ofEpochDay((Integer) value);
            case "time-millis" -> RawValues.time((Integer) value, 1_000L);
            case "time-micros" -> RawValues.time((Long) value, 1_000_000L);
            case "timestamp-millis" -> RawValues.instant((Long) value, 1_000L);
            case "timestamp-micros" -> RawValues.instant((Long) value, 1_000_000L);
            case "timestamp-nanos" -> RawValues.instant((Long) value, 1_000_000_000L);
            case "local-timestamp-millis" -> RawValues.localDateTime((Long) value, 1_000L);
            case "local-timestamp-micros" -> RawValues.localDateTime((Long) value, 1_000_000L);
            case "local-timestamp-nanos" -> RawValues.localDateTime((Long) value, 1_000_000_000L);
            case "duration" -> duration(RawValues.duration(value));
            case "uuid" ->
                type.getType() == Schema.Type.FIXED && type.getFixedSize() == UUID_BYTES ? uuid(value) : value;
            default ->
                type.getType() == Schema.Type.BYTES || type.getType() == Schema.Type.FIXED
                        ? HexFormat.of().formatHex(AvroBytes.of(value))
                        : value;
        };
    }

    private static UUID uuid(Object value) {
        java.nio.ByteBuffer in = java.nio.ByteBuffer.wrap(AvroBytes.of(value));
        return new UUID(in.getLong(), in.getLong());
    }

    private static String duration(long[] parts) {
        return "P%dM%dDT%d.%03dS".formatted(parts[0], parts[1], parts[2] / 1000, parts[2] % 1000);
    }
}
