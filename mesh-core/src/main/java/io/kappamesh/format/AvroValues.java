package io.kappamesh.format;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.BinaryWriter;
import io.kappamesh.avro.Projection;
import io.kappamesh.contract.ValueFormat.Result;
import io.kappamesh.serde.Codecs;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;

/** Records in Avro's own types to values of a port's class, by way of Avro binary, so that what reads published ports reads them too. Thread-safe. */
final class AvroValues<V extends IndexedRecord> {
    private final BinaryWriter<GenericRecord> writer;
    private final Projection<V> projection;

    AvroValues(Class<V> type, Schema schema) {
        AvroType<V> values = Codecs.type(type, schema);
        this.writer = new BinaryWriter<>(AvroType.generic(values.schema()), new byte[0]);
        this.projection = new Projection<>(values, values.schema(), JsonReader.MAX_DEPTH);
    }

    Result<V> of(GenericRecord record) {
        byte[] avro;
        try {
            avro = writer.write(record);
        } catch (SerializationException unexpected) {
            return Result.rejected("does not fit (" + unexpected.getMessage() + ")");
        }
        return projection.read(avro, 0).fold(Result::value, Result::rejected, (id, cause) -> {
            throw new IllegalStateException(cause);
        });
    }
}
