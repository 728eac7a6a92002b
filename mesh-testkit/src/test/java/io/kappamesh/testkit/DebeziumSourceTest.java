package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.json.JsonKey;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.StreamingProduct;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** A product over a table of a database: keys and envelopes in JSON, a snapshot, changes, deletions and tombstones. */
class DebeziumSourceTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final SourcePort<Sale> SALES = SourcePort.table("shop.sales.v1", Sale.class)
            .topic("shop.public.sales")
            .keys(JsonKey.of("id"))
            .format(DebeziumFormat.json(JsonFormat.json()).changedAt("at"))
            .eventTime("at")
            .key("id")
            .describedAs("Sales as they are in the shop's database.")
            .build();
    private static final OutputPort<Sale> COPIES = OutputPort.table("shop.copies.v1", Sale.class)
            .eventTime("at")
            .key("id")
            .describedAs("The same, as a product.")
            .build();

    @Test
    void theTableOfTheProductIsTheTableOfTheDatabase() {
        try (ProductDriver driver = ProductDriver.of(copies())) {
            pipe(driver, 1, change("r", 1, 100));
            pipe(driver, 2, change("r", 2, 200));
            pipe(driver, 1, change("u", 1, 150));
            pipe(driver, 3, change("c", 3, 300));
            pipe(driver, 2, change("d", 2, 0));
            pipe(driver, 2, null);
            pipe(driver, 3, "{\"op\":\"t\"}");

            assertThat(driver.table(COPIES)).containsOnlyKeys("1").containsEntry("1", sale(1, 150));
            assertThat(driver.deadLetters()).extracting(DeadLetter::reason).containsExactly(Reason.UNDECODABLE);
        }
    }

    @Test
    void aReplayEndsWhereLiveEnded() {
        ReplayProof.of(copies()).inputs(DebeziumSourceTest::changes).holds();
    }

    private static History changes(RandomGenerator random) {
        History history = History.empty();
        for (int change = 0; change < 40; change++) {
            int id = random.nextInt(8);
            String envelope = switch (random.nextInt(6)) {
                case 0 -> change("d", id, 0);
                case 1 -> "{\"op\":\"c\"";
                case 2 -> null;
                default -> change("u", id, random.nextInt(1_000));
            };
            history.raw(SALES, key(id), envelope == null ? null : utf8(envelope), NOON.plusSeconds(change));
        }
        return history;
    }

    private static StreamingProduct copies() {
        return new StreamingProduct(
                DataProduct.named("shop.copies")
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("Sales.")
                        .reads(SALES)
                        .publishes(COPIES)
                        .build(),
                DebeziumSourceTest::wire);
    }

    private static void wire(Ports ports) {
        ports.publish(COPIES, ports.read(SALES).changes());
    }

    private static void pipe(ProductDriver driver, int id, String envelope) {
        driver.pipeBytes(
                SALES, key(id), envelope == null ? null : utf8(envelope), new RecordHeaders(), NOON.toEpochMilli());
    }

    private static byte[] key(int id) {
        return utf8("{\"schema\":{},\"payload\":{\"id\":" + id + "}}");
    }

    private static String change(String operation, int id, int cents) {
        String row = "{\"id\":\"" + id + "\",\"product\":\"tea\",\"city\":\"Köln\",\"amount\":\""
                + BigDecimal.valueOf(cents, 2) + "\"}";
        return "{\"before\":null,\"after\":" + (operation.equals("d") ? "null" : row) + ",\"source\":{\"ts_ms\":"
                + NOON.toEpochMilli() + "},\"op\":\"" + operation + "\"}";
    }

    private static Sale sale(int id, int cents) {
        return new Sale(Integer.toString(id), "tea", "Köln", NOON, BigDecimal.valueOf(cents, 2));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
