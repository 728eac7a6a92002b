package io.kappamesh.serde;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.PortBuilder;
import io.kappamesh.contract.SourceBuilder;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.avrotest.Parcel;
import io.kappamesh.contracts.avrotest.Purchase;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.fuzz.Throughput;
import io.kappamesh.intake.EventTimeExtractor;
import io.kappamesh.intake.RecordKeys;
import io.kappamesh.intake.RecordLimit;
import io.kappamesh.intake.RecordValidator;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What the intake costs, in every format, beside what anybody needs who reads it. Prints; the machine decides nothing. */
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class FormatThroughputTest {
    private static final byte[] KEY = "purchase-4711".getBytes(StandardCharsets.UTF_8);
    private static final int VALUES = 500;

    private final SchemaRegistry registry = SchemaRegistry.over(new MockSchemaRegistryClient());

    @Test
    void json() throws Exception {
        ValueFormat format = JsonFormat.json();
        List<byte[]> values = written(format, Purchase.class, Records::purchase);
        ObjectReader tree = new ObjectMapper().reader();

        compare(
                "JSON",
                values,
                Purchase.class,
                "placedAt",
                Optional.of(format),
                bytes -> tree.readTree(bytes).size());
    }

    @Test
    void debeziumInJson() throws Exception {
        List<byte[]> values = new ArrayList<>();
        for (byte[] row : written(JsonFormat.json(), Purchase.class, Records::purchase)) {
            String text = new String(row, StandardCharsets.UTF_8);
            values.add(("{\"before\":null,\"after\":" + text
                            + ",\"source\":{\"connector\":\"postgresql\",\"ts_ms\":1772355600000},\"op\":\"c\",\"ts_ms\":1772355600001}")
                    .getBytes(StandardCharsets.UTF_8));
        }
        ObjectReader tree = new ObjectMapper().reader();

        compare(
                "Debezium in JSON",
                values,
                Purchase.class,
                "placedAt",
                Optional.of(DebeziumFormat.json(JsonFormat.json())),
                bytes -> tree.readTree(bytes).size());
    }

    @Test
    void csv() throws Exception {
        ValueFormat format = CsvFormat.csv();
        List<byte[]> values = written(format, Parcel.class, Records::parcel);
        ObjectReader columns = new CsvMapper().readerFor(String[][].class).with(CsvParser.Feature.WRAP_AS_ARRAY);

        compare(
                "CSV",
                values,
                Parcel.class,
                "dispatched",
                Optional.of(format),
                bytes -> columns.<String[][]>readValue(bytes).length);
    }

    @Test
    void avro() throws Exception {
        int id = registry.register("purchases-value", Purchase.getClassSchema(), Compatibility.NONE);
        AvroEncoder<Purchase> encoder = new AvroEncoder<>(AvroType.of(Purchase.class), id);
        List<byte[]> values = IntStream.range(0, VALUES)
                .mapToObj(number -> encoder.encode(Records.purchase(number)))
                .toList();
        SpecificDatumReader<Purchase> reader = new SpecificDatumReader<>(Purchase.class);
        BinaryDecoder[] decoder = new BinaryDecoder[1];

        compare("Avro", values, Purchase.class, "placedAt", Optional.empty(), bytes -> {
            decoder[0] = DecoderFactory.get()
                    .binaryDecoder(
                            bytes, AvroEncoder.HEADER_LENGTH, bytes.length - AvroEncoder.HEADER_LENGTH, decoder[0]);
            return reader.read(null, decoder[0]).getLines().size();
        });
    }

    @Test
    void debeziumInAvro() throws Exception {
        Schema row = new Schema.Parser().parse(Purchase.getClassSchema().toString());
        Schema envelope = Schema.createRecord(
                "Envelope",
                null,
                null,
                false,
                List.of(
                        new Schema.Field("op", Schema.create(Schema.Type.STRING), null, null),
                        new Schema.Field("after", row, null, null)));
        int id = registry.register("changes-value", envelope, Compatibility.NONE);
        AvroEncoder<GenericRecord> encoder = new AvroEncoder<>(AvroType.generic(envelope), id);
        AvroEncoder<Purchase> rows = new AvroEncoder<>(AvroType.of(Purchase.class), 0);
        GenericDatumReader<GenericRecord> asRow = new GenericDatumReader<>(row, row, AvroType.genericData());
        List<byte[]> values = new ArrayList<>();
        for (int number = 0; number < VALUES; number++) {
            byte[] bytes = rows.encode(Records.purchase(number));
            GenericRecord change = new GenericData.Record(envelope);
            change.put("op", "c");
            change.put(
                    "after",
                    asRow.read(
                            null,
                            DecoderFactory.get()
                                    .binaryDecoder(
                                            bytes,
                                            AvroEncoder.HEADER_LENGTH,
                                            bytes.length - AvroEncoder.HEADER_LENGTH,
                                            null)));
            values.add(encoder.encode(change));
        }
        GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(envelope);
        BinaryDecoder[] decoder = new BinaryDecoder[1];

        compare("Debezium in Avro", values, Purchase.class, "placedAt", Optional.of(DebeziumFormat.avro()), bytes -> {
            decoder[0] = DecoderFactory.get()
                    .binaryDecoder(
                            bytes, AvroEncoder.HEADER_LENGTH, bytes.length - AvroEncoder.HEADER_LENGTH, decoder[0]);
            return reader.read(null, decoder[0]).getSchema().getFields().size();
        });
    }

    private interface Made<V> {
        V of(int number);
    }

    private static <V extends IndexedRecord> List<byte[]> written(ValueFormat format, Class<V> type, Made<V> made) {
        ValueFormat.Encoder<V> encoder =
                format.encoder(type, made.of(0).getSchema()).orElseThrow();
        return IntStream.range(0, VALUES)
                .mapToObj(number -> encoder.encode(made.of(number)))
                .toList();
    }

    private <V extends IndexedRecord> void compare(
            String name,
            List<byte[]> values,
            Class<V> type,
            String eventTime,
            Optional<ValueFormat> format,
            Throughput.Step plain)
            throws Exception {
        SourceBuilder<V, SourcePort<V>> builder =
                SourcePort.table("shop.values.v1", type).topic("values");
        format.ifPresent(builder::format);
        PortBuilder<V, SourcePort<V>> described = builder.eventTime(eventTime).describedAs("Values.");
        InputPort<V> port = described.build().asInput();
        Codecs codecs = RegisteredCodecs.register(registry, List.of());
        ValueBytes<V> reader = codecs.reader(port);
        assertThat(values).allSatisfy(value -> assertThat(reader.apply(value)).isInstanceOf(Decoded.Value.class));

        Throughput.ratio(
                name + ", values alone",
                values,
                bytes -> reader.apply(bytes) instanceof Decoded.Value<V> ? 1 : 0,
                plain);

        Deserializer<?> intake =
                RecordValidator.of(port, reader, limit()).serde().deserializer();
        Deserializer<String> keys = RecordKeys.serde().deserializer();
        Deserializer<String> plainKeys = new StringDeserializer();
        EventTimeExtractor times = new EventTimeExtractor(port, codecs.schemas());
        Headers none = new RecordHeaders();
        Throughput.ratio(
                name + ", the whole intake",
                values,
                bytes -> (int) times.extract(
                        new ConsumerRecord<>(
                                "values",
                                0,
                                0,
                                0,
                                TimestampType.CREATE_TIME,
                                KEY.length,
                                bytes.length,
                                keys.deserialize("values", none, KEY),
                                intake.deserialize("values", none, bytes),
                                none,
                                Optional.empty()),
                        0),
                bytes -> plainKeys.deserialize("values", none, KEY).length() + plain.of(bytes));
    }

    private static RecordLimit limit() {
        return new RecordLimit(16 * 1024 * 1024);
    }
}
