package io.kappamesh.topology;

import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.intake.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class RowsWithoutEventTimeTest {
    private static final SourcePort<Basket> ROWS = SourcePort.table("shop.countries.v1", Basket.class)
            .withoutEventTime()
            .describedAs("Rows that have no time.")
            .build();
    private static final OutputPort<Basket> TOTALS = OutputPort.table("shop.totals.v1", Basket.class)
            .withoutEventTime()
            .describedAs("Totals.")
            .build();

    private final List<Long> times = new ArrayList<>();

    @Test
    void aRowThatIsReadHasTheTimeOfItsRecordAndOneThatIsPublishedHasNone() {
        try (Bench bench = new Bench(
                Shop.product(ROWS, TOTALS),
                ports -> ports.publish(TOTALS, ports.read(ROWS).table("rows").toStream(Named.as("changes"))),
                new Times())) {
            bench.pipe(ROWS, Bench.utf8("k"), bench.bytes(ROWS, basket(NOON, "", "a")), new RecordHeaders(), 777);
            bench.pipe(ROWS, Bench.utf8("k"), bench.bytes(ROWS, basket(NOON, "", "b")), new RecordHeaders(), 5);

            assertThat(times).containsExactly(777L, 5L);
            assertThat(bench.records(TOTALS)).extracting(TestRecord::timestamp).containsExactly(0L, 0L);
        }
    }

    @Test
    void whatItBecomesMayHaveNoTimeEither() {
        try (Bench bench = new Bench(
                Shop.product(Shop.RAW, TOTALS),
                ports -> ports.publish(
                        TOTALS,
                        ports
                                .read(Shop.RAW)
                                .becomes(TOTALS, basket -> basket(Instant.ofEpochMilli(-5), "", "a"))
                                .stream()))) {
            bench.pipe(Shop.RAW, "k", basket(NOON, "", "a"));

            assertThat(bench.letters()).isEmpty();
            assertThat(bench.records(TOTALS)).extracting(TestRecord::timestamp).containsExactly(0L);
        }
    }

    private final class Times implements ProductObserver {
        @Override
        public void recordIn(String topic, int partition, long offset, long eventTimeMillis) {
            times.add(eventTimeMillis);
        }

        @Override
        public void recordOut(String topic, long eventTimeMillis) {}

        @Override
        public void deadLetter(String topic, int partition, long offset, Reason reason) {}

        @Override
        public void ignored(String topic, int partition, long offset) {}
    }
}
