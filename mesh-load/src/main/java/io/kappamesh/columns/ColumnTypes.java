package io.kappamesh.columns;

import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Which column holds which type of Avro. Stateless. */
final class ColumnTypes {
    private static final long MILLIS = 1_000L;
    private static final long MICROS = 1_000_000L;
    private static final int DURATION_BYTES = 12;
    private static final int UUID_BYTES = 16;

    private ColumnTypes() {}

    /** The type of the column of a field; all columns may be null. */
    static ColumnType of(Schema field) {
        if (field.getType() != Schema.Type.UNION) {
            return single(field);
        }
        List<Schema> types = field.getTypes().stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .toList();
        return types.size() == 1 ? single(types.get(0)) : new JsonColumn(field);
    }

    private static ColumnType single(Schema type) {
        LogicalType logical = type.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal decimal) {
            return new ScalarColumns.Decimal(decimal.getPrecision(), decimal.getScale());
        }
        String meaning = logical == null ? "" : logical.getName();
        return switch (type.getType()) {
            case BOOLEAN -> new ScalarColumns.Plain("boolean");
            case INT ->
                switch (meaning) {
                    case "date" -> new TimeColumns.Date();
                    case "time-millis" -> new TimeColumns.Time(MILLIS);
                    default -> new ScalarColumns.Plain("integer");
                };
            case LONG ->
                switch (meaning) {
                    case "time-micros" -> new TimeColumns.Time(MICROS);
                    case "timestamp-millis" -> new TimeColumns.Timestamp(MILLIS, true);
                    case "timestamp-micros" -> new TimeColumns.Timestamp(MICROS, true);
                    case "local-timestamp-millis" -> new TimeColumns.Timestamp(MILLIS, false);
                    case "local-timestamp-micros" -> new TimeColumns.Timestamp(MICROS, false);
                    // PostgreSQL's timestamps end at microseconds: nanoseconds stay the number that they are.
                    default -> new ScalarColumns.Plain("bigint");
                };
            case FLOAT -> new ScalarColumns.Floating("real");
            case DOUBLE -> new ScalarColumns.Floating("double precision");
            case STRING -> meaning.equals("uuid") ? new ScalarColumns.Uuid() : new ScalarColumns.Text("text");
            case ENUM -> new ScalarColumns.Text("text");
            case BYTES -> meaning.equals("big-decimal") ? new ScalarColumns.Numeric(type) : new ScalarColumns.Bytes();
            case FIXED -> fixed(type, meaning);
            case RECORD, ARRAY, MAP, UNION, NULL -> new JsonColumn(type);
        };
    }

    private static ColumnType fixed(Schema type, String meaning) {
        if (meaning.equals("duration") && type.getFixedSize() == DURATION_BYTES) {
            return new TimeColumns.Interval();
        }
        return meaning.equals("uuid") && type.getFixedSize() == UUID_BYTES
                ? new ScalarColumns.Uuid()
                : new ScalarColumns.Bytes();
    }
}
