package io.kappamesh.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.fixture.ManualClock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);

    private final ManualClock time = new ManualClock();
    private final Freshness freshness = new Freshness(time);

    @Test
    void itIsUnknownUntilTheProductFirstCaughtUp() {
        measure(FIRST, 10, 100);
        after(60);
        measure(FIRST, 90, 120);

        assertThat(freshness.behind()).isEmpty();
    }

    @Test
    void aProductThatCatchesUpIsAsFreshAsTheMarkItPassed() {
        measure(FIRST, 10, 100);
        after(5);
        measure(FIRST, 100, 200);

        assertThat(freshness.behind()).contains(Duration.ofSeconds(5));
    }

    @Test
    void itDoesNotGrowWhileThereIsNothingToDo() {
        measure(FIRST, 100, 100);
        after(3600);
        measure(FIRST, 100, 100);

        assertThat(freshness.behind()).contains(Duration.ZERO);
    }

    @Test
    void itStaysSmallUnderASteadyFlowThatIsNeverQuiteDone() {
        for (int second = 0; second < 100; second++) {
            measure(FIRST, second * 1000L, second * 1000L + 500);
            after(1);
        }

        assertThat(freshness.behind()).contains(Duration.ofSeconds(2));
    }

    @Test
    void itGrowsWhileTheProductStandsStill() {
        measure(FIRST, 100, 100);
        for (int second = 0; second < 60; second++) {
            after(1);
            measure(FIRST, 100, 101 + second);
        }

        assertThat(freshness.behind()).contains(Duration.ofSeconds(60));
    }

    @Test
    void thePartitionFurthestBehindCountsUntilItIsSomebodyElses() {
        freshness.measure(Map.of(FIRST, 1L, SECOND, 1L), Map.of(FIRST, 1L, SECOND, 1L));
        after(10);
        freshness.measure(Map.of(FIRST, 1L, SECOND, 1L), Map.of(FIRST, 1L, SECOND, 9L));
        assertThat(freshness.behind()).contains(Duration.ofSeconds(10));
        assertThat(freshness.lagRecords()).isEqualTo(8);

        measure(FIRST, 1, 1);
        assertThat(freshness.behind()).contains(Duration.ZERO);
    }

    private void measure(TopicPartition partition, long done, long end) {
        freshness.measure(Map.of(partition, done), Map.of(partition, end));
    }

    private void after(int seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }
}
