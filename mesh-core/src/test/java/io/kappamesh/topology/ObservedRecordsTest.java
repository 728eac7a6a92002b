package io.kappamesh.topology;

import static io.kappamesh.topology.Bench.utf8;
import static io.kappamesh.topology.Shop.BASKETS;
import static io.kappamesh.topology.Shop.NOON;
import static io.kappamesh.topology.Shop.RAW;
import static io.kappamesh.topology.Shop.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.generation.Generation;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.observe.ObservedRecords;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.Test;

/** Each record is observed from its intake to the last thing that follows from it. */
class ObservedRecordsTest {
    private final List<String> happened = new ArrayList<>();

    private final class Handler implements ObservationHandler<Observation.Context> {
        @Override
        public void onStart(Observation.Context context) {
            @SuppressWarnings("unchecked") // as it was made
            ReceiverContext<Headers> received = (ReceiverContext<Headers>) context;
            happened.add("begins " + context.getName() + " " + context.getContextualName() + " "
                    + context.getAllKeyValues() + " of trace "
                    + received.getGetter().get(received.getCarrier(), "traceparent"));
        }

        @Override
        public void onError(Observation.Context context) {
            happened.add("fails " + context.getContextualName());
        }

        @Override
        public void onStop(Observation.Context context) {
            happened.add("ends " + context.getContextualName());
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    private ProductObserver observer() {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new Handler());
        return ObservedRecords.of(new Told(happened), registry, Generation.of("shop.baskets.g3"));
    }

    @Test
    void whatFollowsFromARecordIsInsideOfItsObservation() {
        Headers headers = new RecordHeaders().add("traceparent", utf8("00-trace-span-01"));
        try (Bench bench = new Bench(
                Shop.product(RAW, BASKETS), ports -> ports.publish(BASKETS, ports.read(RAW).stream()), observer())) {
            bench.pipe(RAW, utf8("k1"), bench.bytes(RAW, basket(NOON, "good", "a")), headers, 1);
            bench.pipe(RAW, utf8("k2"), utf8("garbage"), new RecordHeaders(), 1);
        }

        assertThat(happened).hasSize(7);
        assertThat(happened.get(0))
                .startsWith("begins mesh.record shop.raw.v1 process [")
                .contains(
                        "keyValue(generation=g3)",
                        "keyValue(product=shop.baskets)",
                        "keyValue(topic=shop.raw.v1)",
                        "keyValue(partition=0)",
                        "keyValue(offset=0)")
                .endsWith("of trace 00-trace-span-01");
        assertThat(happened.get(1)).startsWith("in shop.raw.v1-0@0");
        assertThat(happened.get(2)).startsWith("out shop.baskets.v1");
        assertThat(happened.get(3)).isEqualTo("ends shop.raw.v1 process");
        assertThat(happened.get(4)).contains("keyValue(offset=1)");
        assertThat(happened.get(6)).isEqualTo("ends shop.raw.v1 process");
    }

    @Test
    void aBugEndsTheObservationAndGoesOn() {
        try (Bench bench = new Bench(
                Shop.product(RAW, BASKETS),
                ports -> ports.publish(
                        BASKETS,
                        ports.read(RAW).stream()
                                .mapValues(
                                        basket -> {
                                            throw new IllegalStateException("a bug");
                                        },
                                        Named.as("bug"))),
                observer())) {
            assertThatThrownBy(() -> bench.pipe(
                            RAW, utf8("k1"), bench.bytes(RAW, basket(NOON, "good", "a")), new RecordHeaders(), 1))
                    .hasRootCauseMessage("a bug");
        }

        assertThat(happened).endsWith("fails shop.raw.v1 process", "ends shop.raw.v1 process");
    }

    @Test
    void nobodyWhoObservesCostsNothing() {
        ProductObserver counts = new Told(happened);

        assertThat(ObservedRecords.of(counts, ObservationRegistry.NOOP, Generation.of("shop.baskets.g3")))
                .isSameAs(counts);
    }
}
