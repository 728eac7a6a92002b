package io.kappamesh.intake;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Projection;
import io.kappamesh.serde.StateSerde;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Checks that a decoded value fits into its schema, and into the product's own topics. A value can be larger than the bytes that it was decoded from: an item of
 * one byte gets the defaults of all fields that its writer did not have, and an {@code int} of one byte becomes a {@code double} of eight.
 * Nearly all values are too small to exceed the limit, and are not measured. Immutable and thread-safe.
 */
final class SizeValidator<A extends IndexedRecord> {
    /** The most bytes that one byte becomes if no field is added: the longest encoding of a number in Avro. */
    private static final int PROMOTION = 10;

    /** The number of items without any byte that a record may have, and the record itself. */
    private static final int ITEMS_WITHOUT_BYTES = Projection.FREE_ITEMS + 1;

    private final StateSerde<A> serde;
    private final int limit;
    private final boolean trusted;
    private final long addedPerItem;

    /** @param trusted whether values fit their schema without a look */
    SizeValidator(AvroType<A> type, RecordLimit limit, boolean trusted) {
        this.trusted = trusted;
        this.serde = new StateSerde<>(type);
        this.limit = limit.value();
        this.addedPerItem = added(type.schema(), new HashSet<>());
    }

    /**
     * Admits a value, or rejects it.
     *
     * @param bytes the number of bytes that it was decoded from
     */
    ValidationResult<A> take(int bytes, A value) {
        if (!trusted || atMost(bytes) > limit) {
            int size;
            try {
                size = serde.serializer().serialize("", value).length;
            } catch (SerializationException misfit) {
                return ValidationResult.refused(Reason.UNDECODABLE, String.valueOf(misfit.getMessage()));
            }
            if (size > limit) {
                return ValidationResult.refused(
                        Reason.TOO_LARGE,
                        "the value has " + bytes + " bytes and takes " + size
                                + " in the reader's schema, but the product's own topics take at most " + limit);
            }
        }
        return new ValidationResult.Admitted<>(value);
    }

    /** An upper bound for the size of a value that was decoded from this number of bytes. */
    private long atMost(int bytes) {
        return (long) PROMOTION * bytes + (bytes + ITEMS_WITHOUT_BYTES) * addedPerItem;
    }

    /** An upper bound for what all fields together can add to an item: their defaults, and the branch of a union. */
    private static long added(Schema schema, Set<String> seen) {
        return switch (schema.getType()) {
            case ARRAY -> added(schema.getElementType(), seen);
            case MAP -> added(schema.getValueType(), seen);
            case UNION ->
                schema.getTypes().stream()
                        .mapToLong(branch -> added(branch, seen))
                        .sum();
            case RECORD ->
                seen.add(schema.getFullName())
                        ? schema.getFields().stream()
                                .mapToLong(field -> 1 + ofDefault(field) + added(field.schema(), seen))
                                .sum()
                        : 0;
            default -> 0;
        };
    }

    private static long ofDefault(Schema.Field field) {
        return field.hasDefaultValue()
                ? PROMOTION + String.valueOf(field.defaultVal()).getBytes(StandardCharsets.UTF_8).length
                : 0;
    }
}
