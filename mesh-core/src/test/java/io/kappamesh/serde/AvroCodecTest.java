package io.kappamesh.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.contracts.avrotest.Parcel;
import io.kappamesh.contracts.avrotest.Priority;
import io.kappamesh.contracts.avrotest.Purchase;
import io.kappamesh.contracts.avrotest.PurchaseLine;
import io.kappamesh.encoding.BytesEncoder;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

/** Runs without {@code org.apache.avro.SERIALIZABLE_PACKAGES}: that generated classes come back at all is part of the test. */
class AvroCodecTest {

    private static final String SUBJECT = "sales.purchases.v1-value";
    private static final AvroType<Purchase> PURCHASE = AvroType.of(Purchase.class);

    private final SchemaRegistry registry = SchemaRegistry.over(new MockSchemaRegistryClient());
    private final AvroEncoder<Purchase> encoder = new AvroEncoder<>(PURCHASE, register(PURCHASE.schema()));
    private final AvroDecoder<Purchase> purchases = new AvroDecoder<>(PURCHASE, registry);

    @Test
    void aGeneratedRecordComesBackEqual() {
        Purchase purchase = Records.purchase(17);

        Decoded<Purchase> decoded = purchases.decode(encode(purchase));

        assertThat(decoded).isEqualTo(new Decoded.Value<>(purchase));
        Purchase read = value(decoded);
        assertThat(read.getPriority()).isEqualTo(Priority.HIGH);
        assertThat(read.getTotal()).isEqualTo(new BigDecimal("0.17"));
        assertThat(read.getDiscount()).isEqualTo(new BigDecimal("12.50"));
        assertThat(read.getPlacedAt()).isEqualTo(Instant.ofEpochMilli(1_700_000_000_017L));
        assertThat(read.getLines().get(2)).isInstanceOf(PurchaseLine.class);
        assertThat(read.getGift()).isInstanceOf(PurchaseLine.class);
        assertThat(read.getTags()).containsEntry("channel", "web");
    }

    @Test
    void genericRecordsHaveTheSameJavaTypes() {
        AvroType<GenericRecord> generic = AvroType.generic(Purchase.getClassSchema());
        byte[] bytes = encode(Records.purchase(17));

        GenericRecord read = value(new AvroDecoder<>(generic, registry).decode(bytes));

        assertThat(read.get("total")).isEqualTo(new BigDecimal("0.17"));
        assertThat(read.get("discount")).isEqualTo(new BigDecimal("12.50"));
        assertThat(read.get("placedAt")).isEqualTo(Instant.ofEpochMilli(1_700_000_000_017L));
        assertThat(new AvroEncoder<>(generic, AvroDecoder.schemaId(bytes).getAsInt()).encode(read))
                .isEqualTo(bytes);
    }

    @Test
    void theHeaderIsMagicByteAndIdBigEndian() {
        byte[] bytes = new AvroEncoder<>(PURCHASE, 0x01020304).encode(Records.purchase(1));

        assertThat(bytes).startsWith(0, 1, 2, 3, 4);
        assertThat(AvroDecoder.schemaId(bytes)).hasValue(0x01020304);
        assertThat(AvroDecoder.schemaId(new byte[] {1, 0, 0, 0, 1})).isEqualTo(OptionalInt.empty());
        assertThat(AvroDecoder.schemaId(new byte[] {0, 0, 0, 1})).isEqualTo(OptionalInt.empty());
    }

    @Test
    void fieldsAreDroppedAndDefaultedAndTheNamespaceMayDiffer() {
        Schema reader = parse("""
                {"type":"record","name":"Purchase","namespace":"logistics.reads","fields":[
                  {"name":"note","type":"string","default":"none"},
                  {"name":"id","type":"long"},
                  {"name":"lines","type":{"type":"array","items":{"type":"record","name":"PurchaseLine","fields":[
                    {"name":"part","type":"string"},
                    {"name":"origin","type":"string","default":"unknown"}]}}},
                  {"name":"gift","type":["null","PurchaseLine"],"default":null}]}""");

        GenericRecord read =
                value(new AvroDecoder<>(AvroType.generic(reader), registry).decode(encode(Records.purchase(9))));

        assertThat(read.get("id")).isEqualTo(9L);
        assertThat(read.get("note")).hasToString("none");
        assertThat(read.get("gift")).hasToString("{\"part\": \"gift\", \"origin\": \"unknown\"}");
        assertThat((List<?>) read.get("lines"))
                .hasSize(3)
                .first()
                .hasToString("{\"part\": \"part-9-0\", \"origin\": \"unknown\"}");
    }

    @Test
    void itemsThatHaveGainedManyFieldsStillComeOutOfShortRecords() {
        Schema writer = parse("""
                {"type":"record","name":"Basket","fields":[{"name":"items","type":{"type":"array","items":
                  {"type":"record","name":"Item","fields":[{"name":"n","type":"int"}]}}}]}""");
        Schema reader = parse("""
                {"type":"record","name":"Basket","fields":[{"name":"items","type":{"type":"array","items":
                  {"type":"record","name":"Item","fields":[{"name":"n","type":"int"},
                    {"name":"a","type":"double","default":0},{"name":"b","type":"double","default":0}]}}}]}""");
        List<GenericRecord> items = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            items.add(new GenericRecordBuilder(writer.getField("items").schema().getElementType())
                    .set("n", i)
                    .build());
        }
        GenericRecord basket =
                new GenericRecordBuilder(writer).set("items", items).build();

        GenericRecord read = value(decode(reader, writer, basket));

        assertThat((List<?>) read.get("items")).hasSize(20);
    }

    @Test
    void aGeneratedClassReadsWhatAnotherVersionOfItWrote() {
        Schema writer = parse(Purchase.getClassSchema().toString().replace("\"HIGH\"", "\"HIGH\",\"URGENT\""));
        GenericRecord written = generic(writer, "HIGH");
        GenericRecord unknown = generic(writer, "URGENT");
        AvroEncoder<GenericRecord> newer = new AvroEncoder<>(AvroType.generic(writer), register(writer));

        assertThat(value(purchases.decode(newer.encode(written))).getPriority()).isEqualTo(Priority.HIGH);
        assertThat(reason(purchases.decode(newer.encode(unknown))))
                .contains("Purchase.priority lacks the symbols [URGENT]");
    }

    @Test
    void aWriterThatCannotBeResolvedIsRefusedWithTheField() {
        Schema writer =
                parse("{\"type\":\"record\",\"name\":\"Purchase\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"}]}");
        GenericRecord written =
                new GenericRecordBuilder(writer).set("id", "secret").build();

        String reason = reason(purchases.decode(encoder(writer).encode(written)));

        assertThat(reason)
                .contains("Purchase.id is long in the reader and string in the data")
                .contains("Purchase.total is not in the data and has no default")
                .doesNotContain("secret");
    }

    @Test
    void anotherScaleIsRefusedAndNotReadAsAnotherAmount() {
        Schema cents = decimal(12, 2);
        Schema mills = decimal(12, 3);
        GenericRecord price =
                new GenericRecordBuilder(cents).set("n", new BigDecimal("1.25")).build();

        assertThat(reason(decode(mills, cents, price)))
                .contains("P.n is decimal(12,3) in the reader and decimal(12,2)");
        assertThat(value(decode(decimal(14, 2), cents, price)).get("n")).isEqualTo(new BigDecimal("1.25"));
    }

    @Test
    void decimalsOfTooManyDigitsAreRefusedAtTheIntake() {
        Schema wider = parse(Purchase.getClassSchema().toString().replace("\"precision\":12", "\"precision\":40"));
        GenericRecord inTotal = generic(wider, "LOW");
        inTotal.put("total", new BigDecimal("12345678901.00"));
        GenericRecord inLine = generic(wider, "LOW");
        Schema lineSchema = wider.getField("lines").schema().getElementType();
        inLine.put(
                "lines",
                List.of(new GenericRecordBuilder(lineSchema)
                        .set("part", "p")
                        .set("quantity", 1)
                        .set("price", new BigDecimal("12345678901.00"))
                        .set("tax", new BigDecimal("0.08"))
                        .build()));
        AvroEncoder<GenericRecord> pretending = new AvroEncoder<>(AvroType.generic(wider), register(PURCHASE.schema()));

        assertThat(reason(purchases.decode(pretending.encode(inTotal))))
                .contains("Purchase.total")
                .doesNotContain("12345678901");
        assertThat(reason(purchases.decode(pretending.encode(inLine)))).contains("Purchase.lines[].price");
        assertThat(purchases.decode(pretending.encode(generic(wider, "LOW")))).isInstanceOf(Decoded.Value.class);
    }

    @Test
    void decimalsWithoutBytesAreRefused() {
        Schema raw = parse("{\"type\":\"record\",\"name\":\"P\",\"fields\":[{\"name\":\"n\",\"type\":\"bytes\"}]}");
        GenericRecord empty =
                new GenericRecordBuilder(raw).set("n", ByteBuffer.allocate(0)).build();
        byte[] body = new AvroEncoder<>(AvroType.generic(raw), register(decimal(12, 2))).encode(empty);

        assertThat(reason(new AvroDecoder<>(AvroType.generic(decimal(12, 2)), registry).decode(body)))
                .contains("does not fit");
    }

    @Test
    void bytesThatAreNoRecordAreRefused() {
        byte[] good = encode(Records.purchase(3));

        assertThat(reason(purchases.decode(new byte[] {}))).contains("too short");
        assertThat(reason(purchases.decode(new byte[] {0, 0, 0, 1}))).contains("too short");
        assertThat(reason(purchases.decode("{\"id\": 1}".getBytes(StandardCharsets.UTF_8))))
                .contains("not in the Confluent wire format");
        assertThat(reason(purchases.decode(new byte[] {0, 0, 0, 99, 99, 1}))).contains("unknown to the registry");
        assertThat(reason(purchases.decode(new byte[] {0, -1, -1, -1, -1, 1}))).contains("schema id -1");
        assertThat(reason(purchases.decode(Arrays.copyOf(good, good.length + 2))))
                .contains("goes on for 2 bytes behind its end");
        for (int length = AvroEncoder.HEADER_LENGTH; length < good.length; length++) {
            assertThat(purchases.decode(Arrays.copyOf(good, length))).isInstanceOf(Decoded.Refused.class);
        }
    }

    @Test
    void noBytesMakeItThrow() {
        byte[] good = encode(Records.purchase(3));
        Random random = new Random(42);
        int values = 0;
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = mutated(good, random);

            Decoded<Purchase> decoded = purchases.decode(bytes);

            assertThat(decoded).isNotInstanceOf(Decoded.Waiting.class);
            if (decoded instanceof Decoded.Value<Purchase> read) {
                values++;
                assertThat(encode(read.value())).isNotEmpty();
            }
        }
        assertThat(values).isPositive();
    }

    @Test
    void reasonsHoldNoValueOfTheRecord() {
        byte[] good = encode(Records.purchase(3));
        Random random = new Random(43);
        for (int round = 0; round < 50_000; round++) {
            if (purchases.decode(mutated(good, random)) instanceof Decoded.Refused<Purchase> refused) {
                assertThat(refused.reason()).doesNotContain("Müller", "part-3", "channel", "web", "1234567");
            }
        }
    }

    @Test
    void recordsInsideThemselvesCannotOverflowTheStack() {
        Schema chain = parse(
                "{\"type\":\"record\",\"name\":\"Chain\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"Chain\"]}]}");
        byte[] deep = new byte[2_000_000];
        Arrays.fill(deep, (byte) 2);
        ByteBuffer.wrap(deep).put((byte) 0).putInt(register(chain));

        assertThat(reason(new AvroDecoder<>(AvroType.generic(chain), registry).decode(deep)))
                .contains("nested too deeply");
    }

    @Test
    void itemsWithoutBytesCannotFillTheMemory() {
        Schema nothings = parse("""
                {"type":"record","name":"Nothings","fields":[
                  {"name":"skipped","type":{"type":"array","items":"null"}},
                  {"name":"read","type":{"type":"array","items":{"type":"record","name":"Empty","fields":[]}}}]}""");
        Schema reader = parse("""
                {"type":"record","name":"Nothings","fields":[
                  {"name":"read","type":{"type":"array","items":{"type":"record","name":"Empty","fields":[
                    {"name":"x","type":"int","default":1}]}}}]}""");
        byte[] header = ByteBuffer.allocate(AvroEncoder.HEADER_LENGTH)
                .put((byte) 0)
                .putInt(register(nothings))
                .array();
        AvroDecoder<GenericRecord> decoder = new AvroDecoder<>(AvroType.generic(reader), registry);
        BytesEncoder out = new BytesEncoder();
        for (long count : new long[] {50_000_000, Integer.MAX_VALUE, Long.MAX_VALUE}) {
            out.startWith(header);
            out.writeLong(count);
            assertThat(reason(decoder.decode(out.toByteArray()))).contains("more items");

            out.startWith(header);
            out.writeLong(0);
            out.writeLong(count);
            assertThat(reason(decoder.decode(out.toByteArray()))).contains("more items");
        }
    }

    @Test
    void oneCodecServesManyThreads() throws Exception {
        AvroSerde<Purchase> serde = new AvroSerde<>(PURCHASE, registry, register(PURCHASE.schema()));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                long first = thread * 1_000_000L;
                tasks.add(() -> {
                    for (long id = first; id < first + 5_000; id++) {
                        Purchase purchase = Records.purchase(id);
                        byte[] bytes = serde.serializer().serialize("t", purchase);
                        assertThat(serde.deserializer().deserialize("t", bytes)).isEqualTo(purchase);
                    }
                    return null;
                });
            }

            List<Future<Void>> done = threads.invokeAll(tasks);

            for (Future<Void> each : done) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void theSerdeKeepsNullAndThrowsForWhatIsRefused() {
        AvroSerde<Purchase> serde = new AvroSerde<>(PURCHASE, registry, register(PURCHASE.schema()));

        assertThat(serde.serializer().serialize("t", null)).isNull();
        assertThat(serde.deserializer().deserialize("t", null)).isNull();
        assertThatThrownBy(() -> serde.deserializer().deserialize("sales.purchases.v1", new byte[] {7, 7, 7, 7, 7}))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("sales.purchases.v1")
                .hasMessageContaining("wire format");
    }

    @Test
    void aValueThatDoesNotFitIsNamedByItsFieldAndNotItsValue() {
        Purchase withoutCustomer = Records.purchase(1);
        withoutCustomer.put("customer", null);
        Purchase tooExact = Records.purchase(1);
        tooExact.getLines().get(1).setPrice(new BigDecimal("987.654"));
        GenericRecord wrongType = generic(PURCHASE.schema(), "LOW");
        wrongType.put("id", "confidential");

        assertThatThrownBy(() -> encode(withoutCustomer))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("a null where none may be at Purchase.customer");
        assertThatThrownBy(() -> encode(tooExact))
                .hasMessageContaining("decimal with more digits or another scale")
                .hasMessageContaining("lines")
                .hasMessageNotContaining("987");
        assertThatThrownBy(() -> new AvroEncoder<>(AvroType.generic(PURCHASE.schema()), 1).encode(wrongType))
                .hasMessageContaining("ClassCastException at ")
                .hasMessageContaining("id")
                .hasMessageNotContaining("confidential")
                .hasNoCause();
        assertThat(purchases.decode(encode(Records.purchase(2)))).isEqualTo(new Decoded.Value<>(Records.purchase(2)));
    }

    @Test
    void aTypeMustBeARecordOrGenerated() {
        assertThatThrownBy(() -> AvroType.generic(Schema.create(Schema.Type.STRING)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("record");
        assertThatThrownBy(() -> AvroType.of(NotGenerated.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NotGenerated")
                .hasMessageContaining("AvroType.generic");
        assertThat(AvroType.of(Parcel.class).schema()).isEqualTo(Parcel.getClassSchema());
    }

    private abstract static class NotGenerated implements org.apache.avro.specific.SpecificRecord {}

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bytes = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length + 8) : good.length);
        int from = random.nextInt(8) == 0 ? 0 : AvroEncoder.HEADER_LENGTH;
        for (int i = random.nextInt(6); i >= 0 && bytes.length > from; i--) {
            int at = from + random.nextInt(bytes.length - from);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 10), (byte) 0xff);
            }
        }
        return bytes;
    }

    private byte[] encode(Purchase purchase) {
        return encoder.encode(purchase);
    }

    private AvroEncoder<GenericRecord> encoder(Schema writer) {
        return new AvroEncoder<>(AvroType.generic(writer), register(writer));
    }

    private Decoded<GenericRecord> decode(Schema reader, Schema writer, GenericRecord written) {
        return new AvroDecoder<>(AvroType.generic(reader), registry)
                .decode(encoder(writer).encode(written));
    }

    private int register(Schema schema) {
        return registry.register(SUBJECT, schema, Compatibility.NONE);
    }

    private static GenericRecord generic(Schema schema, String priority) {
        return new GenericRecordBuilder(schema)
                .set("id", 1L)
                .set("customer", "c")
                .set(
                        "priority",
                        new GenericData.EnumSymbol(schema.getField("priority").schema(), priority))
                .set("placedAt", Instant.EPOCH)
                .set("total", new BigDecimal("1.00"))
                .set(
                        "checksum",
                        new GenericData.Fixed(schema.getField("checksum").schema(), new byte[4]))
                .set("tags", Map.of())
                .set("lines", List.of())
                .build();
    }

    private static Schema decimal(int precision, int scale) {
        return parse("""
                {"type":"record","name":"P","fields":[{"name":"n","type":
                  {"type":"bytes","logicalType":"decimal","precision":%d,"scale":%d}}]}""".formatted(precision, scale));
    }

    private static Schema parse(String text) {
        return new Schema.Parser().parse(text);
    }

    private static <T> T value(Decoded<T> decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Value.class);
        return ((Decoded.Value<T>) decoded).value();
    }

    private static String reason(Decoded<?> decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Refused.class);
        return ((Decoded.Refused<?>) decoded).reason();
    }
}
