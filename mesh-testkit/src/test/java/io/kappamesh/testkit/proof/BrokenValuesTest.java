package io.kappamesh.testkit.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.avro.Decoded;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourceBuilder;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.testkit.ProductWire;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BrokenValuesTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final ValueFormat ANYTHING = ValueFormat.of(
            Sale.class, bytes -> ValueFormat.Result.value(new Sale("s1", "tea", "Köln", NOON, new BigDecimal("1.00"))));

    static Stream<SourcePort<Sale>> ports() {
        return Stream.of(
                port(SourcePort.table("shop.avro.v1", Sale.class)),
                port(SourcePort.table("shop.json.v1", Sale.class).format(JsonFormat.json())),
                port(SourcePort.table("shop.csv.v1", Sale.class).format(CsvFormat.csv())));
    }

    @ParameterizedTest
    @MethodSource("ports")
    void everyOneOfThemIsRefusedByThePortsOwnFormat(SourcePort<Sale> port) {
        try (ProductWire wire = ProductWire.of(copies(port))) {
            List<Input> history = sales(port).inputs();
            for (int seed = 0; seed < 50; seed++) {
                List<Input> all = BrokenValues.in(history, wire, new SplittableRandom(seed));

                assertThat(all).hasSizeBetween(history.size() + 1, history.size() + 2);
                assertThat(all).extracting(Input::number).doesNotHaveDuplicates();
                assertThat(all)
                        .filteredOn(input -> input.content() instanceof Input.Raw)
                        .hasSize(all.size() - history.size())
                        .allSatisfy(broken -> assertThat(wire.codecs()
                                        .reader(port.asInput())
                                        .apply(broken.content().bytes(port.asInput(), wire)))
                                .isInstanceOf(Decoded.Refused.class));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ports")
    void aHistoryOfDeletionsHasNothingToBreak(SourcePort<Sale> port) {
        try (ProductWire wire = ProductWire.of(copies(port))) {
            List<Input> history = History.empty().delete(port, "s1", NOON).inputs();

            assertThat(BrokenValues.in(history, wire, new SplittableRandom(1))).isSameAs(history);
        }
    }

    @Test
    void aFormatThatTakesAnythingHasNothingToBreak() {
        SourcePort<Sale> port = port(SourcePort.table("shop.any.v1", Sale.class).format(ANYTHING));
        try (ProductWire wire = ProductWire.of(copies(port))) {
            List<Input> history = History.empty()
                    .raw(port, new byte[] {1}, new byte[] {1}, NOON)
                    .inputs();

            assertThat(BrokenValues.in(history, wire, new SplittableRandom(1))).isSameAs(history);
        }
    }

    private static SourcePort<Sale> port(SourceBuilder<Sale, SourcePort<Sale>> port) {
        return port.eventTime("at").describedAs("Sales.").build();
    }

    private static History sales(SourcePort<Sale> port) {
        History history = History.empty();
        for (int sale = 0; sale < 4; sale++) {
            String id = "s" + sale;
            history.put(port, id, new Sale(id, "tea", "Köln", NOON, BigDecimal.valueOf(sale, 2)));
        }
        return history;
    }

    private static DataProduct copies(SourcePort<Sale> port) {
        return DataProduct.named("shop.copies")
                .ownedBy("shop", "shop@example.org")
                .describedAs("Sales.")
                .reads(port)
                .publishes(OutputPort.table("shop.copies.v1", Sale.class)
                        .eventTime("at")
                        .describedAs("Sales.")
                        .build())
                .build();
    }
}
