package io.kappamesh.serde;

import io.kappamesh.Internal;
import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.format.WriterSchemas;
import io.kappamesh.registry.SchemaRegistry;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;

/** Decoders and encoders of ports, whose schemas are registered before the first record. Implementations are thread-safe. */
@Internal
public interface Codecs {

    /** Reads the values of an input port that are Avro in the Confluent wire format, with the reader's schema. */
    <V extends IndexedRecord> AvroDecoder<V> decoder(InputPort<V> port);

    /** The schemas that keys and values in the Confluent wire format name. */
    WriterSchemas schemas();

    /** The bytes of an input port to its values, in the format that the port has. Thread-safe. */
    default <V extends IndexedRecord> ValueBytes<V> reader(InputPort<V> port) {
        ValueBytes<V> reader = port.format()
                .<ValueBytes<V>>map(format ->
                        new ForeignValues<>(format.headers(), format.decoder(port.type(), port.reader(), schemas())))
                .orElseGet(() -> decoder(port)::decode);
        return port.filter()
                .recordName()
                .<ValueBytes<V>>map(name -> new OneRecordOfMany<>(name, schemas(), reader))
                .orElse(reader);
    }

    /** Writes the values of an output port under its registered schema. */
    <V extends IndexedRecord> AvroEncoder<V> encoder(OutputPort<V> port);

    /** The schemas that a registry knows by their ids. */
    static WriterSchemas schemas(SchemaRegistry registry) {
        return new RegistrySchemas(registry);
    }

    /** How values of a class are represented: a generated class by its own schema, generic records by the one given. */
    @SuppressWarnings("unchecked") // the class was checked just before
    static <V extends IndexedRecord> AvroType<V> type(Class<V> type, Schema schema) {
        return SpecificRecord.class.isAssignableFrom(type)
                ? (AvroType<V>) AvroType.of(type.asSubclass(SpecificRecord.class))
                : (AvroType<V>) AvroType.generic(schema);
    }
}
