package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.connect.AvroKey;
import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import io.kappamesh.topology.StreamingProduct;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.kstream.Named;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A table of a database, with keys and envelopes in Avro, joined with the largest of the events of another service, whose keys stand only in their values:
 * records of three ways to write a key meet.
 */
class DebeziumAvroSourceTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static final SourcePort<Sale> SALES = SourcePort.table("shop.database-sales.v1", Sale.class)
            .topic("shop.public.sales")
            .keys(AvroKey.of("id"))
            .format(DebeziumFormat.avro().changedAt("at").ignoring(DebeziumFormat.Message.TRUNCATE))
            .eventTime("at")
            .key("id")
            .describedAs("Sales as they are in the shop's database.")
            .build();
    private static final EventSource<Sale> TIPS = SourcePort.events("shop.tips.v1", Sale.class)
            .topic("TIPS")
            .format(JsonFormat.json())
            .eventTime("at")
            .describedAs("Tips as they come, without keys.")
            .build()
            .keyedBy("id");
    private static final OutputPort<Sale> TOTALS = OutputPort.table("shop.totals-with-tips.v1", Sale.class)
            .eventTime("at")
            .key("id")
            .describedAs("Sales and the largest tip.")
            .build();

    private static final Schema KEY = SchemaBuilder.record("Key")
            .namespace("shop.public.sales")
            .fields()
            .requiredInt("id")
            .endRecord();
    private static final Schema ENVELOPE = new Schema.Parser().parse("""
            {"type": "record", "name": "Envelope", "namespace": "shop.public.sales", "fields": [
              {"name": "before", "type": ["null", {"type": "record", "name": "Value", "fields": [
                {"name": "id", "type": "string"},
                {"name": "product", "type": "string"},
                {"name": "city", "type": ["null", "string"]},
                {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 2}}]}]},
              {"name": "after", "type": ["null", "Value"]},
              {"name": "source", "type": {"type": "record", "name": "Source", "fields": [{"name": "ts_ms", "type": "long"}]}},
              {"name": "op", "type": "string"}]}
            """);

    @Test
    void rowsOfTheDatabaseMeetEventsThatHaveNoKey() {
        try (ProductDriver driver = ProductDriver.of(totals())) {
            pipe(driver, 1, change("r", 1, 100));
            pipe(driver, 2, change("c", 2, 200));
            tip(driver, null, tip(1, 50));
            tip(driver, utf8("anything"), tip(1, 25));
            pipe(driver, 1, change("u", 1, 300));
            pipe(driver, 2, change("d", 2, 0));
            pipe(driver, 2, null);

            assertThat(driver.table(TOTALS))
                    .containsExactly(Map.entry("1", new Sale("1", "tea", "Köln", NOON, new BigDecimal("3.50"))));
            assertThat(driver.deadLetters()).isEmpty();
        }
    }

    @Test
    void aTruncationIsPassedOverAndANullInAColumnThatMustHaveOneIsADeadLetter() {
        GenericRecord nowhere = change("c", 3, 300);
        ((GenericRecord) nowhere.get("after")).put("city", null);
        try (ProductDriver driver = ProductDriver.of(totals())) {
            pipe(driver, 2, change("c", 2, 200));
            pipe(driver, 3, nowhere);
            driver.pipeBytes(
                    SALES,
                    null,
                    ConfluentAvro.bytes(ENVELOPE, change("t", 0, 0)),
                    new RecordHeaders(),
                    NOON.toEpochMilli());

            assertThat(driver.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(Reason.UNDECODABLE);
                assertThat(letter.detail()).contains("field city is null");
                assertThat(letter.key()).isEqualTo(key(3));
            });
            assertThat(driver.table(TOTALS)).containsOnlyKeys("2");

            pipe(driver, 2, change("t", 2, 0));
            assertThat(driver.table(TOTALS))
                    .as("compaction keeps the message in place of the row")
                    .isEmpty();
            assertThat(driver.deadLetters()).isEmpty();
        }
    }

    @Test
    void aKeyThatIsNoneIsADeadLetter() {
        try (ProductDriver driver = ProductDriver.of(totals())) {
            for (byte[] key : new byte[][] {utf8("1"), new byte[] {0, 0, 0, 1}, null, key(7)}) {
                driver.pipeBytes(
                        SALES,
                        key,
                        ConfluentAvro.bytes(ENVELOPE, change("c", 1, 100)),
                        new RecordHeaders(),
                        NOON.toEpochMilli());
            }

            assertThat(driver.deadLetters())
                    .extracting(DeadLetter::reason)
                    .containsOnly(Reason.KEY)
                    .hasSize(4);
        }
    }

    @Test
    void aReplayEndsWhereLiveEnded() {
        ReplayProof.of(totals()).inputs(DebeziumAvroSourceTest::changes).holds();
    }

    private static History changes(RandomGenerator random) {
        History history = History.empty();
        for (int change = 0; change < 40; change++) {
            int id = random.nextInt(8);
            Instant at = NOON.plusSeconds(change);
            switch (random.nextInt(8)) {
                case 0 -> history.raw(SALES, key(id), bytes(change("d", id, 0)), at);
                case 1 -> history.raw(SALES, key(id), null, at);
                case 2 -> history.raw(SALES, key(id), new byte[] {0, 1}, at);
                case 3 -> history.raw(SALES, key(id), bytes(change("t", id, 0)), at);
                case 4, 5 ->
                    history.raw(TIPS, random.nextBoolean() ? null : utf8("k" + change), utf8(tip(id, change)), at);
                default -> history.raw(SALES, key(id), bytes(change("u", id, random.nextInt(1_000))), at);
            }
        }
        return history;
    }

    private static StreamingProduct totals() {
        return new StreamingProduct(
                DataProduct.named("shop.totals-with-tips")
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("Sales and the largest tips.")
                        .reads(SALES)
                        .reads(TIPS)
                        .publishes(TOTALS)
                        .build(),
                ports -> ports.publish(
                        TOTALS,
                        ports.read(SALES)
                                .table("sales")
                                .leftJoin(
                                        ports.read(TIPS).stream()
                                                .groupByKey()
                                                .reduce(
                                                        DebeziumAvroSourceTest::larger,
                                                        Named.as("largest-tip"),
                                                        ports.store("tips", Sale.class)),
                                        (sale, tips) -> tips == null ? sale : plus(sale, tips),
                                        Named.as("join"),
                                        ports.store("joined", Sale.class))
                                .toStream(Named.as("changes"))));
    }

    private static Sale larger(Sale one, Sale other) {
        return one.getAmount().compareTo(other.getAmount()) < 0 ? other : one;
    }

    private static Sale plus(Sale sale, Sale more) {
        return Sale.newBuilder(sale)
                .setAmount(sale.getAmount().add(more.getAmount()))
                .build();
    }

    private static void pipe(ProductDriver driver, int id, @Nullable GenericRecord envelope) {
        driver.pipeBytes(
                SALES, key(id), envelope == null ? null : bytes(envelope), new RecordHeaders(), NOON.toEpochMilli());
    }

    private static void tip(ProductDriver driver, byte @Nullable [] key, String json) {
        driver.pipeBytes(TIPS, key, utf8(json), new RecordHeaders(), NOON.toEpochMilli());
    }

    private static String tip(int id, int cents) {
        return "{\"id\":\"" + id + "\",\"product\":\"\",\"city\":\"\",\"at\":\"" + NOON + "\",\"amount\":"
                + BigDecimal.valueOf(cents, 2) + "}";
    }

    private static byte[] key(int id) {
        GenericRecord key = new GenericData.Record(KEY);
        key.put("id", id);
        return ConfluentAvro.bytes(KEY, key);
    }

    private static byte[] bytes(GenericRecord envelope) {
        return ConfluentAvro.bytes(ENVELOPE, envelope);
    }

    private static GenericRecord change(String operation, int id, int cents) {
        Schema value = ENVELOPE.getField("after").schema().getTypes().get(1);
        GenericRecord row = new GenericData.Record(value);
        row.put("id", Integer.toString(id));
        row.put("product", "tea");
        row.put("city", "Köln");
        row.put(
                "amount",
                ByteBuffer.wrap(BigDecimal.valueOf(cents, 2).unscaledValue().toByteArray()));
        GenericRecord source =
                new GenericData.Record(ENVELOPE.getField("source").schema());
        source.put("ts_ms", NOON.toEpochMilli());
        GenericRecord envelope = new GenericData.Record(ENVELOPE);
        envelope.put("after", operation.equals("d") || operation.equals("t") ? null : row);
        envelope.put("source", source);
        envelope.put("op", operation);
        return envelope;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
