package io.kappamesh.protobuf;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Set;

/** How a single value is written, and as what it can be read without loss. */
enum Written {
    TRUTH(Asked.BOOLEAN),
    WHOLE(Asked.INT, Asked.LONG, Asked.DOUBLE, Asked.STRING, Asked.DECIMAL, Asked.TIMESTAMP, Asked.DATE),
    FLOAT(Asked.FLOAT, Asked.DOUBLE),
    DOUBLE(Asked.DOUBLE),
    TEXT(
            Asked.STRING,
            Asked.ENUM,
            Asked.DECIMAL,
            Asked.TIMESTAMP,
            Asked.LOCAL_TIMESTAMP,
            Asked.DATE,
            Asked.TIME_OF_DAY),
    BYTES(Asked.BYTES, Asked.FIXED),
    ENUM(Asked.ENUM, Asked.STRING),
    TIMESTAMP(Asked.TIMESTAMP),
    DATE(Asked.DATE),
    TIME_OF_DAY(Asked.TIME_OF_DAY),
    DECIMAL(Asked.DECIMAL);

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<Asked> fitting;

    Written(Asked... fitting) {
        this.fitting = Set.of(fitting);
    }

    boolean fits(Asked asked) {
        return fitting.contains(asked);
    }

    boolean isInexact() {
        return this == FLOAT || this == DOUBLE;
    }

    /** @param field no message */
    static Written of(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case BOOLEAN -> TRUTH;
            case INT, LONG -> WHOLE;
            case FLOAT -> FLOAT;
            case DOUBLE -> DOUBLE;
            case STRING -> TEXT;
            case BYTE_STRING -> BYTES;
            case ENUM -> ENUM;
            case MESSAGE -> throw new IllegalArgumentException(field.getFullName() + " is a message");
        };
    }
}
