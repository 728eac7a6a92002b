package io.kappamesh.mapping;

import io.kappamesh.Internal;
import io.kappamesh.avro.AvroType;
import io.kappamesh.encoding.BinaryWriter;
import io.kappamesh.format.ValueFormat.Result;
import io.kappamesh.serde.Codecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** Records in Avro's own types, without logical types, to values of a port's class and back. Thread-safe. */
@Internal
public final class AvroValues<V extends IndexedRecord> {
    /** How many records, arrays and maps may be inside each other. */
    public static final int MAX_DEPTH = 100;

    private static final GenericData PLAIN = new GenericData();

    private final Schema schema;
    private final PlainValues<V> plain;
    private final BinaryWriter<V> values;

    public AvroValues(Class<V> type, Schema schema) {
        AvroType<V> avro = Codecs.type(type, schema);
        this.schema = avro.schema();
        this.plain = new PlainValues<>(avro, MAX_DEPTH);
        this.values = new BinaryWriter<>(avro, new byte[0]);
    }

    /** The value that a record is. */
    public Result<V> of(GenericRecord record) {
        try {
            return Result.value(plain.of(record));
        } catch (MisfitException misfit) {
            return Result.rejected(misfit.reason());
        }
    }

    /** The record that a value is. */
    public IndexedRecord plain(V value) {
        try {
            return new GenericDatumReader<IndexedRecord>(schema, schema, PLAIN)
                    .read(null, DecoderFactory.get().binaryDecoder(values.write(value), null));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** What a field holds that is missing: its default; without one, null, if null is allowed. */
    public static @Nullable Object missing(Schema.Field field) throws MisfitException {
        if (field.hasDefaultValue()) {
            return PLAIN.getDefaultValue(field);
        }
        if (field.schema().isNullable()) {
            return null;
        }
        throw new MisfitException("is missing").inside("." + field.name());
    }
}
