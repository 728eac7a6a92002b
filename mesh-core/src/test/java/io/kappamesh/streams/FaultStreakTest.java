package io.kappamesh.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.fixture.ManualClock;
import io.kappamesh.inputs.UncommittedRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FaultStreakTest {
    private static final TopicPartition ZERO = new TopicPartition("in", 0);
    private static final TopicPartition ONE = new TopicPartition("in", 1);

    private final ManualClock clock = new ManualClock();
    private final UncommittedRecords uncommitted = new UncommittedRecords();
    private final FaultStreak streak = new FaultStreak(uncommitted, clock);
    private final Consumer<byte[], byte[]> consumer = new MockConsumer<>("none");

    @Test
    void aThreadThatRunsAgainIsNoProgress() {
        letIn(ZERO, 10);
        Instant began = streak.fault(true, "denied");

        clock.advance(Duration.ofHours(1));

        assertThat(streak.fault(true, "denied")).isEqualTo(began);
        assertThat(streak.lasts(true)).isEqualTo(Duration.ofHours(1));
        assertThat(streak.trouble(true)).contains("denied");
    }

    @Test
    void whatAnotherPartitionCommitsIsNoProgressOfTheOneThatFails() {
        letIn(ZERO, 10);
        streak.fault(true, "denied");

        letIn(ONE, 500);
        commit(ONE, 500);
        clock.advance(Duration.ofHours(1));

        assertThat(streak.trouble(true)).isPresent();
    }

    @Test
    void aCommitBelowWhatWasInHandIsNoProgress() {
        letIn(ZERO, 10);
        streak.fault(true, "denied");

        commit(ZERO, 9);

        assertThat(streak.trouble(true)).isPresent();
    }

    @Test
    void itIsOverOnceEverythingThatWasInHandIsCommitted() {
        letIn(ZERO, 10);
        letIn(ONE, 3);
        streak.fault(true, "away");
        commit(ZERO, 10);
        assertThat(streak.trouble(true)).isPresent();

        commit(ONE, 3);

        assertThat(streak.trouble(true)).isEmpty();
        assertThat(streak.lasts(true)).isZero();
        clock.advance(Duration.ofDays(1));
        Instant again = streak.fault(true, "away");
        assertThat(again).isEqualTo(clock.instant());
    }

    @Test
    void withNothingInHandItHasToRunForAWhile() {
        streak.fault(true, "away");
        clock.advance(Duration.ofSeconds(14));
        assertThat(streak.trouble(true)).isPresent();

        clock.advance(Duration.ofSeconds(1));

        assertThat(streak.trouble(false)).isPresent();
        assertThat(streak.trouble(true)).isEmpty();
    }

    @Test
    void whatOthersHoldByNowIsTheirs() {
        letIn(ZERO, 10);
        streak.fault(true, "away");
        uncommitted.holds(consumer, Set.of());

        clock.advance(Duration.ofSeconds(15));

        assertThat(streak.trouble(true)).isEmpty();
    }

    private void letIn(TopicPartition partition, long next) {
        uncommitted.holds(consumer, Set.of(ZERO, ONE));
        uncommitted.passed(partition, 0, next);
    }

    private void commit(TopicPartition partition, long next) {
        uncommitted.committed(Map.of(partition, new OffsetAndMetadata(next)));
    }
}
