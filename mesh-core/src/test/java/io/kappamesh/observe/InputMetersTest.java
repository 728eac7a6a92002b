package io.kappamesh.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.fixture.ManualClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class InputMetersTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);

    private final ManualClock time = new ManualClock();
    private final InputMeters meters = new InputMeters(time);

    @Test
    void lagAndRateAreOfAllPartitionsOfATopic() {
        meters.measure(Map.of(FIRST, 0L, SECOND, 50L), Map.of(FIRST, 100L, SECOND, 100L));
        time.advance(Duration.ofSeconds(10));
        meters.measure(Map.of(FIRST, 60L, SECOND, 90L), Map.of(FIRST, 100L, SECOND, 100L));

        assertThat(meters.figures()).containsExactly(new InputFigures("orders", 50, 10, Optional.of(time.instant())));
    }

    @Test
    void aPartitionThatIsHandedOverCountsFromThere() {
        meters.measure(Map.of(FIRST, 10L), Map.of(FIRST, 10L));
        time.advance(Duration.ofSeconds(10));
        meters.measure(Map.of(FIRST, 10L, SECOND, 1_000_000L), Map.of(FIRST, 10L, SECOND, 1_000_005L));
        time.advance(Duration.ofSeconds(10));
        meters.measure(Map.of(FIRST, 10L), Map.of(FIRST, 10L));

        assertThat(meters.figures()).containsExactly(new InputFigures("orders", 0, 0, Optional.empty()));
    }

    @Test
    void whatIsNotHeldAnyMoreHasNoLag() {
        meters.measure(Map.of(FIRST, 10L), Map.of(FIRST, 30L));
        meters.measure(Map.of(), Map.of());

        assertThat(meters.figures())
                .singleElement()
                .satisfies(orders -> assertThat(orders.lagRecords()).isZero());
    }
}
