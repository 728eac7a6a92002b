package io.kappamesh.testkit.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A history, how many partitions it stands in, and the schedule that is held against the live one.
 *
 * @param inputs the history
 * @param partitions of every topic
 * @param schedule the other way to run it
 */
record Trial(List<Input> inputs, int partitions, Schedule schedule) {
    Trial {
        inputs = List.copyOf(inputs);
    }

    Trial withInputs(List<Input> fewer) {
        List<Integer> numbers = fewer.stream().map(Input::number).toList();
        List<Step> steps = new ArrayList<>(schedule.steps());
        steps.removeIf(step -> step instanceof Step.Arrive arrive && !numbers.contains(arrive.number()));
        return new Trial(fewer, partitions, schedule.withSteps(steps));
    }

    Trial withSchedule(Schedule other) {
        return new Trial(inputs, partitions, other);
    }

    Trial withPartitions(int fewer) {
        List<Step> steps = new ArrayList<>(schedule.steps());
        steps.replaceAll(step -> step instanceof Step.Compact compact ? compact.within(fewer) : step);
        return new Trial(inputs, fewer, schedule.withSteps(steps));
    }

    /** Whether its schedule and the live one have to refuse the same of a topic: none of it comes twice or is taken away. */
    boolean comparesLettersOf(String topic) {
        boolean compacted = schedule.steps().stream()
                .anyMatch(step -> step instanceof Step.Compact compact
                        && compact.place().topic().equals(topic));
        return !schedule.redelivers() && !compacted;
    }

    /**
     * Whether every partition gets its records in the order of the history: the next one, or an earlier one again and then those
     * after it, to the last. What does otherwise is another history and proves nothing.
     */
    boolean keepsOrder() {
        Map<Integer, TopicPartition> places = new HashMap<>();
        Map<Integer, Integer> positions = new HashMap<>();
        Map<TopicPartition, Integer> lengths = new HashMap<>();
        for (Input input : inputs) {
            TopicPartition place = input.place(partitions);
            places.put(input.number(), place);
            positions.put(input.number(), lengths.merge(place, 1, Integer::sum) - 1);
        }
        Map<TopicPartition, Integer> reached = new HashMap<>();
        for (int number : schedule.arrivals()) {
            TopicPartition place = places.get(number);
            int position = positions.getOrDefault(number, 0);
            if (position > reached.getOrDefault(place, -1) + 1) {
                return false;
            }
            reached.put(place, position);
        }
        return lengths.entrySet().stream()
                .allMatch(place -> reached.getOrDefault(place.getKey(), -1) == place.getValue() - 1);
    }
}
