package io.kappamesh.serde;

import io.kappamesh.avro.AvroType;
import io.kappamesh.registry.SchemaRegistry;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The ordinary serde of a port in the Confluent wire format: writes with one registered id, reads whatever the registry knows.
 *
 * <p>Null stays null. Thread-safe: Kafka Streams shares one instance among all its threads.
 *
 * @see AvroDecoder#asDeserializer() for what is thrown
 */
public final class AvroSerde<T> implements Serde<T> {

    private final Serializer<T> serializer;
    private final Deserializer<T> deserializer;

    /** A serde of a type, whose schema the registry knows by this id. */
    public AvroSerde(AvroType<T> type, SchemaRegistry registry, int schemaId) {
        this.serializer = new AvroEncoder<>(type, schemaId).asSerializer();
        this.deserializer = new AvroDecoder<>(type, registry).asDeserializer();
    }

    @Override
    public Serializer<T> serializer() {
        return serializer;
    }

    @Override
    public Deserializer<T> deserializer() {
        return deserializer;
    }
}
