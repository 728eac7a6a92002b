package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.StreamingProduct;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** A product over lines that a till drops, as spreadsheets of its country have them. */
class CsvSourceTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final SourcePort<Sale> SALES = SourcePort.table("shop.lines.v1", Sale.class)
            .topic("till-drop")
            .format(CsvFormat.csv()
                    .columns("id", "product", "", "city", "at", "amount")
                    .delimiter(';')
                    .decimalComma()
                    .timestamps("dd.MM.yyyy HH:mm:ss", ZoneId.of("Europe/Berlin")))
            .eventTime("at")
            .key("id")
            .describedAs("Sales as the till writes them, a line each.")
            .build();
    private static final OutputPort<Sale> COPIES = OutputPort.table("shop.line-copies.v1", Sale.class)
            .eventTime("at")
            .describedAs("The same, in the format of published ports.")
            .build();

    @Test
    void linesComeInAndLeaveAsAvro() {
        try (ProductDriver driver = ProductDriver.of(copies())) {
            pipe(driver, "s1", "s1;\"tea; green\";aisle 4;Köln;01.03.2026 13:00:00;12,50\r\n");
            driver.pipe(SALES, "s2", sale("s2", "3.00"));
            driver.pipeDeletion(SALES, "s2", NOON.toEpochMilli());

            assertThat(driver.table(COPIES))
                    .containsExactly(
                            Map.entry("s1", new Sale("s1", "tea; green", "Köln", NOON, new BigDecimal("12.50"))));
        }
    }

    @Test
    void whatIsNoSaleIsADeadLetterWithItsBytesAndWithoutItsValuesInTheReason() {
        try (ProductDriver driver = ProductDriver.of(copies())) {
            String shiftedByAForgottenQuote = "s1;tea; green;aisle 4;Köln;01.03.2026 13:00:00;12,50";
            pipe(driver, "s1", shiftedByAForgottenQuote);
            pipe(driver, "s1", "s1;tea;;secret;30.02.2026 13:00:00;12,50");
            pipe(driver, "s1", "s1;tea;;secret;01.03.2026 13:00:00;12.50");
            pipe(driver, "s1", "s1;tea;;secret;01.03.2026 13:00:00;12,505");
            pipe(driver, "s1", "");
            pipe(driver, "s1", "s2;tea;;secret;01.03.2026 13:00:00;1");

            List<DeadLetter> letters = driver.deadLetters();
            assertThat(letters)
                    .hasSize(6)
                    .allSatisfy(letter -> assertThat(letter.detail()).doesNotContain("secret"))
                    .extracting(DeadLetter::reason)
                    .containsExactly(
                            Reason.UNDECODABLE,
                            Reason.UNDECODABLE,
                            Reason.UNDECODABLE,
                            Reason.UNDECODABLE,
                            Reason.UNDECODABLE,
                            Reason.KEY);
            assertThat(letters.get(0).value()).isEqualTo(utf8(shiftedByAForgottenQuote));
            assertThat(driver.table(COPIES)).isEmpty();
        }
    }

    @Test
    void aReplayEndsWhereLiveEnded() {
        ReplayProof.of(copies()).inputs(CsvSourceTest::sales).holds();
    }

    private static History sales(RandomGenerator random) {
        History history = History.empty();
        for (int sale = 0; sale < 40; sale++) {
            String id = "s" + random.nextInt(10);
            Instant at = NOON.plusSeconds(sale);
            switch (random.nextInt(6)) {
                case 0 -> history.raw(SALES, utf8(id), utf8(id + ";\"open quote"), at);
                case 1 -> history.raw(SALES, utf8(id), utf8(id + ";tea;;Köln;yesterday;1"), at);
                case 2 -> history.delete(SALES, id, at);
                default -> history.put(SALES, id, sale(id, "1." + (10 + random.nextInt(80))));
            }
        }
        return history;
    }

    private static StreamingProduct copies() {
        return new StreamingProduct(
                DataProduct.named("shop.line-copies")
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("Sales.")
                        .reads(SALES)
                        .publishes(COPIES)
                        .build(),
                CsvSourceTest::wire);
    }

    private static void wire(Ports ports) {
        ports.publish(COPIES, ports.read(SALES).changes());
    }

    private static void pipe(ProductDriver driver, String key, String line) {
        driver.pipeBytes(SALES, utf8(key), utf8(line), new RecordHeaders(), 0);
    }

    private static Sale sale(String id, String amount) {
        return new Sale(id, "tea", "Köln", NOON, new BigDecimal(amount));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
