package io.kappamesh.testkit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The order in which a history is run, decision by decision. After the last one everything that is left gets done.
 *
 * @param name what it is, in words
 * @param cacheBytes the record cache of Kafka Streams
 * @param redelivers whether records arrive again, which leaves other dead letters
 */
record Schedule(String name, long cacheBytes, boolean redelivers, List<Step> steps) {
    private static final Duration PACE = Duration.ofSeconds(1);
    static final long LARGE_CACHE_BYTES = 10_000_000;

    Schedule {
        steps = List.copyOf(steps);
    }

    /** The baseline: each record is processed to its end before the next one arrives. */
    static Schedule live(List<Input> inputs) {
        return settlingEach("live", false, inputs.stream().map(Input::number).toList());
    }

    /** As a replay sees it: everything is there before the start. */
    static Schedule bulk(List<Input> inputs) {
        List<Step> steps = new ArrayList<>();
        inputs.forEach(input -> steps.add(new Step.Arrive(input.number())));
        return new Schedule("everything is there before the start", LARGE_CACHE_BYTES, false, steps);
    }

    /** As live, but in another order of arrival. */
    static Schedule paced(List<Integer> numbers) {
        return settlingEach("another order of arrival, each record done before the next", false, numbers);
    }

    /** As live, but in the order in which a task would take the records if all were there: of its partitions' next ones the earliest. */
    static Schedule byTime(List<Input> inputs, int partitions) {
        Map<TopicPartition, Deque<Input>> places = new LinkedHashMap<>();
        inputs.forEach(input -> places.computeIfAbsent(
                        new TopicPartition(input.topic(), input.partition(partitions)), first -> new ArrayDeque<>())
                .add(input));
        List<Integer> numbers = new ArrayList<>();
        while (!places.isEmpty()) {
            Deque<Input> earliest = places.values().stream()
                    .min(Comparator.comparingLong(place -> place.element().timestamp()))
                    .orElseThrow();
            numbers.add(earliest.remove().number());
            places.values().removeIf(Deque::isEmpty);
        }
        return paced(numbers);
    }

    /** As live, but in this order of arrival, in which records come again. */
    static Schedule redelivered(List<Integer> numbers) {
        return settlingEach("records are delivered again, each done before the next", true, numbers);
    }

    private static Schedule settlingEach(String name, boolean redelivers, List<Integer> numbers) {
        List<Step> steps = new ArrayList<>();
        for (int number : numbers) {
            steps.add(new Step.Wait(PACE));
            steps.add(new Step.Arrive(number));
            steps.add(new Step.Settle());
        }
        return new Schedule(name, 0, redelivers, steps);
    }

    /** The records in the order in which they arrive, again if they arrive again. */
    List<Integer> arrivals() {
        return steps.stream()
                .filter(Step.Arrive.class::isInstance)
                .map(step -> ((Step.Arrive) step).number())
                .toList();
    }

    Schedule withCache(long bytes) {
        return new Schedule(name, bytes, redelivers, steps);
    }

    Schedule withSteps(List<Step> others) {
        return new Schedule(name, cacheBytes, redelivers, others);
    }
}
