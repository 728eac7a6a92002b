package io.kappamesh.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.fixture.Products;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class CatalogRecordsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOPIC = "sales.mesh.catalog";
    private static final Schema NEEDS = new Schema.Parser()
            .parse(
                    "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"string\",\"doc\":\"Its"
                            + " number\",\"classification\":\"personal\"}]}");

    private final CatalogContent content = new CatalogContent();

    @Test
    void aProductComesBackAsItWasDeclared() {
        ProductDescription declared = description();

        read(CatalogRecords.of(declared));

        assertThat(content.unreadable()).isEmpty();
        assertThat(content.descriptions()).containsExactly(declared);
        assertThat(declared.outputs()).singleElement().satisfies(output -> {
            assertThat(output.records().schemaId()).isEqualTo(17);
            assertThat(output.levels())
                    .isEqualTo(new OutputDescription.Levels(
                            "PT3S",
                            null,
                            "PT0S",
                            List.of(new OutputDescription.Promised("freshness", 0.99, 30, "PT3S", null, null))));
            assertThat(output.records().rules())
                    .extracting(RecordDescription.Rule::name)
                    .containsExactly("known");
        });
        assertThat(declared.inputs())
                .extracting(
                        InputDescription::address,
                        InputDescription::topic,
                        InputDescription::source,
                        InputDescription::keys)
                .containsExactly(
                        tuple("crm.customers.v1", "crm.customers.v1", null, null),
                        tuple("sales.raw.v1", "ORDERS", "Orders as they come.", "text"));
        assertThat(declared.inputs().get(0).needs().schema()).contains("Its number", "\"classification\":\"personal\"");
    }

    @Test
    void aStateComesBackWithItsTime() {
        ProcessState state = state("LIVE");

        read(CatalogRecords.of(state));

        assertThat(content.states()).singleElement().satisfies(heard -> {
            assertThat(heard.state()).isEqualTo(state);
            assertThat(heard.at().toEpochMilli()).isEqualTo(1_000);
        });
    }

    @Test
    void aLaterRecordReplacesAndANullForgets() {
        read(CatalogRecords.of(state("LIVE")));
        read(CatalogRecords.of(state("PAUSED")));
        assertThat(content.states()).extracting(heard -> heard.state().state()).containsExactly("PAUSED");

        read(CatalogRecords.deletion(state("").name(), "state/sales.orders/p1"));
        assertThat(content.states()).isEmpty();
    }

    @Test
    void whatALaterVersionAddsIsIgnored() throws Exception {
        JsonNode later = JSON.readTree(CatalogRecords.of(description()).value());
        ((ObjectNode) later).putObject("levels").put("burn", 3);
        ((ObjectNode) later.get("outputs").get(0)).put("successor", "sales.orders.v2");

        read("product/sales.orders", JSON.writeValueAsString(later));
        read("slo/sales.orders", "{}");
        read("state/sales.orders", "{}");

        assertThat(content.unreadable()).isEmpty();
        assertThat(content.descriptions()).containsExactly(description());
    }

    @Test
    void whatAnEarlierVersionDidNotKnowIsMissing() {
        read(
                "product/sales.orders",
                "{\"product\":\"sales.orders\",\"owner\":{\"team\":\"sales\",\"contact\":\"#sales\"},\"description\":\"Orders\","
                        + "\"outputs\":[{\"address\":\"sales.orders.v1\",\"kind\":\"table\",\"description\":\"Orders\",\"records\":{}}],"
                        + "\"software\":{\"library\":\"0.0.1\"}}");
        read(
                "state/sales.orders/old",
                "{\"product\":\"sales.orders\",\"process\":\"old\",\"state\":\"LIVE\",\"startedAt\":\"2026-01-01T00:00:00Z\","
                        + "\"everySeconds\":30,\"generations\":[{\"number\":1,\"state\":\"LIVE\"}]}");

        assertThat(content.unreadable()).isEmpty();
        assertThat(content.descriptions()).singleElement().satisfies(one -> {
            assertThat(one.inputs()).isEmpty();
            assertThat(one.exemptions()).isEmpty();
            assertThat(one.outputs().get(0).levels()).isNull();
        });
        assertThat(content.states()).hasSize(1);
    }

    /** Of a source: whose key follows from the value, and of which field; a version that does not know it passes it over, and one that did not write it says nothing. */
    @Test
    void aSourceSaysWhereItsKeysComeFrom() throws Exception {
        EventSource<GenericRecord> plain = SourcePort.events("sales.raw.v1", GenericRecord.class)
                .recordTimestamp()
                .schema(NEEDS)
                .describedAs("Orders as they come.")
                .build();

        InputDescription keyed = source(plain.keyedBy("id"));
        assertThat(keyed.keys()).isEqualTo("value");
        assertThat(keyed.needs().keyField()).isEqualTo("id");
        InputDescription byFunction = source(plain.keyedBy(
                "first letter", order -> order.get("id").toString().substring(0, 1)));
        assertThat(byFunction.keys()).isEqualTo("value");
        assertThat(byFunction.needs().key()).isEqualTo("first letter");
        assertThat(byFunction.needs().keyField()).isNull();

        JsonNode earlier = JSON.readTree(CatalogRecords.of(description()).value());
        ((ObjectNode) earlier.get("inputs").get(1)).remove("keys");
        read("product/sales.orders", JSON.writeValueAsString(earlier));
        assertThat(content.unreadable()).isEmpty();
        assertThat(content.descriptions())
                .singleElement()
                .satisfies(one -> assertThat(one.inputs().get(1).keys()).isNull());
    }

    private static InputDescription source(SourcePort<GenericRecord> port) {
        return InputDescription.of(port.asInput(), Map.of());
    }

    @Test
    void nobodySpeaksForAnotherDomain() {
        read(CatalogRecords.of(description()));

        into("crm.mesh.catalog", "product/sales.orders", null);
        into("crm.mesh.catalog", "product/sales.orders", "{}");
        into(
                "crm.mesh.catalog",
                "state/sales.orders/p1",
                new String(CatalogRecords.of(state("LIVE")).value(), StandardCharsets.UTF_8));
        into(
                "crm.mesh.catalog",
                "product/crm.all",
                new String(CatalogRecords.of(description()).value(), StandardCharsets.UTF_8)
                        .replace("\"sales.orders\"", "\"crm.all\""));

        assertThat(content.descriptions()).containsExactly(description());
        assertThat(content.states()).isEmpty();
        assertThat(content.unreadable())
                .hasSize(3)
                .anySatisfy(why -> assertThat(why).contains("speaks for another domain"));
    }

    @Test
    void whatCannotBeReadIsNamedWithoutItsContent() {
        read(CatalogRecords.of(description()));

        read("product/sales.orders", "{\"product\":\"sales.orders\",\"owner\":\"hunter2\"}");
        read("state/sales.orders/p1", "hunter2");

        assertThat(content.descriptions()).isEmpty();
        assertThat(content.unreadable())
                .hasSize(2)
                .allSatisfy(
                        why -> assertThat(why).contains("offset 5 of " + TOPIC).doesNotContain("hunter2"));
    }

    /** Who publishes and who reads is known all the same. */
    @Test
    void countsThatCannotBeReadAreNoReasonToDoubtTheReaders() {
        read("levels/sales.orders/p1", "hunter2");

        assertThat(content.unreadable()).isEmpty();
        assertThat(content.unreadableLevels())
                .singleElement()
                .asString()
                .contains("offset 5 of " + TOPIC)
                .doesNotContain("hunter2");
    }

    @Test
    void noBytesThrow() {
        Random random = new Random(Long.getLong("mesh.seed", 35));
        byte[] good = CatalogRecords.of(description()).value();
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = good.clone();
            for (int hits = random.nextInt(4); hits >= 0; hits--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            CatalogRecords.read(record(TOPIC, "product/sales.orders".getBytes(StandardCharsets.UTF_8), bad), content);
        }
        String deep = "[".repeat(100_000);
        read("product/sales.orders", deep);

        assertThat(content.unreadable()).hasSize(1);
    }

    @Test
    void schemasThatAreTooLargeAreLeftToTheRegistry() throws Exception {
        SchemaBuilder.FieldAssembler<Schema> fields =
                SchemaBuilder.record("Wide").fields();
        for (int i = 0; i < 3_000; i++) {
            fields.name("f" + i).doc("x".repeat(1_000)).type().intType().noDefault();
        }
        DataProduct wide = DataProduct.named("sales.orders")
                .ownedBy("sales", "#sales")
                .describedAs("Wide.")
                .reads(Products.source("sales.raw.v1").build())
                .publishes(OutputPort.table("sales.orders.v1", GenericRecord.class)
                        .schema(fields.endRecord())
                        .withoutEventTime()
                        .describedAs("Wide rows.")
                        .build())
                .build();

        ProducerRecord<byte[], byte[]> record =
                CatalogRecords.of(ProductDescription.of(wide, "b", "0", Map.of(PortAddress.of("sales.orders.v1"), 4)));

        assertThat(record.value().length).isLessThan(10_000);
        JsonNode records = JSON.readTree(record.value()).at("/outputs/0/records");
        assertThat(records.get("schema").isNull()).isTrue();
        assertThat(records.get("schemaId").asInt()).isEqualTo(4);
    }

    @Test
    void onlyTopicsOfDomainsAreCatalogues() {
        assertThat(CatalogTopic.domains(Set.of(
                        "sales.mesh.catalog",
                        "sales.catalog",
                        "Sales.mesh.catalog",
                        ".mesh.catalog",
                        "eu.sales.mesh.catalog")))
                .containsExactly("sales");
    }

    private static ProductDescription description() {
        DataProduct product = DataProduct.named("sales.orders")
                .ownedBy("sales", "sales@example.org")
                .describedAs("Orders.")
                .reads(InputPort.table("crm.customers.v1", GenericRecord.class)
                        .schema(NEEDS)
                        .withoutEventTime()
                        .key("id")
                        .build())
                .reads(SourcePort.events("sales.raw.v1", GenericRecord.class)
                        .topic("ORDERS")
                        .recordTimestamp()
                        .schema(NEEDS)
                        .describedAs("Orders as they come.")
                        .build())
                .publishes(Products.table("sales.orders.v1")
                        .freshWithin(Duration.ofSeconds(3))
                        .lookingBack(Duration.ZERO)
                        .promises("known", "It is known", order -> true)
                        .build())
                .exempts("clock", "Steps.day", "It is only logged.")
                .build();
        return ProductDescription.of(product, "b1", "0.1.0", Map.of(PortAddress.of("sales.orders.v1"), 17));
    }

    private static ProcessState state(String state) {
        return new ProcessState("sales.orders", "p1", state, "2026-01-01T00:00:00Z", 30, List.of());
    }

    private void read(ProducerRecord<byte[], byte[]> written) {
        CatalogRecords.read(record(written.topic(), written.key(), written.value()), content);
    }

    private void read(String key, String value) {
        into(TOPIC, key, value);
    }

    private void into(String topic, String key, String value) {
        CatalogRecords.read(
                record(
                        topic,
                        key.getBytes(StandardCharsets.UTF_8),
                        value == null ? null : value.getBytes(StandardCharsets.UTF_8)),
                content);
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, byte[] key, byte[] value) {
        return new ConsumerRecord<>(
                topic,
                0,
                5,
                1_000,
                TimestampType.LOG_APPEND_TIME,
                key.length,
                value == null ? -1 : value.length,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
    }
}
