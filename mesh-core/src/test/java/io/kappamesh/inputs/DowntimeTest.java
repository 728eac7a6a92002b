package io.kappamesh.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.generation.CaughtUp;
import io.kappamesh.generation.CaughtUp.Place;
import io.kappamesh.generation.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DowntimeTest {
    private static final Generation G1 = Generation.of("a.p.g1");
    private static final TopicPartition ZERO = new TopicPartition("a.in.v1", 0);
    private static final Instant SEEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration KEPT = Duration.ofHours(24);
    private static final Place LAST = new Place(SEEN.toEpochMilli(), 10);

    @Test
    void aDeletionOutlivesWhoIsAwayForAShorterTime() {
        assertThat(after(KEPT.minusMillis(1), 10, 20)).isEmpty();
    }

    @Test
    void whoIsAwayForAsLongMayMissIt() {
        assertThat(after(KEPT, 10, 20))
                .get()
                .asString()
                .contains("a.p.g1", "a.in.v1, partition 0", "2026-01-01T00:00:00Z", "offset 10", "ends at 20", "PT24H");
    }

    @Test
    void whereNothingWasWrittenNothingWasDeleted() {
        assertThat(after(KEPT.multipliedBy(9), 9, 10)).isEmpty();
    }

    @Test
    void whatIsReadIsNotMissed() {
        assertThat(after(KEPT.multipliedBy(9), 20, 20)).isEmpty();
    }

    @Test
    void theLaterOfTwoWordsCounts() {
        CaughtUp known = CaughtUp.none(G1).with(Map.of(ZERO, LAST));

        assertThat(known.with(Map.of(ZERO, new Place(1, 5))).of(ZERO)).contains(LAST);
        assertThat(known.with(Map.of(ZERO, new Place(LAST.at() + 1, 12))).of(ZERO))
                .contains(new Place(LAST.at() + 1, 12));
    }

    private static Optional<String> after(Duration time, long position, long end) {
        return new Downtime(ZERO, LAST, position, end).problem(G1, KEPT, SEEN.plus(time));
    }
}
