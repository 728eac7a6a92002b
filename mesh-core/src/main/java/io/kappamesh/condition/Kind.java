package io.kappamesh.condition;

import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** What a field holds, as far as conditions tell apart. */
enum Kind {
    NUMBER("a number"),
    TEXT("text"),
    FLAG("true or false"),
    DAY("a day"),
    MOMENT("a moment"),
    CONTAINER("an array, a map or bytes"),
    OTHER("of a type that cannot be compared");

    private final String words;

    Kind(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** Of a type that is no union. */
    static Kind of(Schema type) {
        LogicalType logical = type.getLogicalType();
        if (logical instanceof LogicalTypes.Decimal || logical instanceof LogicalTypes.BigDecimal) {
            return NUMBER;
        }
        if (logical instanceof LogicalTypes.Date) {
            return DAY;
        }
        if (logical instanceof LogicalTypes.TimestampMillis
                || logical instanceof LogicalTypes.TimestampMicros
                || logical instanceof LogicalTypes.TimestampNanos) {
            return MOMENT;
        }
        return switch (type.getType()) {
            case STRING, ENUM -> TEXT;
            case INT, LONG -> logical == null ? NUMBER : OTHER;
            case FLOAT, DOUBLE -> NUMBER;
            case BOOLEAN -> FLAG;
            case ARRAY, MAP, BYTES -> CONTAINER;
            default -> OTHER;
        };
    }
}
