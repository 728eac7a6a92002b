package io.kappamesh.connect;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.avro.Projection;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.serde.AvroEncoder;
import org.apache.avro.Schema;

/** Values of one writer's schema in Avro's own types, as they were written. Immutable and thread-safe. */
final class RawAvro {
    private final Projection<Object> projection;

    RawAvro(Schema writer) {
        projection = new Projection<>(AvroType.raw(writer), writer, AvroValues.MAX_DEPTH);
    }

    /** What stands behind the header of bytes in the Confluent wire format. */
    Object read(byte[] bytes) throws MisfitException {
        Decoded<Object> decoded = projection.read(bytes, AvroEncoder.HEADER_LENGTH);
        if (decoded instanceof Decoded.Value<Object> value) {
            return value.value();
        }
        throw new MisfitException(decoded.fold(value -> "", reason -> reason, (id, cause) -> ""));
    }
}
