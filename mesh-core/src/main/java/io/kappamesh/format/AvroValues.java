package io.kappamesh.format;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.BytesEncoder;
import io.kappamesh.avro.Projection;
import io.kappamesh.contract.ValueFormat.Result;
import io.kappamesh.serde.Codecs;
import java.io.IOException;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.IndexedRecord;

/** Records in Avro's own types to values of a port's class, by way of Avro binary, so that what reads published ports reads them too. Thread-safe. */
final class AvroValues<V extends IndexedRecord> {
    /** Without conversions: records are in Avro's own types. */
    private static final GenericData PLAIN = new GenericData();

    private final Schema schema;
    private final Projection<V> projection;

    AvroValues(Class<V> type, Schema schema) {
        AvroType<V> values = Codecs.type(type, schema);
        this.schema = values.schema();
        this.projection = new Projection<>(values, values.schema(), JsonReader.MAX_DEPTH);
    }

    Result<V> of(IndexedRecord record) {
        BytesEncoder out = new BytesEncoder();
        out.startWith(new byte[0]);
        try {
            new GenericDatumWriter<>(schema, PLAIN).write(record, out);
        } catch (IOException | AvroRuntimeException unexpected) {
            return Result.rejected("does not fit (" + unexpected.getClass().getSimpleName() + ")");
        }
        return projection.read(out.toByteArray(), 0).fold(Result::value, Result::rejected, (id, cause) -> {
            throw new IllegalStateException(cause);
        });
    }
}
