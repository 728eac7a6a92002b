package io.kappamesh.compare;

import static io.kappamesh.tables.Purchases.line;
import static io.kappamesh.tables.Purchases.purchase;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.avro.AvroType;
import io.kappamesh.contracts.avrotest.Checksum;
import io.kappamesh.contracts.avrotest.Priority;
import io.kappamesh.contracts.avrotest.Purchase;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.tables.Latest;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ValueComparisonTest {
    private static final String SUBJECT = "sales.purchases.v1-value";
    private static final Schema NARROW =
            SchemaBuilder.record("Thing").fields().requiredInt("size").endRecord();
    private static final Schema WIDE = SchemaBuilder.record("Thing")
            .fields()
            .requiredInt("size")
            .name("color")
            .type()
            .stringType()
            .stringDefault("grey")
            .endRecord();

    private final SchemaRegistry registry = SchemaRegistry.over(new MockSchemaRegistryClient());

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void aFieldOfEveryTypeThatDiffersIsFoundWithItsPath() {
        assertThat(changed(purchase -> purchase.setId(8))).isEqualTo("id: 7 -> 8");
        assertThat(changed(purchase -> purchase.setCustomer("Meier"))).isEqualTo("customer: \"Müller\" -> \"Meier\"");
        assertThat(changed(purchase -> purchase.setPriority(Priority.LOW))).isEqualTo("priority: \"HIGH\" -> \"LOW\"");
        assertThat(changed(purchase -> purchase.setPlacedAt(Instant.ofEpochMilli(0))))
                .isEqualTo("placedAt: \"2023-11-14T22:13:20Z\" -> \"1970-01-01T00:00:00Z\"");
        assertThat(changed(purchase -> purchase.setTotal(new BigDecimal("10.01"))))
                .isEqualTo("total: 10.00 -> 10.01");
        assertThat(changed(purchase -> purchase.setDiscount(new BigDecimal("0.50"))))
                .isEqualTo("discount: null -> 0.50");
        assertThat(changed(purchase -> purchase.setChecksum(new Checksum(new byte[] {1, 2, 3, 5}))))
                .isEqualTo("checksum: \"0x01020304\" -> \"0x01020305\"");
        assertThat(changed(purchase -> purchase.setTags(Map.of("channel", "shop"))))
                .isEqualTo("tags[channel]: \"web\" -> \"shop\"");
        assertThat(changed(purchase -> purchase.setTags(Map.of("channel", "web", "note", "x"))))
                .isEqualTo("tags[note]: (absent) -> \"x\"");
        assertThat(changed(purchase -> purchase.setLines(List.of(line("bolt", 1), line("nut", 3)))))
                .isEqualTo("lines[1].quantity: 2 -> 3");
        assertThat(changed(purchase -> purchase.setLines(List.of(line("bolt", 1)))))
                .isEqualTo(
                        "lines[1]: {\"part\": \"nut\", \"quantity\": 2, \"price\": 5.00, \"tax\": 0.08} -> (absent)");
        assertThat(changed(purchase -> purchase.setGift(line("cap", 1))))
                .isEqualTo("gift: null -> {\"part\": \"cap\", \"quantity\": 1, \"price\": 5.00, \"tax\": 0.08}");
    }

    @Test
    void fieldsAreSummarisedWithoutPositionsAndKeys() {
        KeyComparison finding = compared(purchase -> {
            purchase.setLines(List.of(line("bolt", 4), line("nut", 5)));
            purchase.setTags(Map.of("channel", "shop"));
        });

        assertThat(finding.kind()).isEqualTo(DifferenceKind.CHANGED);
        assertThat(finding.fields()).containsExactly("tags[]", "lines[].quantity");
    }

    @Test
    void bytesAreComparedAndBranchesOfAUnionToldApart() {
        Schema either = new Schema.Parser().parse("""
                        {"type": "record", "name": "Either", "fields": [
                          {"name": "raw", "type": "bytes"},
                          {"name": "one", "type": [
                            {"type": "record", "name": "Left", "fields": [{"name": "n", "type": "int"}]},
                            {"type": "record", "name": "Right", "fields": [{"name": "n", "type": "int"}]}]}]}
                        """);
        GenericRecord left = either(either, 1, 0);
        GenericRecord right = either(either, 2, 1);

        KeyComparison finding = comparison(either).compare(latest(bytes(either, left)), latest(bytes(either, right)));

        assertThat(finding.changes().stream().map(ValueComparisonTest::text))
                .containsExactly("raw: \"0x01\" -> \"0x02\"", "one: {\"n\": 5} -> {\"n\": 5}");
    }

    @Test
    void whatIsClassifiedIsFoundAndNotShown() {
        Schema customer = new Schema.Parser().parse("""
                        {"type": "record", "name": "Customer", "fields": [
                          {"name": "id", "type": "string"},
                          {"name": "mail", "type": "string", "classification": "personal"},
                          {"name": "homes", "classification": "personal", "type": {"type": "map", "values": "string"}},
                          {"name": "orders", "type": {"type": "array", "items": {"type": "record", "name": "Order", "fields": [
                            {"name": "sum", "type": "int"}, {"name": "note", "type": "string", "classification": "secret"}]}}}]}
                        """);
        GenericRecord one = customer(customer, "a@example.org", Map.of("Anna", "Bonn"), 1);
        GenericRecord other = customer(customer, "b@example.org", Map.of("Anna", "Ulm"), 2);
        other.put("orders", List.of());

        ValueComparison comparison = comparison(customer);
        KeyComparison finding = comparison.compare(latest(bytes(customer, one)), latest(bytes(customer, other)));

        assertThat(finding.fields()).containsExactly("mail", "homes[]", "orders[]");
        assertThat(finding.changes().stream().map(ValueComparisonTest::text))
                .containsExactly("mail: *** -> ***", "homes[]: *** -> ***", "orders[]: *** -> ***");
        assertThat(comparison.shownKey("c1".getBytes(UTF_8), latest(bytes(customer, one)), null))
                .isEqualTo("c1");
        assertThat(comparison.shownKey("a@example.org".getBytes(UTF_8), latest(bytes(customer, one)), null))
                .isEqualTo("***");
    }

    @Test
    void whatIsClassifiedNowIsNotShownOfOlderValues() {
        Schema classified = new Schema.Parser()
                .parse(WIDE.toString()
                        .replace("\"name\":\"color\"", "\"classification\":\"secret\",\"name\":\"color\""));
        int older = register(WIDE);
        ValueComparison comparison = comparison(classified);
        assertThat(register(WIDE)).isEqualTo(older);
        GenericData.Record one = new GenericData.Record(WIDE);
        one.put("size", 7);
        one.put("color", "red");
        GenericRecord other = new GenericData.Record(one, true);
        other.put("color", "blue");

        KeyComparison finding = comparison.compare(latest(bytes(WIDE, one)), latest(bytes(WIDE, other)));

        assertThat(finding.changes().stream().map(ValueComparisonTest::text)).containsExactly("color: *** -> ***");
        assertThat(comparison.shownKey("red".getBytes(UTF_8), latest(bytes(WIDE, one)), null))
                .isEqualTo("***");
        assertThat(comparison.shownKey("7".getBytes(UTF_8), latest(bytes(WIDE, one)), null))
                .isEqualTo("7");
    }

    private static GenericRecord customer(Schema schema, String mail, Map<String, String> homes, int sum) {
        GenericRecord order =
                new GenericData.Record(schema.getField("orders").schema().getElementType());
        order.put("sum", sum);
        order.put("note", "hush");
        GenericRecord customer = new GenericData.Record(schema);
        customer.put("id", "c1");
        customer.put("mail", mail);
        customer.put("homes", homes);
        customer.put("orders", List.of(order));
        return customer;
    }

    @Test
    void equalValuesMayHaveOtherBytes() {
        Map<String, String> backwards = new TreeMap<>(Comparator.reverseOrder());
        backwards.putAll(Map.of("a", "1", "b", "2"));
        Purchase one = purchase(7);
        one.setTags(new TreeMap<>(backwards));
        Purchase other = purchase(7);
        other.setTags(backwards);
        byte[] serving = bytes(one);
        byte[] candidate = bytes(other);

        KeyComparison finding = comparison(Purchase.getClassSchema()).compare(latest(serving), latest(candidate));

        assertThat(serving).isNotEqualTo(candidate);
        assertThat(finding.isEqual()).isTrue();
    }

    @Test
    void valuesOfTwoSchemasAreComparedAsTheNewestReadsThem() {
        byte[] narrow = bytes(NARROW, thing(NARROW));
        GenericRecord grey = thing(WIDE);
        grey.put("color", "grey");
        GenericRecord red = thing(WIDE);
        red.put("color", "red");
        byte[] byDefault = bytes(WIDE, grey);
        byte[] other = bytes(WIDE, red);
        ValueComparison comparison = ValueComparison.of(registry, SUBJECT);

        assertThat(comparison.compare(latest(narrow), latest(byDefault)).isEqual())
                .isTrue();
        assertThat(comparison.compare(latest(narrow), latest(other)).changes().stream()
                        .map(ValueComparisonTest::text))
                .containsExactly("color: \"grey\" -> \"red\"");
    }

    @Test
    void aFieldThatTheNewestSchemaDroppedStillDiffers() {
        GenericRecord grey = thing(WIDE);
        grey.put("color", "grey");
        GenericRecord red = thing(WIDE);
        red.put("color", "red");
        byte[] serving = bytes(WIDE, grey);
        byte[] candidate = bytes(WIDE, red);
        register(NARROW);

        KeyComparison finding = ValueComparison.of(registry, SUBJECT).compare(latest(serving), latest(candidate));

        assertThat(finding.fields()).containsExactly("color");
    }

    @Test
    void whatCannotBeReadIsNeverEqual() {
        byte[] good = bytes(purchase(7));
        byte[] cut = Arrays.copyOf(good, good.length - 3);
        byte[] ofUnknownSchema = ByteBuffer.allocate(6).put((byte) 0).putInt(99).array();
        byte[] unframed = "text".getBytes(UTF_8);
        ValueComparison comparison = ValueComparison.of(registry, SUBJECT);

        for (byte[] bad : List.of(cut, ofUnknownSchema, unframed, new byte[0])) {
            assertThat(comparison.compare(latest(good), latest(bad)).kind()).isEqualTo(DifferenceKind.UNDECODABLE);
            assertThat(comparison.compare(latest(bad), latest(good)).kind()).isEqualTo(DifferenceKind.UNDECODABLE);
        }
        assertThat(comparison.compare(latest(unframed), latest(new byte[] {1})).kind())
                .isEqualTo(DifferenceKind.UNDECODABLE);
        assertThat(comparison
                        .compare(latest(unframed), latest(unframed.clone()))
                        .isEqual())
                .isTrue();
        assertThat(text(comparison
                        .compare(latest(good), latest(unframed))
                        .changes()
                        .get(0)))
                .isEqualTo("(value): \"readable\" -> \"too short for a schema id: 4 bytes\"");
    }

    @Test
    void withoutASchemaOfThePortNothingIsReadable() {
        GenericRecord red = thing(WIDE);
        red.put("color", "red");
        ValueComparison comparison = ValueComparison.of(registry, "another.port.v1-value");

        KeyComparison finding = comparison.compare(latest(bytes(NARROW, thing(NARROW))), latest(bytes(WIDE, red)));

        assertThat(finding.kind()).isEqualTo(DifferenceKind.UNDECODABLE);
        assertThat(text(finding.changes().get(0))).contains("subject another.port.v1-value has no Avro schema");
    }

    @Test
    void aSideWithoutAValueIsADifference() {
        ValueComparison comparison = ValueComparison.of(registry, SUBJECT);
        Latest some = latest(new byte[] {1});

        assertThat(comparison.compare(some, null).kind()).isEqualTo(DifferenceKind.ONLY_SERVING);
        assertThat(comparison.compare(null, some).kind()).isEqualTo(DifferenceKind.ONLY_CANDIDATE);
        assertThat(comparison.compare(null, null).isEqual()).isTrue();
    }

    @Test
    void timestampsMustBeEqualUnlessTheServingRecordIsALaterCorrection() {
        ValueComparison comparison = ValueComparison.of(registry, SUBJECT);
        Latest at5 = new Latest(0, 5, false, new byte[] {1});
        Latest at6 = new Latest(9, 6, false, new byte[] {1});
        Latest correctedAt6 = new Latest(9, 6, true, new byte[] {1});

        assertThat(comparison.compare(at5, at5).isEqual()).isTrue();
        assertThat(comparison.compare(at6, at5).kind()).isEqualTo(DifferenceKind.TIMESTAMP);
        assertThat(comparison.compare(at5, at6).kind()).isEqualTo(DifferenceKind.TIMESTAMP);
        assertThat(comparison.compare(correctedAt6, at5).isEqual()).isTrue();
        assertThat(comparison.compare(correctedAt6, at6).isEqual()).isTrue();
        assertThat(comparison.compare(at5, correctedAt6).kind()).isEqualTo(DifferenceKind.TIMESTAMP);
        assertThat(comparison
                        .compare(correctedAt6, new Latest(0, 7, false, new byte[] {1}))
                        .kind())
                .isEqualTo(DifferenceKind.TIMESTAMP);
        assertThat(text(comparison.compare(at6, at5).changes().get(0)))
                .isEqualTo("(timestamp): \"1970-01-01T00:00:00.006Z\" -> \"1970-01-01T00:00:00.005Z\"");
    }

    @Test
    void longTextIsCut() {
        FieldDifference difference = compared(purchase -> purchase.setCustomer("x".repeat(10_000)))
                .changes()
                .get(0)
                .asText();

        assertThat(difference.candidate()).hasSize(200).endsWith("x…");
        assertThat(ValueText.ofKey(new byte[] {(byte) 0xFF, 1})).isEqualTo("0xff01");
        assertThat(ValueText.ofKey("ключ".getBytes(UTF_8))).isEqualTo("ключ");
    }

    private String changed(Consumer<Purchase> change) {
        KeyComparison finding = compared(change);
        assertThat(finding.changes()).hasSize(1);
        return text(finding.changes().get(0));
    }

    private KeyComparison compared(Consumer<Purchase> change) {
        Purchase changed = purchase(7);
        change.accept(changed);
        byte[] serving = bytes(purchase(7));
        byte[] candidate = bytes(changed);
        return ValueComparison.of(registry, SUBJECT).compare(latest(serving), latest(candidate));
    }

    private static String text(FieldChange change) {
        FieldDifference text = change.asText();
        return text.path() + ": " + text.serving() + " -> " + text.candidate();
    }

    private static Latest latest(byte[] value) {
        return new Latest(3, 5, false, value);
    }

    private ValueComparison comparison(Schema newest) {
        register(newest);
        return ValueComparison.of(registry, SUBJECT);
    }

    private int register(Schema schema) {
        return registry.register(SUBJECT, schema, Compatibility.FULL_TRANSITIVE);
    }

    private byte[] bytes(Purchase purchase) {
        return new AvroEncoder<>(AvroType.of(Purchase.class), register(Purchase.getClassSchema())).encode(purchase);
    }

    private byte[] bytes(Schema schema, GenericRecord value) {
        return new AvroEncoder<>(AvroType.generic(schema), register(schema)).encode(value);
    }

    private static GenericRecord thing(Schema schema) {
        GenericRecord thing = new GenericData.Record(schema);
        thing.put("size", 4);
        return thing;
    }

    private static GenericRecord either(Schema schema, int raw, int branch) {
        GenericRecord inside = new GenericData.Record(
                schema.getField("one").schema().getTypes().get(branch));
        inside.put("n", 5);
        GenericRecord either = new GenericData.Record(schema);
        either.put("raw", ByteBuffer.wrap(new byte[] {(byte) raw}));
        either.put("one", inside);
        return either;
    }
}
