package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.StreamingProduct;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.junit.jupiter.api.Test;

/** A product over a source that somebody writes in JSON. */
class JsonSourceTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final SourcePort<Sale> SALES = SourcePort.table("shop.json-sales.v1", Sale.class)
            .format(JsonFormat.json().epoch(ChronoUnit.MILLIS))
            .eventTime("at")
            .key("id")
            .describedAs("Sales as the till writes them, in JSON.")
            .promises(
                    "amount-positive",
                    "a sale is of something",
                    sale -> sale.getAmount().signum() > 0)
            .build();
    private static final OutputPort<Sale> COPIES = OutputPort.table("shop.copies.v1", Sale.class)
            .eventTime("at")
            .describedAs("The same, in the format of published ports.")
            .build();

    @Test
    void jsonComesInAndLeavesAsAvro() {
        try (ProductDriver driver = ProductDriver.of(copies())) {
            pipe(
                    driver,
                    "s1",
                    "{\"id\":\"s1\",\"product\":\"tea\",\"city\":\"Köln\",\"at\":1772366400000,\"amount\":\"12.50\",\"till\":7}");
            driver.pipe(SALES, "s2", sale("s2", "3.00"));
            driver.pipeDeletion(SALES, "s2", NOON.toEpochMilli());

            assertThat(driver.table(COPIES))
                    .containsExactly(Map.entry("s1", new Sale("s1", "tea", "Köln", NOON, new BigDecimal("12.50"))));
        }
    }

    @Test
    void whatIsNoSaleIsADeadLetterWithItsBytesAndWithoutItsValuesInTheReason() {
        try (ProductDriver driver = ProductDriver.of(copies())) {
            pipe(driver, "s1", "{\"id\":\"s1\"");
            pipe(driver, "s1", "{\"id\":\"s1\",\"product\":\"tea\",\"city\":\"Köln\",\"at\":\"secret\",\"amount\":1}");
            pipe(driver, "s1", "{\"id\":\"s1\",\"product\":\"tea\",\"city\":\"Köln\",\"at\":0,\"amount\":-1}");
            pipe(driver, "s1", "{\"id\":\"s2\",\"product\":\"tea\",\"city\":\"Köln\",\"at\":0,\"amount\":1}");

            assertThat(driver.deadLetters())
                    .hasSize(4)
                    .allSatisfy(letter -> assertThat(letter.toString()).doesNotContain("secret"))
                    .extracting(DeadLetter::reason)
                    .containsExactly(Reason.UNDECODABLE, Reason.UNDECODABLE, Reason.QUALITY, Reason.KEY);
            assertThat(driver.table(COPIES)).isEmpty();
        }
    }

    @Test
    void aReplayEndsWhereLiveEnded() {
        ReplayProof.of(copies()).inputs(JsonSourceTest::sales).holds();
    }

    @Test
    void aFormatOfSomebodysOwnCostsARecordAndNothingElseWhenItThrows() {
        SourcePort<Sale> lines = SourcePort.table("shop.lines.v1", Sale.class)
                .format(LINES)
                .eventTime("at")
                .describedAs("Sales in lines.")
                .build();
        try (ProductDriver driver = ProductDriver.of(copies(lines))) {
            driver.pipeBytes(lines, utf8("s1"), utf8("s1,tea,Köln,1.00"), new RecordHeaders(), 0);
            driver.pipeBytes(lines, utf8("s2"), utf8("s2"), new RecordHeaders(), 0);

            assertThat(driver.table(COPIES)).containsOnlyKeys("s1");
            assertThat(driver.deadLetters())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.detail())
                            .isEqualTo("its format threw java.lang.ArrayIndexOutOfBoundsException"));
            assertThatThrownBy(() -> driver.pipe(lines, "s3", sale("s3", "1.00")))
                    .hasMessage("shop.lines.v1: its format cannot write values; put bytes in");
        }
    }

    @Test
    void aValueOfSomebodysOwnFormatThatDoesNotFitItsSchemaIsADeadLetter() {
        ValueFormat careless = ValueFormat.of(Sale.class, bytes -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            return ValueFormat.Result.value(
                    new Sale("s1", text.isEmpty() ? null : "tea", "Köln", NOON, new BigDecimal("0" + text)));
        });
        SourcePort<Sale> amounts = SourcePort.table("shop.amounts.v1", Sale.class)
                .format(careless)
                .eventTime("at")
                .describedAs("Amounts alone.")
                .build();
        try (ProductDriver driver = ProductDriver.of(copies(amounts))) {
            driver.pipeBytes(amounts, utf8("s1"), utf8("1.001"), new RecordHeaders(), 0);
            driver.pipeBytes(amounts, utf8("s2"), utf8(""), new RecordHeaders(), 0);
            driver.pipeBytes(amounts, utf8("s3"), utf8("1.00"), new RecordHeaders(), 0);

            assertThat(driver.table(COPIES)).containsOnlyKeys("s3");
            assertThat(driver.deadLetters())
                    .hasSize(2)
                    .allMatch(letter -> letter.reason() == Reason.UNDECODABLE)
                    .allMatch(letter -> letter.detail()
                            .startsWith("value does not fit its schema io.kappamesh.contracts.shop.Sale: a "));
        }
    }

    @Test
    void aFormatReadsTheHeadersThatItDeclaresAndNoOthers() {
        ValueFormat versioned = ValueFormat.of(Sale.class, Set.of("version"), (bytes, headers) -> {
            String[] parts = new String(bytes, StandardCharsets.UTF_8).split(",", -1);
            if (!headers.keySet().equals(Set.of("version"))) {
                return ValueFormat.Result.rejected("has no version");
            }
            BigDecimal amount = new BigDecimal(parts[1]).setScale(2);
            return ValueFormat.Result.value(new Sale(
                    parts[0],
                    "tea",
                    "Köln",
                    NOON,
                    new String(headers.get("version"), StandardCharsets.UTF_8).equals("cents")
                            ? amount.movePointLeft(2).setScale(2)
                            : amount));
        });
        SourcePort<Sale> lines = SourcePort.table("shop.versioned.v1", Sale.class)
                .format(versioned)
                .eventTime("at")
                .describedAs("Sales whose headers say what an amount is.")
                .build();
        RecordHeaders cents = new RecordHeaders();
        cents.add("version", utf8("euros")).add("version", utf8("cents")).add("other", utf8("x"));
        RecordHeaders none = new RecordHeaders();
        none.add("version", null).add("other", utf8("cents"));
        try (ProductDriver driver = ProductDriver.of(copies(lines))) {
            driver.pipeBytes(lines, utf8("s1"), utf8("s1,1250"), cents, 0);
            driver.pipeBytes(lines, utf8("s2"), utf8("s2,12.50"), none, 0);

            assertThat(driver.table(COPIES)).containsExactly(Map.entry("s1", sale("s1", "12.50")));
            assertThat(driver.deadLetters()).extracting(DeadLetter::detail).containsExactly("has no version");
        }
        ReplayProof.of(copies(lines))
                .inputs(random -> {
                    History history = History.empty();
                    for (int record = 0; record < 30; record++) {
                        String id = "s" + random.nextInt(5);
                        history.raw(lines, utf8(id), utf8(id + "," + record + ".00"), NOON.plusSeconds(record))
                                .withHeader("version", "euros");
                    }
                    return history;
                })
                .holds();
    }

    @Test
    void eventTimeMayBeTheRecordsOwnAndIsNotFarAheadOfIt() {
        SourcePort<Sale> timeless = SourcePort.table("shop.timeless.v1", Sale.class)
                .format(LINES)
                .recordTimestamp()
                .describedAs("Lines without a time.")
                .build();
        SourcePort<Sale> bounded = SourcePort.table("shop.bounded.v1", Sale.class)
                .format(LINES)
                .notFurtherAheadThan(Duration.ofHours(1))
                .eventTime("at")
                .describedAs("Lines of noon.")
                .build();
        long eleven = NOON.minus(Duration.ofHours(1)).toEpochMilli();
        try (ProductDriver driver = ProductDriver.of(latest(timeless))) {
            driver.pipeBytes(timeless, utf8("s1"), utf8("s1,tea,Köln,1.00"), new RecordHeaders(), eleven);

            assertThat(driver.records(TIMES))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value().getAt()).isEqualTo(Instant.ofEpochMilli(eleven)));
        }
        try (ProductDriver driver = ProductDriver.of(latest(bounded))) {
            driver.pipeBytes(bounded, utf8("s1"), utf8("s1,tea,Köln,1.00"), new RecordHeaders(), eleven);
            driver.pipeBytes(bounded, utf8("s2"), utf8("s2,tea,Köln,1.00"), new RecordHeaders(), eleven - 1);

            assertThat(driver.table(TIMES)).containsOnlyKeys("s1");
            assertThat(driver.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(Reason.EVENT_TIME);
                assertThat(letter.detail())
                        .isEqualTo("the event time lies further ahead of the record's timestamp than PT1H");
            });
        }
    }

    private static final OutputPort<Sale> TIMES = OutputPort.table("shop.times.v1", Sale.class)
            .eventTime("at")
            .describedAs("Sales at the time that the product knows.")
            .build();

    /** Puts the time by which the product knows a record into its value. */
    private static StreamingProduct latest(SourcePort<Sale> sales) {
        return new StreamingProduct(
                DataProduct.named("shop.times")
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("Sales.")
                        .reads(sales)
                        .publishes(TIMES)
                        .build(),
                ports -> ports.publish(
                        TIMES,
                        ports.read(sales)
                                .changes()
                                .processValues(
                                        () -> new ContextualFixedKeyProcessor<String, Sale, Sale>() {
                                            @Override
                                            public void process(FixedKeyRecord<String, Sale> record) {
                                                context()
                                                        .forward(
                                                                record.value() == null
                                                                        ? record
                                                                        : record.withValue(
                                                                                Sale.newBuilder(record.value())
                                                                                        .setAt(Instant.ofEpochMilli(
                                                                                                record.timestamp()))
                                                                                        .build()));
                                            }
                                        },
                                        Named.as("stamp"))));
    }

    @Test
    void aSchemaThatTheFormatCannotHoldIsAProblemOfTheDeclaration() {
        EventSource<GenericRecord> wide = SourcePort.events("shop.wide.v1", GenericRecord.class)
                .format(JsonFormat.json())
                .schema(new Schema.Parser().parse("""
                        {"type": "record", "name": "Wide", "fields": [
                          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                          {"name": "a", "type": ["int", "string"]}]}"""))
                .eventTime("at")
                .describedAs("Anything.")
                .build();

        assertThatThrownBy(wide::contract)
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("a is a union of 2 types");
    }

    @Test
    void recordsOfAnExistingTopicWithNumbersAsKeysMeetThoseOfAPublishedPort() {
        try (ProductDriver driver = ProductDriver.of(TillOrders.product())) {
            driver.pipeBytes(
                    TillOrders.ORDERS,
                    int64(42),
                    utf8(
                            "{\"id\":\"42\",\"product\":\"tea\",\"city\":\"Köln\",\"at\":\"2026-03-01T12:00:00Z\",\"amount\":1}"),
                    new RecordHeaders(),
                    0);
            driver.pipeBytes(TillOrders.ORDERS, utf8("4"), utf8("{}"), new RecordHeaders(), 0);
            driver.pipe(TillOrders.CITIES, "42", sale("42", "2.00"));

            assertThat(driver.table(TillOrders.TOTALS)).containsExactly(Map.entry("42", sale("42", "3.00")));
            assertThat(driver.deadLetters()).singleElement().satisfies(letter -> {
                assertThat(letter.topic()).isEqualTo("ORDERS");
                assertThat(letter.key()).isEqualTo(utf8("4"));
                assertThat(letter.reason()).isEqualTo(Reason.UNDECODABLE);
            });

            driver.pipeBytes(TillOrders.ORDERS, int64(42), utf8("{"), new RecordHeaders(), 0);
            assertThat(driver.table(TillOrders.TOTALS)).isEmpty();
        }
    }

    @Test
    void keysThatAreNotInTheirFormatAreDeadLetters() {
        try (ProductDriver driver = ProductDriver.of(TillOrders.product())) {
            driver.pipeBytes(
                    TillOrders.ORDERS,
                    utf8("4"),
                    utf8(
                            "{\"id\":\"4\",\"product\":\"tea\",\"city\":\"Köln\",\"at\":\"2026-03-01T12:00:00Z\",\"amount\":1}"),
                    new RecordHeaders(),
                    0);
            driver.pipeBytes(
                    TillOrders.ORDERS,
                    int64(5),
                    utf8(
                            "{\"id\":\"4\",\"product\":\"tea\",\"city\":\"Köln\",\"at\":\"2026-03-01T12:00:00Z\",\"amount\":1}"),
                    new RecordHeaders(),
                    0);

            assertThat(driver.deadLetters())
                    .extracting(DeadLetter::detail)
                    .containsExactly(
                            "the key is not in the format that the port declares",
                            "the key is not id, which the port declares as its key");
        }
    }

    @Test
    void aReplayOfRekeyedRecordsEndsWhereLiveEnded() {
        ReplayProof.of(TillOrders.product()).inputs(JsonSourceTest::orders).holds();
    }

    private static History orders(RandomGenerator random) {
        History history = History.empty();
        for (int order = 0; order < 40; order++) {
            int id = random.nextInt(10);
            Instant at = NOON.plusSeconds(order);
            switch (random.nextInt(4)) {
                case 0 -> history.raw(TillOrders.ORDERS, int64(id), random.nextBoolean() ? null : utf8("[]"), at);
                case 1 -> history.put(TillOrders.CITIES, Integer.toString(id), sale(Integer.toString(id), "1.00"));
                default ->
                    history.raw(
                            TillOrders.ORDERS,
                            int64(id),
                            utf8("{\"id\":\"" + id + "\",\"product\":\"tea\",\"city\":\"Köln\",\"at\":\"" + at
                                    + "\",\"amount\":" + random.nextInt(100) + "}"),
                            at);
            }
        }
        return history;
    }

    private static byte[] int64(long key) {
        return ByteBuffer.allocate(Long.BYTES).putLong(key).array();
    }

    /** Lines of text, as somebody would write such a format. */
    private static final ValueFormat LINES = ValueFormat.of(Sale.class, bytes -> {
        String[] parts = new String(bytes, StandardCharsets.UTF_8).split(",", -1);
        return ValueFormat.Result.value(new Sale(parts[0], parts[1], parts[2], NOON, new BigDecimal(parts[3])));
    });

    private static StreamingProduct copies() {
        return copies(SALES);
    }

    private static StreamingProduct copies(SourcePort<Sale> sales) {
        return new StreamingProduct(
                DataProduct.named("shop.copies")
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("Sales.")
                        .reads(sales)
                        .publishes(COPIES)
                        .build(),
                new Copies(sales)::wire);
    }

    private record Copies(SourcePort<Sale> sales) {
        void wire(Ports ports) {
            ports.publish(COPIES, ports.read(sales).changes());
        }
    }

    private static History sales(RandomGenerator random) {
        History history = History.empty();
        for (int sale = 0; sale < 40; sale++) {
            String id = "s" + random.nextInt(10);
            history.put(SALES, id, sale(id, "1." + (10 + random.nextInt(80))));
            if (random.nextInt(5) == 0) {
                history.raw(SALES, utf8(id), utf8("{\"id\":"), NOON);
            }
            if (random.nextInt(5) == 0) {
                history.delete(SALES, id, NOON);
            }
        }
        return history;
    }

    private static void pipe(ProductDriver driver, String key, String json) {
        driver.pipeBytes(SALES, utf8(key), utf8(json), new RecordHeaders(), 0);
    }

    private static Sale sale(String id, String amount) {
        return new Sale(id, "tea", "Köln", NOON, new BigDecimal(amount));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
