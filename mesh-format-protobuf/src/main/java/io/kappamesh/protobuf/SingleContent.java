package io.kappamesh.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.kappamesh.mapping.ScalarTexts;
import io.kappamesh.mapping.Scalars;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Objects;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** A single value that is no enum and no message. */
record SingleContent(FieldDescriptor field, Schema type, Scalars scalars, ScalarTexts texts) implements Content {

    @Override
    public Object toAvro(Object wire) throws IOException {
        return Objects.requireNonNull(scalars.read(type, new WireScalar(wire)));
    }

    @Override
    public Object toProtobuf(Object avro) {
        Object written = texts.of(type, avro);
        return switch (field.getJavaType()) {
            case BOOLEAN -> Boolean.valueOf(written.toString());
            case FLOAT -> written;
            case DOUBLE -> ((Number) written).doubleValue();
            case STRING -> written.toString();
            case BYTE_STRING -> ByteString.copyFrom(Base64.getDecoder().decode(written.toString()));
            case INT ->
                isUnsigned()
                        ? unsigned(whole(avro, written), Integer.SIZE).intValue()
                        : whole(avro, written).intValueExact();
            case LONG ->
                isUnsigned()
                        ? unsigned(whole(avro, written), Long.SIZE).longValue()
                        : whole(avro, written).longValueExact();
            case ENUM, MESSAGE -> throw new IllegalStateException("no single value");
        };
    }

    private BigInteger whole(Object avro, Object written) {
        try {
            return type.getLogicalType() instanceof LogicalTypes.Date
                    ? BigInteger.valueOf((Integer) avro)
                    : new BigDecimal(written.toString()).toBigIntegerExact();
        } catch (ArithmeticException | NumberFormatException noWholeNumber) {
            throw new IllegalArgumentException(field.getFullName() + " holds whole numbers only");
        }
    }

    private boolean isUnsigned() {
        return switch (field.getType()) {
            case UINT32, UINT64, FIXED32, FIXED64 -> true;
            default -> false;
        };
    }

    private BigInteger unsigned(BigInteger number, int bits) {
        if (number.signum() < 0 || number.bitLength() > bits) {
            throw new IllegalArgumentException(
                    field.getFullName() + " holds numbers of " + bits + " bits without a sign");
        }
        return number;
    }
}
