package io.kappamesh.connect;

import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.format.WriterSchemas;
import io.kappamesh.mapping.JoinedKey;
import io.kappamesh.mapping.MisfitException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Keys in Avro and the Confluent wire format, whatever their writer's subject strategy: records, as Debezium and Kafka Connect write them, or
 * single values. The text is that of some of their fields, {@code 42} of {@code {id: 42}}: whole numbers, text, enums and booleans. Immutable
 * and thread-safe.
 *
 * <p>The id of the schema is one of a key's bytes, and Kafka places a record by all of them. A key that is written with another schema from
 * some day on is in another partition from then on, and in a compacted topic stands beside its earlier rows.
 */
public final class AvroKey implements KeyFormat {
    /** Empty = the key itself is a single value. */
    private final List<String> fields;

    private AvroKey(List<String> fields) {
        this.fields = fields;
    }

    /**
     * The fields of the record that make the key, in this order; of several the texts are joined by {@code |}, and a key with that character in
     * one of them is rejected.
     *
     * @throws DeclarationException without any
     */
    public static AvroKey of(String... fields) {
        if (fields.length == 0) {
            throw new DeclarationException(
                    List.of("Avro key: name the fields that make it, or say ofValue() for keys that are no records"));
        }
        return new AvroKey(List.of(fields));
    }

    /** Keys that are single values and no records, such as text in the Confluent wire format. */
    public static AvroKey ofValue() {
        return new AvroKey(List.of());
    }

    @Override
    public boolean hasSchemaIds() {
        return true;
    }

    /** Without schemas no key can be read; {@link #using} gives them. */
    @Override
    public Optional<String> text(byte[] bytes) {
        return Optional.empty();
    }

    @Override
    public KeyFormat using(WriterSchemas writers) {
        BySchemaId<Reader> readers = new BySchemaId<>(writers, writer -> Reader.of(writer, fields));
        return bytes -> {
            try {
                return readers.of(bytes).text(bytes);
            } catch (MisfitException noKey) {
                return Optional.empty();
            }
        };
    }

    /** Keys of one writer's schema. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Reader(FramedAvro<Object> raw, boolean isRecord, int[] positions) {
        static Reader of(Schema writer, List<String> fields) {
            boolean isRecord = writer.getType() == Schema.Type.RECORD;
            int[] positions = fields.stream()
                    .mapToInt(name -> isRecord && writer.getField(name) != null
                            ? writer.getField(name).pos()
                            : -1)
                    .toArray();
            return new Reader(FramedAvro.raw(writer), isRecord, positions);
        }

        Optional<String> text(byte[] bytes) throws MisfitException {
            Object key = raw.read(bytes);
            if (isRecord != positions.length > 0) {
                return Optional.empty();
            }
            if (!isRecord) {
                return Optional.ofNullable(text(key));
            }
            List<@Nullable String> parts = new ArrayList<>();
            for (int position : positions) {
                parts.add(position < 0 ? null : text(((IndexedRecord) key).get(position)));
            }
            return JoinedKey.of(parts);
        }

        private static @Nullable String text(@Nullable Object value) {
            return value instanceof CharSequence
                            || value instanceof Integer
                            || value instanceof Long
                            || value instanceof Boolean
                            || value instanceof GenericEnumSymbol
                    ? value.toString()
                    : null;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AvroKey key && fields.equals(key.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }
}
