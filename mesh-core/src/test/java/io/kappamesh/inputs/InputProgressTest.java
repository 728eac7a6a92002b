package io.kappamesh.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.fixture.ManualClock;
import io.kappamesh.generation.Generation;
import io.kappamesh.observe.ProductMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class InputProgressTest {
    private static final TopicPartition ZERO = new TopicPartition("in", 0);
    private static final TopicPartition ONE = new TopicPartition("in", 1);
    private static final TopicPartition INTERNAL = new TopicPartition("p.g1-x-repartition", 0);
    private static final long REPLAY_LAG = 10;

    private final AtomicLong nanos = new AtomicLong();
    private final ManualClock clock = new ManualClock();
    private final ProductMetrics metrics =
            new ProductMetrics(Generation.of("p.x.g1"), new SimpleMeterRegistry(), clock);
    private final UncommittedRecords uncommitted = new UncommittedRecords();
    private final InputProgress progress =
            new InputProgress(Set.of("in"), REPLAY_LAG, uncommitted, metrics, nanos::get);
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");

    @Test
    void beforeAnythingIsHandedOutItIsIdleAndHasNotCaughtUp() {
        progress.begin(Map.of(ZERO, 0L), Map.of(ZERO, 0L));

        assertThat(progress.isIdle()).isTrue();
        assertThat(progress.caughtUp()).isFalse();
        assertThat(progress.lag()).isZero();
    }

    @Test
    void whatWasReadAndWhatIsLeftIsCountedFromWhereItStarted() {
        progress.begin(Map.of(ZERO, 5L, ONE, 0L), Map.of(ZERO, 105L, ONE, 50L));

        stand(Map.of(ZERO, 25L, ONE, 0L), Map.of(ZERO, 110L, ONE, 50L));

        assertThat(progress.done()).isEqualTo(20);
        assertThat(progress.lag()).isEqualTo(135);
        assertThat(progress.target()).isEqualTo(155);
        assertThat(progress.isLive()).isFalse();
    }

    @Test
    void itHasCaughtUpPastTheEndOfTheStartWithLittleOutstandingAndStaysSo() {
        progress.begin(Map.of(ZERO, 0L, ONE, 0L), Map.of(ZERO, 100L, ONE, 100L));

        stand(Map.of(ZERO, 100L, ONE, 99L), Map.of(ZERO, 100L, ONE, 100L));
        assertThat(progress.caughtUp()).as("one record of history is unread").isFalse();
        stand(Map.of(ZERO, 100L, ONE, 100L), Map.of(ZERO, 100L, ONE, 111L));
        assertThat(progress.caughtUp()).as("too much came meanwhile").isFalse();
        stand(Map.of(ZERO, 100L, ONE, 101L), Map.of(ZERO, 100L, ONE, 111L));
        assertThat(progress.caughtUp()).isTrue();

        stand(Map.of(ZERO, 100L, ONE, 101L), Map.of(ZERO, 500L, ONE, 500L));

        assertThat(progress.caughtUp()).isTrue();
        assertThat(progress.isLive()).isFalse();
    }

    @Test
    void onlyWhatThisInstanceHoldsCounts() {
        progress.begin(Map.of(ZERO, 0L, ONE, 0L), Map.of(ZERO, 100L, ONE, 100L));

        stand(Map.of(ONE, 100L), Map.of(ONE, 100L));

        assertThat(progress.caughtUp()).isTrue();
        assertThat(progress.done()).isEqualTo(100);
        assertThat(progress.lag()).isZero();
    }

    @Test
    void internalTopicsAreNoInput() {
        progress.begin(Map.of(ZERO, 0L), Map.of(ZERO, 10L));

        stand(Map.of(INTERNAL, 3L), Map.of(INTERNAL, 1_000L));

        assertThat(progress.isIdle()).isTrue();
        assertThat(progress.lag()).isZero();
    }

    @Test
    void aConsumerThatClosedHoldsNothing() {
        progress.begin(Map.of(ZERO, 0L), Map.of(ZERO, 10L));
        stand(Map.of(ZERO, 3L), Map.of(ZERO, 10L));
        assertThat(progress.isIdle()).isFalse();

        progress.closed(consumer);

        assertThat(progress.isIdle()).isTrue();
        assertThat(progress.lag()).isZero();
    }

    @Test
    void aPartitionThatMovesBetweenTwoConsumersCountsOnce() {
        progress.begin(Map.of(ZERO, 0L), Map.of(ZERO, 10L));
        stand(Map.of(ZERO, 4L), Map.of(ZERO, 10L));
        MockConsumer<byte[], byte[]> other = new MockConsumer<>("earliest");

        stand(other, Map.of(ZERO, 6L), Map.of(ZERO, 10L));

        assertThat(progress.done()).isEqualTo(6);
        assertThat(progress.lag()).isEqualTo(4);
    }

    @Test
    void whatBrokersSayCountsAlsoWhereTheConsumerDoesNotPoll() {
        progress.begin(Map.of(ZERO, 0L), Map.of(ZERO, 10L));
        stand(Map.of(ZERO, 10L), Map.of(ZERO, 10L));
        assertThat(progress.isLive()).isTrue();

        progress.ends(Map.of(ZERO, 19_808L));

        assertThat(progress.lag()).isEqualTo(19_798);
        assertThat(progress.isLive()).isFalse();
    }

    /** It repeats what came with its last records, for as long as its broker does not answer. */
    @Test
    void aConsumerThatHeardNothingNewerDoesNotTakeBackWhatBrokersSay() {
        progress.begin(Map.of(ZERO, 0L), Map.of(ZERO, 10L));
        progress.ends(Map.of(ZERO, 500L));

        stand(Map.of(ZERO, 10L), Map.of(ZERO, 10L));

        assertThat(progress.lag()).isEqualTo(490);
    }

    @Test
    void anEndThatWentBackIsBelieved() {
        progress.begin(Map.of(ZERO, 0L), Map.of(ZERO, 100L));
        stand(Map.of(ZERO, 50L), Map.of(ZERO, 100L));

        progress.ends(Map.of(ZERO, 60L));

        assertThat(progress.lag()).isEqualTo(10);
    }

    @Test
    void whatNobodyHasHeardOfForTenSecondsIsNotKnown() {
        progress.begin(Map.of(ZERO, 0L, ONE, 0L), Map.of(ZERO, 10L, ONE, 10L));
        pass(Duration.ofMinutes(1));
        stand(Map.of(ZERO, 10L, ONE, 10L), Map.of(ZERO, 10L, ONE, 10L));
        assertThat(progress.unheard()).as("just handed out").isEmpty();

        pass(Duration.ofSeconds(9));
        progress.ends(Map.of(ZERO, 10L));
        pass(Duration.ofSeconds(2));
        stand(Map.of(ZERO, 10L, ONE, 10L), Map.of(ZERO, 10L, ONE, 10L));

        assertThat(progress.unheard()).containsExactly(ONE);
        stand(Map.of(ZERO, 10L, ONE, 11L), Map.of(ZERO, 10L, ONE, 11L));
        assertThat(progress.unheard()).as("records came").isEmpty();
    }

    @Test
    void freshnessGrowsWhileNobodyKnowsWhatThereIsToRead() {
        progress.begin(Map.of(ZERO, 0L), Map.of(ZERO, 10L));
        stand(Map.of(ZERO, 10L), Map.of(ZERO, 10L));
        progress.ends(Map.of(ZERO, 10L));
        pass(Duration.ofSeconds(1));
        progress.ends(Map.of(ZERO, 10L));
        assertThat(metrics.behind()).contains(Duration.ZERO);

        pass(Duration.ofSeconds(30));
        stand(Map.of(ZERO, 10L), Map.of(ZERO, 10L));

        assertThat(metrics.behind()).contains(Duration.ofSeconds(30));
    }

    /** A broker that went away with a commit kept 25,200 records from sight for twenty seconds, and the lag said 59. */
    @Test
    void whatIsReadAndNotCommittedIsBehindForConsumers() {
        progress.begin(Map.of(ZERO, 0L), Map.of(ZERO, 10L));
        stand(Map.of(ZERO, 0L), Map.of(ZERO, 10L));
        uncommitted.holds(consumer, Set.of(ZERO));
        uncommitted.passed(ZERO, 0, 4);
        uncommitted.passed(ZERO, 4, 10);

        pass(Duration.ofSeconds(1));
        stand(Map.of(ZERO, 10L), Map.of(ZERO, 10L));
        assertThat(metrics.lagRecords()).isEqualTo(10);
        assertThat(progress.caughtUp()).isFalse();
        assertThat(progress.isLive()).as("results should be visible soon").isTrue();

        uncommitted.committed(Map.of(ZERO, new OffsetAndMetadata(7)));
        pass(Duration.ofSeconds(1));
        stand(Map.of(ZERO, 10L), Map.of(ZERO, 10L));
        assertThat(metrics.lagRecords()).isEqualTo(3);
        assertThat(metrics.behind()).isEmpty();

        uncommitted.committed(Map.of(ZERO, new OffsetAndMetadata(10)));
        pass(Duration.ofSeconds(1));
        stand(Map.of(ZERO, 10L), Map.of(ZERO, 10L));
        assertThat(metrics.lagRecords()).isZero();
        assertThat(metrics.behind()).contains(Duration.ZERO);
        assertThat(progress.caughtUp()).isTrue();
    }

    @Test
    void whatAnotherInstanceCommittedOfAPartitionThatComesBackIsNotBehind() {
        progress.begin(Map.of(ZERO, 0L), Map.of(ZERO, 10L));
        uncommitted.holds(consumer, Set.of(ZERO));
        uncommitted.passed(ZERO, 0, 10);
        stand(Map.of(ZERO, 10L), Map.of(ZERO, 10L));
        uncommitted.holds(consumer, Set.of());

        uncommitted.holds(consumer, Set.of(ZERO));
        pass(Duration.ofSeconds(1));
        stand(Map.of(ZERO, 300L), Map.of(ZERO, 300L));

        assertThat(metrics.lagRecords()).isZero();
        assertThat(uncommitted.now()).isEmpty();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        clock.advance(time);
    }

    private void stand(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        stand(consumer, positions, ends);
    }

    private void stand(
            MockConsumer<byte[], byte[]> at, Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        at.assign(List.copyOf(positions.keySet()));
        at.updateEndOffsets(ends);
        positions.forEach(at::seek);
        progress.update(at, at::currentLag);
    }
}
