package io.kappamesh.system;

import io.apicurio.registry.utils.converter.avro.AvroData;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;

/**
 * A converter of Kafka Connect that writes Avro in the Confluent wire format, with schemas registered under the topic's subjects: what Confluent's
 * does, whose Maven repository this build does not use. It only writes.
 */
final class ConnectAvro implements Converter {
    private static final int SCHEMAS = 100;

    private final AvroData avro = new AvroData(SCHEMAS);
    private final SchemaRegistryClient registry;
    private String suffix = "-value";

    ConnectAvro(String registryUrl) {
        registry = new CachedSchemaRegistryClient(registryUrl, SCHEMAS);
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        suffix = isKey ? "-key" : "-value";
    }

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
        if (value == null) {
            return null;
        }
        org.apache.avro.Schema writer = avro.fromConnectSchema(schema);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            int id = registry.register(topic + suffix, new AvroSchema(writer));
            bytes.write(0);
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
            new GenericDatumWriter<>(writer).write(avro.fromConnectData(schema, value), encoder);
            encoder.flush();
        } catch (IOException | RestClientException failed) {
            throw new DataException("topic " + topic + ": cannot be written in Avro", failed);
        }
        return bytes.toByteArray();
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte[] value) {
        throw new UnsupportedOperationException("only writes");
    }
}
