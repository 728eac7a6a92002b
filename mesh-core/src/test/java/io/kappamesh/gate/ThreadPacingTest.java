package io.kappamesh.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class ThreadPacingTest {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(250);

    private final AtomicLong nanos = new AtomicLong(-7);
    private final AtomicBoolean live = new AtomicBoolean(true);
    private final ThreadPacing pacing = new ThreadPacing(INTERVAL, LONGEST, true, live::get, nanos::get);
    private final MockProcessorContext<Void, Void> task = new MockProcessorContext<>();

    ThreadPacingTest() {
        pacing.open(task);
    }

    @Test
    void nothingIsCommittedWhereNothingWasHandled() {
        pass(Duration.ofHours(1));

        pacing.look();

        assertThat(task.committed()).isFalse();
        assertThat(pacing.wait(POLL)).isEqualTo(POLL);
    }

    @Test
    void whatWasHandledIsCommittedWhenTheIntervalIsOverSinceTheLastCommit() {
        commitThatTakes(Duration.ofMillis(20));
        pacing.worked();

        pass(Duration.ofMillis(99));
        pacing.look();
        assertThat(task.committed()).isFalse();
        assertThat(pacing.wait(POLL)).isEqualTo(Duration.ofMillis(1));

        pass(Duration.ofMillis(1));
        assertThat(pacing.wait(POLL)).isZero();
        pacing.look();
        assertThat(task.committed()).isTrue();
    }

    @Test
    void recordsThatFollowEachOtherWithoutAPollAreCommittedToo() {
        commitThatTakes(Duration.ofMillis(20));
        pass(INTERVAL);

        for (int i = 0; i < 16; i++) {
            pacing.worked();
        }

        assertThat(task.committed()).isTrue();
    }

    @Test
    void aCommitThatTookLongIsFollowedByTwiceAsMuchWork() {
        commitThatTakes(Duration.ofMillis(400));
        pacing.worked();

        pass(Duration.ofMillis(799));
        pacing.look();
        assertThat(task.committed()).isFalse();
        pass(Duration.ofMillis(1));
        pacing.look();

        assertThat(task.committed()).isTrue();
    }

    @Test
    void threadThatWaitedForRecordsForAsLongAsACommitTakesNeedNotHoldBack() {
        commitThatTakes(Duration.ofMillis(400));
        pacing.worked();

        assertThat(pacing.wait(Duration.ofSeconds(9))).as("waiting for so long").isEqualTo(Duration.ofMillis(400));
        poll(Duration.ofMillis(300));
        pass(Duration.ofMillis(200));
        pacing.look();
        assertThat(task.committed()).as("200 ms of work").isFalse();
        assertThat(pacing.wait(POLL)).isEqualTo(Duration.ofMillis(100));
        poll(Duration.ofMillis(100));
        pacing.look();

        assertThat(task.committed()).isTrue();
        commitThatTakes(Duration.ofMillis(400));
        pacing.worked();
        assertThat(pacing.wait(Duration.ofSeconds(9)))
                .as("what was waited before the last commit is over")
                .isEqualTo(Duration.ofMillis(400));
    }

    /** A rebalance within a poll commits. */
    @Test
    void onlyWhatIsLeftOfAPollAfterACommitWithinItWasWaited() {
        pacing.polls();
        pass(Duration.ofMillis(500));
        commitThatTakes(Duration.ofMillis(400));
        pass(Duration.ofMillis(30));
        pacing.polled();
        pacing.worked();

        assertThat(pacing.wait(Duration.ofSeconds(9))).isEqualTo(Duration.ofMillis(370));
    }

    @Test
    void manyPollsThatReturnAtOnceAreWorkAndNoWaiting() {
        commitThatTakes(Duration.ofMillis(400));
        pacing.worked();
        for (int i = 0; i < 1_000; i++) {
            poll(Duration.ofNanos(700_000));
        }
        pacing.look();

        assertThat(task.committed()).as("after 700 ms").isFalse();
    }

    private void poll(Duration time) {
        pacing.polls();
        pass(time);
        pacing.polled();
    }

    /** As slow brokers make them: whatever they take, they leave two thirds of the time to records. */
    @Test
    void commitsTakeAThirdOfTheTimeAtMostHoweverSlowTheyAre() {
        for (Duration cost : List.of(Duration.ofMillis(1), Duration.ofMillis(130), Duration.ofSeconds(2))) {
            int records = 0;
            int commits = 0;
            commitThatTakes(cost);
            while (commits < 10) {
                pass(Duration.ofNanos(50_000));
                pacing.worked();
                records++;
                if (task.committed()) {
                    commitThatTakes(cost);
                    commits++;
                }
            }
            assertThat(records * Duration.ofNanos(50_000).toNanos() / commits)
                    .as("work per commit of %s", cost)
                    .isGreaterThanOrEqualTo(Math.max(INTERVAL.toNanos(), 2 * cost.toNanos()));
        }
    }

    @Test
    void oneCommitOfAMinuteDoesNotKeepTheNextOneAwayForTwo() {
        commitThatTakes(Duration.ofMinutes(1));
        pacing.worked();

        pass(LONGEST);
        pacing.look();

        assertThat(task.committed()).isTrue();
    }

    @Test
    void aReplayCommitsEveryHalfASecondWhereCommitsAreQuick() {
        live.set(false);
        commitThatTakes(Duration.ofMillis(20));
        workALot(pacing);

        pass(Duration.ofMillis(499));
        pacing.look();
        assertThat(task.committed()).isFalse();
        assertThat(pacing.wait(POLL)).isEqualTo(Duration.ofMillis(1));
        pass(Duration.ofMillis(1));
        pacing.look();

        assertThat(task.committed()).isTrue();
    }

    @Test
    void inAReplayRecordsHaveTenTimesTheTimeOfACommit() {
        live.set(false);
        commitThatTakes(Duration.ofMillis(100));
        workALot(pacing);

        pass(Duration.ofMillis(999));
        pacing.look();
        assertThat(task.committed()).isFalse();
        pass(Duration.ofMillis(1));
        pacing.look();

        assertThat(task.committed()).isTrue();
    }

    @Test
    void inAReplaySlowCommitsAreNoRarerThanIsConfigured() {
        live.set(false);
        commitThatTakes(Duration.ofSeconds(1));
        workALot(pacing);

        pass(LONGEST);
        pacing.look();

        assertThat(task.committed()).isTrue();
    }

    /** A throttle spares the brokers; what little is staged costs nothing. */
    @Test
    void aReplayThatDoesLittleIsLeftToKafkaStreams() {
        live.set(false);
        commitThatTakes(Duration.ofMillis(20));
        for (int i = 0; i < 39_999; i++) {
            pacing.worked();
        }
        pass(Duration.ofHours(1));

        pacing.look();
        assertThat(task.committed()).isFalse();
        assertThat(pacing.wait(POLL)).isEqualTo(POLL);
        pacing.worked();

        assertThat(task.committed()).isTrue();
    }

    private static void workALot(ThreadPacing pacing) {
        for (int i = 0; i < 40_000; i++) {
            pacing.worked();
        }
    }

    @Test
    void aReplayWithoutStateIsLeftToKafkaStreams() {
        ThreadPacing stateless = new ThreadPacing(INTERVAL, LONGEST, false, live::get, nanos::get);
        stateless.open(task);
        live.set(false);
        workALot(stateless);
        pass(Duration.ofHours(1));

        stateless.look();

        assertThat(task.committed()).isFalse();
        assertThat(stateless.wait(POLL)).isEqualTo(POLL);
    }

    /** What a replay has left uncommitted is late for those who read it live. */
    @Test
    void aReplayThatBecomesLiveCommitsAtOnce() {
        live.set(false);
        commitThatTakes(Duration.ofMillis(20));
        pacing.worked();
        pass(INTERVAL);

        live.set(true);
        pacing.look();

        assertThat(task.committed()).isTrue();
    }

    /** Kafka Streams commits nothing while its group rebalances; a thread that would not wait for records then would spin. */
    @Test
    void aCommitThatWasAskedForInVainLetsTheThreadWaitForRecords() {
        pacing.worked();
        pass(INTERVAL);
        pacing.look();

        assertThat(pacing.wait(POLL)).isEqualTo(POLL);
    }

    @Test
    void howLongACommitLastsIsKnownWhileItDoes() {
        assertThat(pacing.lasts()).isZero();
        pacing.begin();
        pass(Duration.ofSeconds(3));
        pacing.begin();
        pass(Duration.ofSeconds(4));

        assertThat(pacing.lasts()).isEqualTo(Duration.ofSeconds(7));
        pacing.committed();
        assertThat(pacing.lasts()).isZero();
    }

    @Test
    void whatWasTakenBackNeedsNoCommit() {
        pacing.worked();
        pass(INTERVAL);

        pacing.aborted();
        pacing.look();

        assertThat(task.committed()).isFalse();
    }

    @Test
    void aTaskThatMovedAwayIsNotAskedAnyMore() {
        pacing.worked();
        pass(INTERVAL);

        pacing.closed(task.taskId());
        pacing.look();

        assertThat(task.committed()).isFalse();
    }

    private void commitThatTakes(Duration time) {
        task.resetCommit();
        pacing.begin();
        pass(time);
        pacing.committed();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
