package io.kappamesh.protobuf;

import io.kappamesh.mapping.TimestampType;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What a type of Avro asks a single value to be. */
enum Asked {
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    STRING,
    BYTES,
    FIXED,
    ENUM,
    DECIMAL,
    TIMESTAMP,
    LOCAL_TIMESTAMP,
    DATE,
    TIME_OF_DAY;

    /** Empty = it asks for no single value. */
    static Optional<Asked> of(Schema type) {
        LogicalType logical = type.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal) {
            return Optional.of(DECIMAL);
        }
        @Nullable TimestampType timestamp = TimestampType.of(type);
        if (timestamp != null) {
            return Optional.of(timestamp.isLocal() ? LOCAL_TIMESTAMP : TIMESTAMP);
        }
        if (logical instanceof LogicalTypes.Date) {
            return Optional.of(DATE);
        }
        if (logical instanceof LogicalTypes.TimeMillis || logical instanceof LogicalTypes.TimeMicros) {
            return Optional.of(TIME_OF_DAY);
        }
        return switch (type.getType()) {
            case BOOLEAN -> Optional.of(BOOLEAN);
            case INT -> Optional.of(INT);
            case LONG -> Optional.of(LONG);
            case FLOAT -> Optional.of(FLOAT);
            case DOUBLE -> Optional.of(DOUBLE);
            case STRING -> Optional.of(STRING);
            case BYTES -> Optional.of(BYTES);
            case FIXED -> Optional.of(FIXED);
            case ENUM -> Optional.of(ENUM);
            case RECORD, ARRAY, MAP, UNION, NULL -> Optional.empty();
        };
    }
}
