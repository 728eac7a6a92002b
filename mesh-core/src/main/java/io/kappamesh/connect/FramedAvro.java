package io.kappamesh.connect;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.avro.Projection;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.MisfitException;
import io.kappamesh.serde.AvroEncoder;
import org.apache.avro.Schema;

/** Messages of one writer's schema in the Confluent wire format, as values of a type. Immutable and thread-safe. */
final class FramedAvro<T> {
    private final Projection<T> projection;

    FramedAvro(AvroType<T> type, Schema writer) {
        projection = new Projection<>(type, writer, AvroValues.MAX_DEPTH);
    }

    /** In Avro's own types, as they were written. */
    static FramedAvro<Object> raw(Schema writer) {
        return new FramedAvro<>(AvroType.raw(writer), writer);
    }

    /** What stands behind the header. */
    T read(byte[] bytes) throws MisfitException {
        Decoded<T> decoded = projection.read(bytes, AvroEncoder.HEADER_LENGTH);
        if (decoded instanceof Decoded.Value<T> value) {
            return value.value();
        }
        throw new MisfitException(decoded.fold(value -> "", reason -> reason, (id, cause) -> ""));
    }
}
