package io.kappamesh.avro;

import static java.util.Objects.requireNonNull;

import io.kappamesh.Internal;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * What values of logical types mean. What they let in can be written again: Avro checks digits when it writes and not when it reads, and
 * without this such a value would come in and stop the program when it goes out.
 */
@Internal
public final class LogicalValues {

    /** From a value in Avro's own type to what it means. Immutable and thread-safe. */
    @FunctionalInterface
    public interface Meaning {
        /** @throws IOException if it means nothing; the message holds no value of the record */
        @Nullable
        Object of(@Nullable Object raw) throws IOException;
    }

    static final Meaning ITSELF = raw -> raw;
    private static final double BITS_PER_DIGIT = Math.log(10) / Math.log(2);

    private LogicalValues() {}

    /** @param conversion null = values stay as they are */
    public static Meaning of(Schema schema, @Nullable Conversion<?> conversion) {
        if (conversion == null) {
            return ITSELF;
        }
        if (schema.getLogicalType() instanceof LogicalTypes.BigDecimal) {
            return raw -> bigDecimal(requireNonNull((ByteBuffer) raw));
        }
        if (schema.getType() == Schema.Type.STRING
                && schema.getLogicalType().getName().equals(LogicalTypes.uuid().getName())) {
            return raw -> uuid(String.valueOf(raw));
        }
        Meaning converted = raw -> Conversions.convertToLogicalType(raw, schema, schema.getLogicalType(), conversion);
        return schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
                ? limited(converted, decimal.getPrecision())
                : converted;
    }

    /**
     * What a text is, or a key of a map.
     *
     * @param schema of the text, or of the map
     */
    public static Meaning ofText(GenericData data, Schema schema) {
        boolean isKey = schema.getType() == Schema.Type.MAP;
        Meaning text = StringReaders.isString(schema)
                ? String::valueOf
                : raw -> raw instanceof Utf8 ? raw : new Utf8(String.valueOf(raw));
        Meaning made = ofText(data, schema.getProp(isKey ? SpecificData.KEY_CLASS_PROP : SpecificData.CLASS_PROP));
        return made == ITSELF ? text : made;
    }

    static Meaning ofText(GenericData data, @Nullable String className) {
        if (className == null || !(data instanceof SpecificData)) {
            return ITSELF;
        }
        Constructor<?> maker;
        try {
            maker = Class.forName(className, true, data.getClassLoader()).getConstructor(String.class);
        } catch (ReflectiveOperationException e) {
            return ITSELF;
        }
        return text -> {
            try {
                return maker.newInstance(String.valueOf(text));
            } catch (ReflectiveOperationException e) {
                throw new MalformedException(
                        "has a string that is no " + maker.getDeclaringClass().getSimpleName());
            }
        };
    }

    static ValueReader of(Schema schema, ValueReader raw, @Nullable Conversion<?> conversion) {
        Meaning meaning = of(schema, conversion);
        return meaning == ITSELF ? raw : in -> meaning.of(raw.read(in));
    }

    /** Looks at the number of bits first: counting the digits of a number of a million bytes takes seconds. */
    private static Meaning limited(Meaning decimal, int precision) {
        long fewBits = (long) Math.floor(precision * BITS_PER_DIGIT) - 1;
        long manyBits = (long) Math.ceil(precision * BITS_PER_DIGIT) + 1;
        return raw -> {
            Object value = decimal.of(raw);
            if (value instanceof BigDecimal number) {
                int bits = number.unscaledValue().bitLength();
                if (bits > manyBits || (bits > fewBits && number.precision() > precision)) {
                    throw tooManyDigits();
                }
            }
            return value;
        };
    }

    static MalformedException tooManyDigits() {
        return new MalformedException("has a decimal of more digits than its schema allows");
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
