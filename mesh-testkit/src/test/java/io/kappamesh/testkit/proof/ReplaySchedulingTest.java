package io.kappamesh.testkit.proof;

import static io.kappamesh.testkit.Facts.fact;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.testkit.Tallies;
import io.kappamesh.testkit.proof.Scheduling.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.Test;

class ReplaySchedulingTest {
    private static final int PARTITIONS = 2;
    private final Tallies tallies = new Tallies();
    private final List<Input> history = tallies.facts(new SplittableRandom(1)).inputs();
    private final Map<TaskId, List<TopicPartition>> tasks = Map.of(
            new TaskId(0, 0),
            List.of(new TopicPartition(tallies.left().address().topic(), 0)));

    @Test
    void theOrderInsideAPartitionIsThatOfTheHistoryAndTheOrderBetweenThemIsNot() {
        Set<List<Integer>> orders = new HashSet<>();
        for (int seed = 0; seed < 20; seed++) {
            Trial trial = trial(Kind.INTERLEAVED, Optional.empty(), seed);
            orders.add(trial.schedule().arrivals());

            assertThat(trial.keepsOrder()).isTrue();
            assertThat(trial.schedule().arrivals()).hasSameSizeAs(history).doesNotHaveDuplicates();
        }
        assertThat(orders).hasSize(20);
    }

    @Test
    void aProducerThatDeliversAgainGoesOnFromThere() {
        for (int seed = 0; seed < 20; seed++) {
            Trial trial = trial(Kind.REDELIVERED, Optional.empty(), seed);

            assertThat(trial.keepsOrder()).isTrue();
            assertThat(trial.schedule().arrivals()).hasSizeGreaterThan(history.size());
        }
    }

    @Test
    void anOrderThatIsNotThatOfItsPartitionIsNotKept() {
        List<Input> inputs = History.empty()
                .put(tallies.left(), "a", fact("one"))
                .put(tallies.left(), "a", fact("two"))
                .inputs();

        assertThat(keepsOrder(inputs, 1, 2)).isTrue();
        assertThat(keepsOrder(inputs, 1, 2, 1, 2)).isTrue();
        assertThat(keepsOrder(inputs, 2, 1)).isFalse();
        assertThat(keepsOrder(inputs, 1, 2, 1)).isFalse();
        assertThat(keepsOrder(inputs, 1)).isFalse();
    }

    @Test
    void aBoundOnSkewKeepsPartitionsTogether() {
        Duration bound = Duration.ofMinutes(30);

        assertThat(widestLead(Optional.of(bound))).isLessThanOrEqualTo(bound.toMillis());
        assertThat(widestLead(Optional.empty())).isGreaterThan(bound.toMillis());
    }

    @Test
    void oneSeedDrawsOneSchedule() {
        assertThat(trial(Kind.RESTARTED, Optional.empty(), 5)).isEqualTo(trial(Kind.RESTARTED, Optional.empty(), 5));
    }

    @Test
    void shrinkingFindsTheTwoRecordsThatMatter() {
        Trial found = trial(Kind.RESTARTED, Optional.empty(), 7);
        int one = history.get(10).number();
        int two = history.get(40).number();
        Shrinking shrinking = new Shrinking(trial -> numbers(trial).containsAll(List.of(one, two)), 500);

        Trial small = shrinking.shrink(found);

        assertThat(numbers(small)).containsExactly(one, two);
        assertThat(small.partitions()).isEqualTo(1);
        assertThat(shrinking.tries()).isLessThan(100);
    }

    @Test
    void shrinkingStopsAfterItsTries() {
        List<Trial> tried = new ArrayList<>();
        Shrinking shrinking = new Shrinking(trial -> !tried.add(trial), 7);

        Trial same = shrinking.shrink(trial(Kind.RESTARTED, Optional.empty(), 7));

        assertThat(tried).hasSize(7);
        assertThat(numbers(same)).hasSameSizeAs(history);
    }

    /** How far the event time of an arriving record is ahead of the earliest one that has yet to arrive. */
    private long widestLead(Optional<Duration> skew) {
        long widest = 0;
        for (int seed = 0; seed < 10; seed++) {
            List<Integer> arrivals =
                    trial(Kind.INTERLEAVED, skew, seed).schedule().arrivals();
            Map<TopicPartition, List<Input>> waiting = new HashMap<>();
            history.forEach(input -> waiting.computeIfAbsent(place(input), first -> new ArrayList<>())
                    .add(input));
            for (int number : arrivals) {
                Input arriving = history.get(number - 1);
                long earliest = waiting.values().stream()
                        .filter(place -> !place.isEmpty())
                        .mapToLong(place -> place.get(0).timestamp())
                        .min()
                        .orElseThrow();
                widest = Math.max(widest, arriving.timestamp() - earliest);
                waiting.get(place(arriving)).remove(0);
            }
        }
        return widest;
    }

    private static TopicPartition place(Input input) {
        return new TopicPartition(input.topic(), input.partition(PARTITIONS));
    }

    private Trial trial(Kind kind, Optional<Duration> skew, long seed) {
        return new Trial(
                history,
                PARTITIONS,
                Scheduling.draw(kind, history, tasks, PARTITIONS, skew, new SplittableRandom(seed)));
    }

    private static boolean keepsOrder(List<Input> inputs, Integer... arrivals) {
        return new Trial(inputs, 1, Schedule.paced(List.of(arrivals))).keepsOrder();
    }

    private static List<Integer> numbers(Trial trial) {
        return trial.inputs().stream().map(Input::number).toList();
    }
}
