package io.kappamesh.generation;

import io.kappamesh.Internal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * What a generation cannot recompute, because inputs had lost records when it was begun that had been read before. Written down when it
 * is begun.
 *
 * @param topics the ids that brokers have given to its inputs, by name: a topic that is made anew has another
 * @param earliest per input partition the first offset whose record may stand behind what was public then; below 0 where a whole topic
 *     has gone; a partition that is missing: any
 * @param lost per input partition that has lost some of those the first offset that is read
 * @param completeFrom the event time from which on all records are read, ISO-8601 in UTC; without effect if nothing is lost
 * @param lookBack per public topic how far before a value's event time the records lie that decide about it, ISO-8601; a topic that is
 *     missing: without a limit
 */
@Internal
public record Horizon(
        Map<String, String> topics,
        Map<String, Long> earliest,
        Map<String, Long> lost,
        String completeFrom,
        Map<String, String> lookBack) {
    private static final long ANOTHER_TOPIC = -1;

    public Horizon {
        topics = new TreeMap<>(topics);
        earliest = new TreeMap<>(earliest);
        lost = new TreeMap<>(lost);
        lookBack = new TreeMap<>(lookBack);
    }

    /**
     * Of a generation that begins.
     *
     * @param before what is decided about the product by then
     * @param origin what it reads
     * @param completeFrom from when on all records of the partitions that have lost some are there
     * @param lookBack what its ports declare, by topic
     */
    public static Horizon begun(
            ProductLifecycle before, Origin origin, Instant completeFrom, Map<String, Duration> lookBack) {
        Map<String, Long> earliest = earliest(before, origin);
        Map<String, Long> lost = new HashMap<>();
        origin.starts().forEach((partition, start) -> {
            if (start > earliest.getOrDefault(partition, 0L)) {
                lost.put(partition, start);
            }
        });
        Map<String, String> declared = new HashMap<>();
        lookBack.forEach((topic, back) -> declared.put(topic, back.toString()));
        return new Horizon(origin.topics(), earliest, lost, completeFrom.toString(), declared);
    }

    /** Of a product that begins, its own; else those of the generation that serves, except where a topic has been made anew. */
    private static Map<String, Long> earliest(ProductLifecycle before, Origin origin) {
        if (before.generations().isEmpty()) {
            return origin.starts();
        }
        Map<String, Long> earliest = new HashMap<>();
        before.serving().map(one -> one.history().horizon()).ifPresent(its -> {
            earliest.putAll(its.earliest);
            origin.offsets().keySet().forEach(partition -> {
                String id = its.topics.get(partition.topic());
                if (id != null && !id.equals(origin.topics().get(partition.topic()))) {
                    earliest.put(partition.toString(), ANOTHER_TOPIC);
                }
            });
        });
        return earliest;
    }

    /** What a port declares. */
    public Map<String, Duration> lookBacks() {
        Map<String, Duration> declared = new HashMap<>();
        lookBack.forEach((topic, back) -> declared.put(topic, Duration.parse(back)));
        return declared;
    }

    /** Partitions that have lost records. */
    public List<TopicPartition> lostPartitions() {
        return List.copyOf(Offsets.of(lost).keySet());
    }

    /** The event time from which on values of a port can be recomputed. */
    public Instant of(String topic) {
        if (lost.isEmpty()) {
            return Instant.MIN;
        }
        String back = lookBack.get(topic);
        if (back == null) {
            return Instant.MAX;
        }
        try {
            return Instant.parse(completeFrom).plus(Duration.parse(back));
        } catch (DateTimeException | ArithmeticException beyondAllTime) {
            return Instant.MAX;
        }
    }
}
