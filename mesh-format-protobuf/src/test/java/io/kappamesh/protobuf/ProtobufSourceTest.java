package io.kappamesh.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.type.Decimal;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.till.Sale;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.protobuf.messages.TillMessages;
import io.kappamesh.testkit.ProductDriver;
import io.kappamesh.testkit.ProductLint;
import io.kappamesh.testkit.proof.History;
import io.kappamesh.testkit.proof.ReplayProof;
import io.kappamesh.topology.Ports;
import io.kappamesh.topology.StreamingProduct;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** A product over messages that tills send, with clocks that count nanoseconds. */
class ProtobufSourceTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    /** Byte 0, schema id 7, and one index: the second message of its file. */
    private static final byte[] SALE = {0, 0, 0, 0, 7, 2, 2};

    private static final byte[] OPENED = {0, 0, 0, 0, 7, 0};
    private static final SourcePort<Sale> SALES = SourcePort.table("shop.messages.v1", Sale.class)
            .topic("till-messages")
            .format(ProtobufFormat.confluent(TillMessages.Sale.class).truncatingTimestamps())
            .eventTime("at")
            .key("id")
            .describedAs("Sales as the till sends them, a message each.")
            .build();
    private static final OutputPort<Sale> COPIES = OutputPort.table("shop.message-copies.v1", Sale.class)
            .eventTime("at")
            .describedAs("The same, in the format of published ports.")
            .build();

    @Test
    void messagesComeInAndLeaveAsAvro() {
        try (ProductDriver driver = ProductDriver.of(copies())) {
            pipe(driver, "s1", framed(SALE, message("s1", "12.5").setSoldAt(Orders.time(NOON.plusNanos(1_999)))));
            driver.pipe(SALES, "s2", sale("s2", "3.00"));
            driver.pipeDeletion(SALES, "s2", NOON.toEpochMilli());
            driver.pipe(SALES, "s3", sale("s3", "4.00"));

            assertThat(driver.deadLetters()).isEmpty();
            assertThat(driver.table(COPIES))
                    .containsOnly(
                            Map.entry(
                                    "s1", new Sale("s1", "tea", null, NOON.plusNanos(1_000), new BigDecimal("12.50"))),
                            Map.entry("s3", sale("s3", "4.00")));
        }
    }

    @Test
    void whatIsNoSaleIsADeadLetterWithItsBytesAndWithoutItsValuesInTheReason() {
        try (ProductDriver driver = ProductDriver.of(copies())) {
            byte[] right = framed(SALE, message("s1", "12.50").setCity("secret"));
            byte[] cutOff = Arrays.copyOf(right, right.length - 1);
            pipe(driver, "s1", cutOff);
            pipe(driver, "s1", Arrays.copyOfRange(right, SALE.length, right.length));
            pipe(driver, "s1", framed(OPENED, message("s1", "12.50").setCity("secret")));
            pipe(driver, "s1", framed(SALE, message("s1", "12.505").setCity("secret")));
            pipe(driver, "s1", framed(SALE, message("s1", "1").setCity("secret").clearSoldAt()));
            pipe(driver, "s1", new byte[0]);
            pipe(driver, "s1", framed(SALE, message("s2", "1").setCity("secret")));

            List<DeadLetter> letters = driver.deadLetters();
            assertThat(letters)
                    .hasSize(7)
                    .allSatisfy(letter -> assertThat(letter.detail()).doesNotContain("secret"))
                    .extracting(DeadLetter::reason)
                    .containsExactly(
                            Reason.UNDECODABLE,
                            Reason.UNDECODABLE,
                            Reason.UNDECODABLE,
                            Reason.UNDECODABLE,
                            Reason.UNDECODABLE,
                            Reason.UNDECODABLE,
                            Reason.KEY);
            assertThat(letters.get(0).value()).isEqualTo(cutOff);
            assertThat(letters.get(2).detail()).contains("is another message of its file than till.Sale");
            assertThat(driver.table(COPIES)).isEmpty();
        }
    }

    @Test
    void aReplayEndsWhereLiveEnded() {
        ReplayProof.of(copies()).inputs(ProtobufSourceTest::sales).holds();
        ProductLint.of(copies()).passes();
    }

    private static History sales(RandomGenerator random) {
        History history = History.empty();
        for (int sale = 0; sale < 40; sale++) {
            String id = "s" + random.nextInt(10);
            Instant at = NOON.plusSeconds(sale);
            switch (random.nextInt(6)) {
                case 0 -> history.raw(SALES, utf8(id), Arrays.copyOf(framed(SALE, message(id, "1")), 12), at);
                case 1 -> history.raw(SALES, utf8(id), framed(OPENED, message(id, "1")), at);
                case 2 -> history.delete(SALES, id, at);
                default -> history.put(SALES, id, sale(id, "1." + (10 + random.nextInt(80))));
            }
        }
        return history;
    }

    private static StreamingProduct copies() {
        return new StreamingProduct(
                DataProduct.named("shop.message-copies")
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("Sales.")
                        .reads(SALES)
                        .publishes(COPIES)
                        .build(),
                ProtobufSourceTest::wire);
    }

    private static void wire(Ports ports) {
        ports.publish(COPIES, ports.read(SALES).changes());
    }

    private static void pipe(ProductDriver driver, String key, byte[] value) {
        driver.pipeBytes(SALES, utf8(key), value, new RecordHeaders(), 0);
    }

    private static TillMessages.Sale.Builder message(String id, String amount) {
        return TillMessages.Sale.newBuilder()
                .setId(id)
                .setProduct("tea")
                .setSoldAt(Orders.time(NOON))
                .setAmount(Decimal.newBuilder().setValue(amount));
    }

    private static byte[] framed(byte[] frame, TillMessages.Sale.Builder message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(frame);
        bytes.writeBytes(message.build().toByteArray());
        return bytes.toByteArray();
    }

    private static Sale sale(String id, String amount) {
        return new Sale(id, "tea", "Köln", NOON, new BigDecimal(amount));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
