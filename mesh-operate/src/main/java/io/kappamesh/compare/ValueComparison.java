package io.kappamesh.compare;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.registry.IncompatibleSchemaException;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.tables.Latest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Compares what two generations say of one key of one port.
 *
 * <p>Equal bytes are equal values. Other values are compared field by field: under the schema that both were written with, so that
 * nothing is dropped; if those are two, under the newest schema of the port's subject, as a consumer of today reads them. Decimals
 * are equal by value. What cannot be read is never taken for equal. One thread at a time.
 */
final class ValueComparison {
    private static final FieldPath VALUE = new FieldPath("(value)", "(value)");
    private static final FieldPath TIMESTAMP = new FieldPath("(timestamp)", "(timestamp)");

    private final SchemaRegistry registry;
    private final String subject;
    private final @Nullable Schema newestSchema;
    private final @Nullable AvroDecoder<GenericRecord> newest;
    private final ClassifiedFields classified;
    private final Map<Integer, AvroDecoder<GenericRecord>> writers = new HashMap<>();

    /** @param newest the newest schema under the subject; null = there is none of a record */
    private ValueComparison(SchemaRegistry registry, String subject, @Nullable Schema newest) {
        this.registry = registry;
        this.subject = subject;
        this.newestSchema = newest;
        this.newest = newest == null ? null : decoderOrNull(registry, newest);
        this.classified = new ClassifiedFields(newest);
    }

    /**
     * Of the values whose schemas are under a subject. Asks the registry for its newest version.
     *
     * @throws io.kappamesh.registry.RegistryUnavailableException if the registry gives no answer; the call may be repeated
     */
    static ValueComparison of(SchemaRegistry registry, String subject) {
        return new ValueComparison(registry, subject, newest(registry, subject));
    }

    /** The same for another thread. */
    ValueComparison another() {
        return new ValueComparison(registry, subject, newestSchema);
    }

    /** In what two records differ, if they do. A key that one deleted and the other never had is no difference. */
    KeyComparison compare(@Nullable Latest serving, @Nullable Latest candidate) {
        byte[] one = Latest.valueOf(serving);
        byte[] other = Latest.valueOf(candidate);
        if (serving == null || one == null) {
            return other == null ? KeyComparison.EQUAL : KeyComparison.of(DifferenceKind.ONLY_CANDIDATE);
        }
        if (candidate == null || other == null) {
            return KeyComparison.of(DifferenceKind.ONLY_SERVING);
        }
        KeyComparison values = values(one, other);
        return values.isEqual() ? timestamps(serving, candidate) : values;
    }

    /** A correction carries the time at which it was made, because it may not lie before the record that it corrects. */
    private static KeyComparison timestamps(Latest serving, Latest candidate) {
        boolean agree = serving.correction()
                ? candidate.timestamp() <= serving.timestamp()
                : candidate.timestamp() == serving.timestamp();
        return agree
                ? KeyComparison.EQUAL
                : new KeyComparison(
                        DifferenceKind.TIMESTAMP,
                        List.of(new FieldChange(
                                TIMESTAMP,
                                Instant.ofEpochMilli(serving.timestamp()),
                                Instant.ofEpochMilli(candidate.timestamp()))));
    }

    private KeyComparison values(byte[] serving, byte[] candidate) {
        if (Arrays.equals(serving, candidate)) {
            return KeyComparison.EQUAL;
        }
        OptionalInt writer = AvroDecoder.schemaId(serving);
        boolean oneWriter = writer.isPresent() && writer.equals(AvroDecoder.schemaId(candidate));
        Decoded<AvroDecoder<GenericRecord>> decoder = oneWriter ? decoder(writer.getAsInt()) : newest();
        return decoder.fold(
                known -> decoded(known.decode(serving), known.decode(candidate)),
                reason -> undecodable(reason, reason),
                (id, cause) -> undecodable(unreachable(id), unreachable(id)));
    }

    /** The key of a difference as it may be shown. */
    String shownKey(byte[] key, @Nullable Latest serving, @Nullable Latest candidate) {
        List<GenericRecord> values = new ArrayList<>();
        for (Latest latest : Arrays.asList(serving, candidate)) {
            byte @Nullable [] value = Latest.valueOf(latest);
            if (value != null) {
                AvroDecoder.schemaId(value).stream()
                        .mapToObj(writer -> decoder(writer)
                                .fold(known -> valueOrNull(known.decode(value)), reason -> null, (id, cause) -> null))
                        .filter(Objects::nonNull)
                        .forEach(values::add);
            }
        }
        String text = ValueText.ofKey(key);
        return classified.showsKey(text, values) ? text : ValueText.MASK;
    }

    private KeyComparison decoded(Decoded<GenericRecord> serving, Decoded<GenericRecord> candidate) {
        GenericRecord one = valueOrNull(serving);
        GenericRecord other = valueOrNull(candidate);
        if (one == null || other == null) {
            return undecodable(reason(serving), reason(candidate));
        }
        try {
            List<FieldChange> changes = FieldChange.between(one, other, classified);
            return changes.isEmpty() ? KeyComparison.EQUAL : new KeyComparison(DifferenceKind.CHANGED, changes);
        } catch (StackOverflowError tooDeep) {
            return undecodable("nested too deeply", "nested too deeply");
        }
    }

    private static @Nullable GenericRecord valueOrNull(Decoded<GenericRecord> decoded) {
        return decoded instanceof Decoded.Value<GenericRecord> read ? read.value() : null;
    }

    private static String reason(Decoded<GenericRecord> decoded) {
        return decoded.fold(value -> "readable", reason -> reason, (id, cause) -> unreachable(id));
    }

    private static String unreachable(int id) {
        return "schema id %d was never seen and the registry does not answer".formatted(id);
    }

    private static KeyComparison undecodable(String serving, String candidate) {
        return new KeyComparison(DifferenceKind.UNDECODABLE, List.of(new FieldChange(VALUE, serving, candidate)));
    }

    private Decoded<AvroDecoder<GenericRecord>> newest() {
        return newest == null
                ? new Decoded.Refused<>("subject %s has no Avro schema of a record".formatted(subject))
                : new Decoded.Value<>(newest);
    }

    private Decoded<AvroDecoder<GenericRecord>> decoder(int writer) {
        AvroDecoder<GenericRecord> known = writers.get(writer);
        if (known != null) {
            return new Decoded.Value<>(known);
        }
        return registry.lookup(writer)
                .fold(
                        schema -> remember(writer, schema),
                        Decoded.Refused::new,
                        cause -> new Decoded.Waiting<>(writer, cause));
    }

    private Decoded<AvroDecoder<GenericRecord>> remember(int writer, Schema schema) {
        AvroDecoder<GenericRecord> decoder = decoderOrNull(registry, schema);
        if (decoder == null) {
            return new Decoded.Refused<>("schema id %d is not a record".formatted(writer));
        }
        writers.put(writer, decoder);
        return new Decoded.Value<>(decoder);
    }

    private static @Nullable Schema newest(SchemaRegistry registry, String subject) {
        List<RegisteredSchema> versions;
        try {
            versions = registry.versions(subject);
        } catch (IncompatibleSchemaException notAvro) {
            return null; // every pair of different bytes is a difference, with that as the reason
        }
        return versions.isEmpty() ? null : versions.get(versions.size() - 1).schema();
    }

    private static @Nullable AvroDecoder<GenericRecord> decoderOrNull(SchemaRegistry registry, Schema schema) {
        return schema.getType() == Schema.Type.RECORD ? new AvroDecoder<>(AvroType.generic(schema), registry) : null;
    }
}
