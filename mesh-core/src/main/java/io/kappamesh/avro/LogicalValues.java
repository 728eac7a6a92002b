package io.kappamesh.avro;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Readers of logical types, on top of readers of the types below them. What they let in can be written again: Avro checks digits
 * when it writes and not when it reads, and without this such a value would come in and stop the program when it goes out.
 */
final class LogicalValues {

    private static final double BITS_PER_DIGIT = Math.log(10) / Math.log(2);

    private LogicalValues() {}

    /** @param conversion null = values stay as they are */
    static ValueReader of(Schema schema, ValueReader raw, @Nullable Conversion<?> conversion) {
        if (conversion == null) {
            return raw;
        }
        ValueReader converted =
                in -> Conversions.convertToLogicalType(raw.read(in), schema, schema.getLogicalType(), conversion);
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return limited(converted, decimal.getPrecision());
        }
        if (schema.getLogicalType() instanceof LogicalTypes.BigDecimal) {
            return in -> bigDecimal(requireNonNull((ByteBuffer) raw.read(in)));
        }
        if (schema.getType() == Schema.Type.STRING
                && schema.getLogicalType().getName().equals(LogicalTypes.uuid().getName())) {
            return in -> uuid(String.valueOf(raw.read(in)));
        }
        return converted;
    }

    /** Looks at the number of bits first: counting the digits of a number of a million bytes takes seconds. */
    private static ValueReader limited(ValueReader decimal, int precision) {
        long fewBits = (long) Math.floor(precision * BITS_PER_DIGIT) - 1;
        long manyBits = (long) Math.ceil(precision * BITS_PER_DIGIT) + 1;
        return in -> {
            Object value = decimal.read(in);
            if (value instanceof BigDecimal number) {
                int bits = number.unscaledValue().bitLength();
                if (bits > manyBits || (bits > fewBits && number.precision() > precision)) {
                    throw new MalformedException("has a decimal of more digits than its schema allows");
                }
            }
            return value;
        };
    }

    /** Avro would believe a length that stands inside, and take that much memory. */
    private static BigDecimal bigDecimal(ByteBuffer bytes) throws IOException {
        byte[] content = new byte[bytes.remaining()];
        bytes.get(content);
        BytesDecoder in = new BytesDecoder(content, 0);
        byte[] digits = in.readByteArray();
        int scale = in.readInt();
        if (digits.length == 0 || in.remaining() > 0) {
            throw new MalformedException("has bytes that are no big-decimal");
        }
        return new BigDecimal(new BigInteger(digits), scale);
    }

    /** Java takes shorter texts too, and makes others of them. */
    private static UUID uuid(String text) throws MalformedException {
        try {
            UUID uuid = UUID.fromString(text);
            if (uuid.toString().equalsIgnoreCase(text)) {
                return uuid;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new MalformedException("has a string that is no uuid");
    }
}
