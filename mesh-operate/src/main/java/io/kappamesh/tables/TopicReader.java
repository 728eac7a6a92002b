package io.kappamesh.tables;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics up to given ends, as far as they are committed, and remembers where it stopped. Ends are reached by position and not
 * by counting records: what lies below an end may be transaction markers, aborted, or compacted away. Not thread-safe.
 */
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int LARGEST_FETCH_BYTES = 16 << 20;

    /**
     * How long brokers hold a fetch that finds nothing. At the end of a topic one is under way, and the next topic is not asked for before
     * it is answered: by Kafka's default that is half a second for each topic, while generations are paused.
     */
    private static final int LONGEST_WAIT_MILLIS = 10;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Duration timeout;
    private final Map<TopicPartition, Long> reached = new HashMap<>();

    TopicReader(Map<String, Object> config, Duration timeout) {
        Map<String, Object> all = new HashMap<>(config);
        all.remove(ConsumerConfig.GROUP_ID_CONFIG);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, LARGEST_FETCH_BYTES);
        all.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, LONGEST_WAIT_MILLIS);
        this.consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.timeout = timeout;
    }

    /**
     * Refuses ends that were passed already.
     *
     * @throws IllegalArgumentException if one is before what was read
     */
    void requireAhead(String topic, Map<Integer, Long> ends) {
        ends.forEach((partition, end) -> {
            long already = reached.getOrDefault(new TopicPartition(topic, partition), 0L);
            if (already > end) {
                throw new IllegalArgumentException(
                        "topic %s partition %d: was read up to %d, and a cut at %d is before that; cuts go forward"
                                .formatted(topic, partition, already, end));
            }
        });
    }

    /** Has {@link #read} begin at these offsets, and not where the topic begins. */
    void begin(String topic, Map<Integer, Long> offsets) {
        offsets.forEach((partition, offset) -> reached.put(new TopicPartition(topic, partition), offset));
    }

    /** Where the reading of a topic stands, by partition. */
    Map<Integer, Long> reached(String topic) {
        Map<Integer, Long> its = new HashMap<>();
        reached.forEach((partition, offset) -> {
            if (partition.topic().equals(topic)) {
                its.put(partition.partition(), offset);
            }
        });
        return its;
    }

    /** Reads from the beginning up to the ends, and stands afterwards where it stood. */
    void readBefore(
            String topic,
            Map<Integer, Long> ends,
            ReadProgress progress,
            Consumer<List<ConsumerRecord<byte[], byte[]>>> records) {
        Map<TopicPartition, Long> goal = new HashMap<>();
        ends.forEach((partition, end) -> goal.put(new TopicPartition(topic, partition), end));
        drain(asked(goal.keySet(), consumer::beginningOffsets), goal, progress, records, (partition, position) -> {});
    }

    /** Reads on up to the ends, which have passed {@link #requireAhead}. */
    void read(
            String topic,
            Map<Integer, Long> ends,
            ReadProgress progress,
            Consumer<List<ConsumerRecord<byte[], byte[]>>> records) {
        Map<TopicPartition, Long> goal = new HashMap<>();
        ends.forEach((partition, end) -> goal.put(new TopicPartition(topic, partition), end));
        drain(starts(goal.keySet()), goal, progress, records, reached::put);
    }

    /** Reads what is committed now behind the point where {@link #read} stopped, and still stands there afterwards. */
    void readLater(String topic, ReadProgress progress, Consumer<List<ConsumerRecord<byte[], byte[]>>> records) {
        Set<TopicPartition> all = reached.keySet().stream()
                .filter(partition -> partition.topic().equals(topic))
                .collect(Collectors.toSet());
        drain(starts(all), asked(all, consumer::endOffsets), progress, records, (partition, position) -> {});
    }

    @Override
    public void close() {
        consumer.close();
    }

    /**
     * How many partitions a topic has.
     *
     * @throws ReadingFailedException if there is no such topic
     */
    int partitions(String topic) {
        List<PartitionInfo> partitions;
        try {
            partitions = consumer.partitionsFor(topic);
        } catch (UnknownTopicOrPartitionException gone) {
            throw noSuchTopic(topic);
        }
        if (partitions == null || partitions.isEmpty()) {
            throw noSuchTopic(topic);
        }
        return partitions.size();
    }

    private Map<TopicPartition, Long> starts(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> starts = new HashMap<>(asked(partitions, consumer::beginningOffsets));
        starts.replaceAll((partition, beginning) -> reached.getOrDefault(partition, beginning));
        return starts;
    }

    /** Where partitions begin or end. */
    private Map<TopicPartition, Long> asked(
            Set<TopicPartition> partitions,
            BiFunction<Collection<TopicPartition>, Duration, Map<TopicPartition, Long>> question) {
        try {
            return question.apply(partitions, timeout);
        } catch (TimeoutException noAnswer) {
            requireTopics(partitions);
            throw new ReadingFailedException(
                    "%s: no broker said within %s where it begins and ends; see to the brokers and read again"
                            .formatted(partitions, timeout),
                    noAnswer);
        }
    }

    private void requireTopics(Set<TopicPartition> partitions) {
        Set<String> known;
        try {
            known = consumer.listTopics(timeout).keySet();
        } catch (TimeoutException noAnswer) {
            return; // nothing is known of any
        }
        for (TopicPartition partition : partitions) {
            if (!known.contains(partition.topic())) {
                throw noSuchTopic(partition.topic());
            }
        }
    }

    private void drain(
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            ReadProgress progress,
            Consumer<List<ConsumerRecord<byte[], byte[]>>> records,
            BiConsumer<TopicPartition, Long> arrived) {
        consumer.assign(ends.keySet());
        consumer.resume(ends.keySet());
        starts.forEach(consumer::seek);
        Map<TopicPartition, Long> positions = new HashMap<>(starts);
        long target = distance(starts, ends);
        long moved = System.nanoTime();
        while (true) {
            Set<TopicPartition> open = open(positions, ends);
            consumer.pause(ends.keySet().stream()
                    .filter(partition -> !open.contains(partition))
                    .toList());
            progress.at(target - distance(positions, ends), target);
            if (open.isEmpty()) {
                positions.forEach(arrived);
                return;
            }
            records.accept(below(ends, poll()));
            for (TopicPartition partition : open) {
                long position = Math.min(consumer.position(partition), end(ends, partition));
                Long before = positions.put(partition, position);
                if (before == null || before < position) {
                    arrived.accept(partition, position);
                    moved = System.nanoTime();
                }
            }
            if (System.nanoTime() - moved > timeout.toNanos()) {
                throw standstill(open, positions, ends);
            }
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException gone) {
            throw new ReadingFailedException(
                    "%s: is no longer there at the offset where the reading stood (%s): records were deleted, or the topic was made anew; begin the comparison again"
                            .formatted(gone.partitions(), gone.offsetOutOfRangePartitions()),
                    gone);
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> below(
            Map<TopicPartition, Long> ends, ConsumerRecords<byte[], byte[]> batch) {
        List<ConsumerRecord<byte[], byte[]>> below = new ArrayList<>(batch.count());
        for (TopicPartition partition : batch.partitions()) {
            long end = end(ends, partition);
            for (ConsumerRecord<byte[], byte[]> record : batch.records(partition)) {
                if (record.offset() < end) {
                    below.add(record);
                }
            }
        }
        return below;
    }

    /** Partitions that have not reached their end. */
    private static Set<TopicPartition> open(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        return positions.entrySet().stream()
                .filter(position -> position.getValue() < end(ends, position.getKey()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static long distance(Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        return positions.entrySet().stream()
                .mapToLong(position -> Math.max(0, end(ends, position.getKey()) - position.getValue()))
                .sum();
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    /** Asks the brokers why nothing moves. */
    private RuntimeException standstill(
            Set<TopicPartition> open, Map<TopicPartition, Long> positions, Map<TopicPartition, Long> ends) {
        requireTopics(open);
        List<String> reasons = new ArrayList<>();
        consumer.endOffsets(open).forEach((partition, committed) -> {
            String where = "topic %s partition %d: ".formatted(partition.topic(), partition.partition());
            long end = end(ends, partition);
            reasons.add(
                    committed < end
                            ? where
                                    + "the cut is at %d, but only what lies below %d is committed; see whether the topic was made anew or a transaction hangs, and take a new cut"
                                            .formatted(end, committed)
                            : where
                                    + "nothing came from offset %d on for %s, although %d is committed; see to the brokers and read again"
                                            .formatted(positions.get(partition), timeout, committed));
        });
        reasons.sort(null);
        return new ReadingFailedException(String.join("\n", reasons), null);
    }

    private static ReadingFailedException noSuchTopic(String topic) {
        return new ReadingFailedException(
                "topic %s: does not exist; it was deleted, or the name or the brokers are others".formatted(topic),
                null);
    }
}
