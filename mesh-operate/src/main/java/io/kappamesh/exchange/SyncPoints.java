package io.kappamesh.exchange;

import io.kappamesh.Internal;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.compare.GenerationPair;
import io.kappamesh.generation.SyncPoint;
import io.kappamesh.tables.Before;
import io.kappamesh.tables.LatestRecords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Since when the public topics and the shadows of two generations differ by no more than what stands behind known offsets, so that a rollback need not
 * read what is before. That holds as long as these topics lose nothing: records from their beginnings, or a deletion that is compacted
 * away. One thread.
 */
@Internal
public final class SyncPoints {
    /** Clocks of machines differ, and reading takes time. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final Admin admin;
    private final Clock clock;

    public SyncPoints(Admin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
    }

    /**
     * Where the reading may begin, or why it may not.
     *
     * @param at when both agreed
     * @param starts the first offsets to be read of public topics and of the candidate's shadows
     * @param refusal why all has to be read; empty = it has not
     */
    public record Found(Instant at, Map<String, Map<Integer, Long>> starts, Optional<String> refusal) {

        private static Found refused(String why) {
            return new Found(Instant.EPOCH, Map.of(), Optional.of(why));
        }

        /** To be called before anything is read. */
        void begin(LatestRecords records) {
            records.settle();
            starts.forEach((topic, offsets) -> records.begin(topic, offsets, Before.UNKNOWN));
        }
    }

    /**
     * What is known of topics.
     *
     * @param ids as brokers have given them, by topic
     * @param begins the first offset of each partition
     * @param deletionsKept for how long they keep deletions, in milliseconds, by topic; those that are not only compacted are missing
     */
    public record Topics(Map<String, String> ids, Map<TopicPartition, Long> begins, Map<String, Long> deletionsKept) {

        /** What an exchange leaves behind in the record of a generation with these topics. */
        SyncPoint syncedAt(Instant at, Collection<String> its, Map<TopicPartition, Long> ends) {
            return SyncPoint.of(
                    at,
                    only(ids, its),
                    onlyPartitions(begins, its),
                    onlyPartitions(ends, its),
                    only(deletionsKept, its));
        }

        private static <V> Map<String, V> only(Map<String, V> all, Collection<String> topics) {
            Map<String, V> some = new HashMap<>(all);
            some.keySet().retainAll(topics);
            return some;
        }

        private static Map<TopicPartition, Long> onlyPartitions(
                Map<TopicPartition, Long> all, Collection<String> topics) {
            Map<TopicPartition, Long> some = new HashMap<>(all);
            some.keySet().removeIf(partition -> !topics.contains(partition.topic()));
            return some;
        }
    }

    /** What is to be known of the topics of a pair, asked before anybody is paused. */
    public Topics look(GenerationPair pair) throws ExecutionException, InterruptedException {
        List<String> topics = Stream.of(pair.publicTopics(), pair.shadows(), pair.formerShadows())
                .flatMap(List::stream)
                .distinct()
                .toList();
        Map<String, String> ids = new HashMap<>();
        TopicAdmin.descriptions(admin, topics)
                .forEach((topic, description) ->
                        ids.put(topic, description.topicId().toString()));
        Map<String, Long> kept = new HashMap<>();
        TopicAdmin.configs(admin, topics).forEach((topic, config) -> {
            if (value(config, TopicConfig.CLEANUP_POLICY_CONFIG).equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                kept.put(topic, Long.parseLong(value(config, TopicConfig.DELETE_RETENTION_MS_CONFIG)));
            }
        });
        return new Topics(ids, TopicEnds.beginnings(admin, topics), kept);
    }

    /** Looks at what the last exchanges left behind, and whether it still holds. */
    public Found find(GenerationPair pair, Topics now) throws ExecutionException, InterruptedException {
        SyncPoint servingSync = pair.serving().findings().sync();
        SyncPoint candidateSync = pair.candidate().findings().sync();
        if (servingSync == null || !servingSync.covers(both(pair.serving().outputs(), pair.formerShadows()))) {
            return Found.refused(notKnown(pair.servingGeneration().toString()));
        }
        if (candidateSync == null || !candidateSync.covers(both(pair.candidate().outputs(), pair.shadows()))) {
            return Found.refused(notKnown(pair.candidateGeneration().toString()));
        }
        List<String> read = both(pair.publicTopics(), pair.shadows());
        Map<TopicPartition, Long> ends = TopicEnds.committed(admin, now.ids().keySet());
        Map<String, Map<Integer, Long>> starts = new HashMap<>();
        for (SyncPoint sync : List.of(servingSync, candidateSync)) {
            for (String topic : now.ids().keySet().stream()
                    .filter(sync.topics()::containsKey)
                    .sorted()
                    .toList()) {
                Optional<String> lost = lost(topic, sync, now, ends);
                if (lost.isPresent()) {
                    return Found.refused(lost.get());
                }
            }
            sync.endOffsets().forEach((partition, offset) -> {
                if (read.contains(partition.topic())) {
                    starts.computeIfAbsent(partition.topic(), first -> new HashMap<>())
                            .merge(partition.partition(), offset, Math::min);
                }
            });
        }
        Instant at = servingSync.time().isBefore(candidateSync.time()) ? servingSync.time() : candidateSync.time();
        return new Found(at, starts, Optional.empty());
    }

    private static String notKnown(String generation) {
        return "it is not written down when " + generation + " and the public topics last agreed";
    }

    /** Each of them once. */
    static List<String> both(Collection<String> some, Collection<String> others) {
        return Stream.concat(some.stream(), others.stream()).distinct().toList();
    }

    /** Why a topic may have lost something since; empty = it has not. */
    private Optional<String> lost(String topic, SyncPoint sync, Topics now, Map<TopicPartition, Long> ends) {
        if (!sync.topics().getOrDefault(topic, "").equals(now.ids().get(topic))) {
            return Optional.of(topic + " was made anew since");
        }
        Map<TopicPartition, Long> begins = Topics.onlyPartitions(now.begins(), List.of(topic));
        Map<TopicPartition, Long> places = Topics.onlyPartitions(sync.endOffsets(), List.of(topic));
        if (!begins.equals(Topics.onlyPartitions(sync.beginOffsets(), List.of(topic)))
                || !begins.keySet().equals(places.keySet())
                || !places.entrySet().stream()
                        .allMatch(place -> place.getValue() <= ends.getOrDefault(place.getKey(), -1L))) {
            return Optional.of(topic + " has lost records, or has other partitions, since both agreed");
        }
        Optional<Duration> keptThen = sync.deletionsKept(topic);
        Long keptNow = now.deletionsKept().get(topic);
        if (keptThen.isEmpty() || keptNow == null) {
            return Optional.of(topic + " is not only compacted");
        }
        Duration kept = Duration.ofMillis(Math.min(keptThen.get().toMillis(), keptNow));
        Duration half = kept.dividedBy(2);
        Duration needed =
                Duration.between(sync.time(), clock.instant()).plus(half.compareTo(MARGIN) < 0 ? half : MARGIN);
        return needed.compareTo(kept) < 0
                ? Optional.empty()
                : Optional.of(topic + " keeps deletions for " + kept + ", and both agreed " + sync.at());
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "0" : entry.value();
    }
}
