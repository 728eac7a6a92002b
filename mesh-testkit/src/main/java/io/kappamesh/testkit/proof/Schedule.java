package io.kappamesh.testkit.proof;

import io.kappamesh.contract.PortKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.TaskId;

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

    /** As a replay sees tables that were compacted before. */
    static Schedule compacted(List<Input> inputs, int partitions, boolean deletionsToo) {
        List<Step> steps = new ArrayList<>(bulk(inputs).steps());
        tables(inputs, partitions).forEach(place -> steps.add(new Step.Compact(place, deletionsToo)));
        return new Schedule("tables are compacted before the start", LARGE_CACHE_BYTES, false, steps);
    }

    /** The partitions of the tables among the inputs: what brokers compact. */
    static Set<TopicPartition> tables(List<Input> inputs, int partitions) {
        return inputs.stream()
                .filter(input -> input.port().kind() == PortKind.TABLE)
                .map(input -> input.place(partitions))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Live once more: where even this ends differently, something decides that is no record. */
    static Schedule again(List<Input> inputs) {
        return settlingEach(
                "the same once more, each record done before the next",
                false,
                inputs.stream().map(Input::number).toList());
    }

    /** As live, but in another order of arrival. */
    static Schedule paced(List<Integer> numbers) {
        return settlingEach("another order of arrival, each record done before the next", false, numbers);
    }

    /** As live, but in this order of arrival, in which records come again. */
    static Schedule redelivered(List<Integer> numbers) {
        return settlingEach("records are delivered again, each done before the next", true, numbers);
    }

    /** As live, but tasks restart after each record. */
    static Schedule restarted(List<Integer> numbers, Collection<TaskId> tasks) {
        List<Step> steps = new ArrayList<>();
        for (Step step : paced(numbers).steps()) {
            steps.add(step);
            if (step instanceof Step.Settle) {
                tasks.forEach(task -> steps.add(new Step.Restart(task)));
            }
        }
        return new Schedule("a restart, each record done before the next", 0, false, steps);
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

    /** Whether each record is done before the next one arrives. */
    boolean settlesEach() {
        return steps.stream().anyMatch(Step.Settle.class::isInstance);
    }

    /** Whether records are gone before everybody has read them. */
    boolean compacts() {
        return steps.stream().anyMatch(Step.Compact.class::isInstance);
    }

    /** The tasks that restart or crash. */
    Set<TaskId> ended() {
        Set<TaskId> ended = new LinkedHashSet<>();
        steps.forEach(step -> {
            if (step instanceof Step.Restart restart) {
                ended.add(restart.task());
            } else if (step instanceof Step.Crash crash) {
                ended.add(crash.task());
            }
        });
        return ended;
    }

    Schedule withCache(long bytes) {
        return new Schedule(name, bytes, redelivers, steps);
    }

    Schedule withSteps(List<Step> others) {
        return new Schedule(name, cacheBytes, redelivers, others);
    }
}
