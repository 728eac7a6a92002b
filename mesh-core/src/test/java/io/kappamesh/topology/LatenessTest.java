package io.kappamesh.topology;

import static io.kappamesh.topology.Bench.utf8;
import static io.kappamesh.topology.Shop.BASKETS;
import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.RAW;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.EventSource;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.intake.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LatenessTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final EventSource<Basket> INPUT = RAW.allowingLateness(HOUR);

    private final List<Long> streamTimes = new ArrayList<>();
    private final Bench bench = new Bench(
            Shop.product(INPUT, BASKETS),
            ports -> ports.publish(
                    BASKETS,
                    ports
                            .read(INPUT)
                            .check(basket ->
                                    basket.getNote().isEmpty() ? Optional.empty() : Optional.of("it has a note"))
                            .stream()
                            .processValues(Watch.into(streamTimes), Named.as("watch"))));

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void exactlyAtTheLimitComesInAndAMilliBeyondIsLate() {
        pipe("newest", NOON);
        pipe("at-the-limit", NOON.minus(HOUR));
        pipe("beyond", NOON.minus(HOUR).minusMillis(1));

        assertThat(keys()).containsExactly("newest", "at-the-limit");
        assertThat(bench.letters()).singleElement().satisfies(letter -> {
            assertThat(letter.reason()).isEqualTo(Reason.LATE);
            assertThat(letter.key()).isEqualTo(utf8("beyond"));
            assertThat(letter.value())
                    .isEqualTo(bench.bytes(INPUT, basket(NOON.minus(HOUR).minusMillis(1), "", "a")));
        });
    }

    @Test
    void theNewestTimeIsKeptInAStore() {
        pipe("newest", NOON);
        pipe("older", NOON.minusMillis(5));

        assertThat(bench.driver
                        .<String, Long>getKeyValueStore("shop.raw.v1-intake-high-water")
                        .get("shop.raw.v1-intake"))
                .isEqualTo(NOON.toEpochMilli());
    }

    @Test
    void whatIsRefusedMakesNothingLate() {
        pipe("first", NOON);
        Instant farAhead = NOON.plus(Duration.ofDays(900));
        bench.pipe(INPUT, utf8("noted"), bench.bytes(INPUT, basket(farAhead, "note", "a")), new RecordHeaders(), 1);
        bench.pipe(INPUT, utf8("garbage"), utf8("garbage"), new RecordHeaders(), farAhead.toEpochMilli());
        bench.pipe(INPUT, null, bench.bytes(INPUT, basket(farAhead, "", "a")), new RecordHeaders(), 1);

        pipe("second", NOON.minus(HOUR));

        assertThat(keys()).containsExactly("first", "second");
    }

    @Test
    void whatIsRefusedOrLateDoesNotMoveStreamTime() {
        Instant farAhead = NOON.plus(Duration.ofDays(900));
        bench.pipe(INPUT, utf8("garbage"), utf8("garbage"), new RecordHeaders(), farAhead.toEpochMilli());
        pipe("first", NOON);
        bench.pipe(INPUT, utf8("noted"), bench.bytes(INPUT, basket(farAhead, "note", "a")), new RecordHeaders(), 1);
        pipe("late", NOON.minus(Duration.ofDays(2)));
        pipe("second", NOON.plusMillis(1));

        assertThat(streamTimes)
                .containsExactly(NOON.toEpochMilli(), NOON.plusMillis(1).toEpochMilli());
    }

    @Test
    void withoutALimitNothingIsLate() {
        try (Bench patient =
                new Bench(Shop.product(RAW, BASKETS), ports -> ports.publish(BASKETS, ports.read(RAW).stream()))) {
            patient.pipe(RAW, "new", basket(NOON, "", "a"));
            patient.pipe(RAW, "old", basket(Instant.EPOCH, "", "a"));

            assertThat(patient.records(BASKETS)).hasSize(2);
        }
    }

    private void pipe(String key, Instant at) {
        bench.pipe(INPUT, key, basket(at, "", "a"));
    }

    private List<String> keys() {
        return bench.records(BASKETS).stream().map(TestRecord::key).toList();
    }

    /** Writes down the stream time at every record that passes. */
    private static final class Watch extends ContextualFixedKeyProcessor<String, Basket, Basket> {
        private final List<Long> into;

        private Watch(List<Long> into) {
            this.into = into;
        }

        static FixedKeyProcessorSupplier<String, Basket, Basket> into(List<Long> into) {
            return () -> new Watch(into);
        }

        @Override
        public void process(FixedKeyRecord<String, Basket> record) {
            into.add(context().currentStreamTimeMs());
            context().forward(record);
        }
    }
}
