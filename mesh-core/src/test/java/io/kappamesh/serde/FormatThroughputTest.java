package io.kappamesh.serde;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.PortBuilder;
import io.kappamesh.contract.SourceBuilder;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.avrotest.Parcel;
import io.kappamesh.contracts.avrotest.Priority;
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
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What the intake costs, in every format, beside the deserializer that a program by hand would have: Jackson's into classes with the same types,
 * Avro's own into the same class. Prints; the machine decides nothing.
 */
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class FormatThroughputTest {
    private static final byte[] KEY = "purchase-4711".getBytes(StandardCharsets.UTF_8);
    private static final int VALUES = 500;

    private final SchemaRegistry registry = SchemaRegistry.over(new MockSchemaRegistryClient());

    @SuppressWarnings("ArrayRecordComponent") // nobody compares it
    private record PlainPurchase(
            long id,
            String customer,
            Priority priority,
            Instant placedAt,
            BigDecimal total,
            BigDecimal discount,
            byte[] checksum,
            Map<String, String> tags,
            List<PlainLine> lines,
            PlainLine gift) {}

    private record PlainLine(String part, int quantity, BigDecimal price, BigDecimal tax) {}

    private record PlainChange(
            PlainPurchase before, PlainPurchase after, Map<String, Object> source, String op, long ts_ms) {}

    @JsonPropertyOrder({"id", "line", "mode", "dispatched", "weight", "destination", "comment"})
    private record PlainParcel(
            long id,
            int line,
            String mode,
            LocalDate dispatched,
            BigDecimal weight,
            String destination,
            String comment) {}

    private static ObjectMapper jackson(ObjectMapper mapper) {
        return mapper.registerModule(new SimpleModule()
                .addDeserializer(Instant.class, ofText(Instant.class, Instant::parse))
                .addDeserializer(LocalDate.class, ofText(LocalDate.class, LocalDate::parse)));
    }

    private static <T> StdDeserializer<T> ofText(Class<T> type, Function<String, T> parse) {
        return new StdDeserializer<>(type) {
            private static final long serialVersionUID = 1L;

            @Override
            public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
                return parse.apply(in.getText());
            }
        };
    }

    @Test
    void json() throws Exception {
        ValueFormat format = JsonFormat.json();
        List<byte[]> values = written(format, Purchase.class, Records::purchase);
        ObjectReader plain = jackson(new ObjectMapper()).readerFor(PlainPurchase.class);

        compare(
                "JSON",
                values,
                Purchase.class,
                "placedAt",
                Optional.of(format),
                bytes -> plain.<PlainPurchase>readValue(bytes).lines().size());
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
        ObjectReader plain = jackson(new ObjectMapper()).readerFor(PlainChange.class);

        compare(
                "Debezium in JSON",
                values,
                Purchase.class,
                "placedAt",
                Optional.of(DebeziumFormat.json(JsonFormat.json())),
                bytes -> plain.<PlainChange>readValue(bytes).after().lines().size());
    }

    @Test
    void csv() throws Exception {
        ValueFormat format = CsvFormat.csv();
        List<byte[]> values = written(format, Parcel.class, Records::parcel);
        CsvMapper mapper = new CsvMapper();
        ObjectReader plain = jackson(mapper).readerFor(PlainParcel.class).with(mapper.schemaFor(PlainParcel.class));

        compare(
                "CSV",
                values,
                Parcel.class,
                "dispatched",
                Optional.of(format),
                bytes -> plain.<PlainParcel>readValue(bytes).line());
    }

    @Test
    void avro() throws Exception {
        ClassSecurityValidator.ClassSecurityPredicate before = ClassSecurityValidator.getGlobal();
        ClassSecurityValidator.setGlobal(
                type -> type.getPackage() == Purchase.class.getPackage() || before.isTrusted(type));
        try {
            compareAvro();
        } finally {
            ClassSecurityValidator.setGlobal(before);
        }
    }

    private void compareAvro() throws Exception {
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
                        new Schema.Field(
                                "after", Schema.createUnion(Schema.create(Schema.Type.NULL), row), null, null)));
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
        GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(envelope, envelope, AvroType.genericData());
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
