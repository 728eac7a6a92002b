package io.kappamesh.lifecycle;

import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.compare.GenerationPair;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.SyncPoint;
import io.kappamesh.tables.Before;
import io.kappamesh.tables.LatestRecords;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Since when the public topics and the shadows of two generations differ by no more than what stands behind known offsets, so that a rollback need not
 * read what is before. That holds as long as these topics forget nothing of it: a deletion that is compacted away would be missed. One thread.
 */
final class SyncPoints {
    /** Clocks of machines differ, and reading takes time. */
    private static final Duration MARGIN = Duration.ofHours(1);

    private final Admin admin;
    private final Clock clock;

    SyncPoints(Admin admin, Clock clock) {
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
    record Found(Instant at, Map<String, Map<Integer, Long>> starts, Optional<String> refusal) {

        private static Found refused(String why) {
            return new Found(Instant.EPOCH, Map.of(), Optional.of(why));
        }

        /** To be called before anything is read. */
        void begin(LatestRecords records) {
            records.settle();
            starts.forEach((topic, offsets) -> records.begin(topic, offsets, Before.UNKNOWN));
        }
    }

    /** Looks at what the last exchanges left behind, and whether it still holds. */
    Found find(GenerationPair pair) throws ExecutionException, InterruptedException {
        SyncPoint servingSync = pair.serving().findings().sync();
        SyncPoint candidateSync = pair.candidate().findings().sync();
        if (servingSync == null || !servingSync.covers(both(pair.serving().outputs(), pair.formerShadows()))) {
            return Found.refused(notKnown(pair.servingGeneration().toString()));
        }
        if (candidateSync == null || !candidateSync.covers(both(pair.candidate().outputs(), pair.shadows()))) {
            return Found.refused(notKnown(pair.candidateGeneration().toString()));
        }
        List<String> topics = both(both(pair.publicTopics(), pair.shadows()), pair.formerShadows());
        Optional<String> changed = changed(List.of(servingSync, candidateSync), topics);
        if (changed.isPresent()) {
            return Found.refused(changed.get());
        }
        Instant at = servingSync.time().isBefore(candidateSync.time()) ? servingSync.time() : candidateSync.time();
        Optional<String> forgets = forgets(at, topics);
        if (forgets.isPresent()) {
            return Found.refused(forgets.get());
        }
        Map<String, Map<Integer, Long>> starts = new HashMap<>();
        for (SyncPoint sync : List.of(servingSync, candidateSync)) {
            sync.offsets().forEach((partition, offset) -> {
                String topic = partition.topic();
                if (pair.publicTopics().contains(topic) || pair.shadows().contains(topic)) {
                    starts.computeIfAbsent(topic, first -> new HashMap<>())
                            .merge(partition.partition(), offset, Math::min);
                }
            });
        }
        return misplaced(topics, starts).map(Found::refused).orElse(new Found(at, starts, Optional.empty()));
    }

    /**
     * What an exchange leaves behind in the record of a generation.
     *
     * @param one generation of the pair
     * @param ends of the topics of both, where they were paused
     */
    SyncPoint of(GenerationRecord one, Collection<String> shadows, Map<TopicPartition, Long> ends)
            throws ExecutionException, InterruptedException {
        List<String> topics = both(one.outputs(), shadows);
        Map<String, String> ids = new HashMap<>();
        TopicAdmin.descriptions(admin, topics)
                .forEach((topic, description) ->
                        ids.put(topic, description.topicId().toString()));
        Map<TopicPartition, Long> its = new HashMap<>(ends);
        its.keySet().removeIf(partition -> !ids.containsKey(partition.topic()));
        return SyncPoint.of(clock.instant(), ids, its);
    }

    private static String notKnown(String generation) {
        return "it is not written down when " + generation + " and the public topics last agreed";
    }

    private static List<String> both(Collection<String> some, Collection<String> others) {
        return Stream.concat(some.stream(), others.stream()).distinct().toList();
    }

    /** Topics that are others by now. */
    private Optional<String> changed(List<SyncPoint> known, List<String> topics)
            throws ExecutionException, InterruptedException {
        TreeSet<String> changed = new TreeSet<>();
        TopicAdmin.descriptions(admin, topics).forEach((topic, description) -> {
            String id = description.topicId().toString();
            known.forEach(sync -> {
                if (!sync.topics().getOrDefault(topic, id).equals(id)) {
                    changed.add(topic);
                }
            });
        });
        return changed.isEmpty() ? Optional.empty() : Optional.of(changed + " were made anew since");
    }

    /** Topics that may have forgotten what they were told since. */
    private Optional<String> forgets(Instant at, List<String> topics) throws ExecutionException, InterruptedException {
        Duration since = Duration.between(at, clock.instant());
        List<String> reasons = new ArrayList<>();
        TopicAdmin.configs(admin, topics).forEach((topic, config) -> {
            if (!value(config, TopicConfig.CLEANUP_POLICY_CONFIG).equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                reasons.add(topic + " is not only compacted");
                return;
            }
            String millis = value(config, TopicConfig.DELETE_RETENTION_MS_CONFIG);
            Duration kept = Duration.ofMillis(millis.isEmpty() ? 0 : Long.parseLong(millis));
            Duration half = kept.dividedBy(2);
            if (since.plus(half.compareTo(MARGIN) < 0 ? half : MARGIN).compareTo(kept) >= 0) {
                reasons.add(topic + " keeps deletions for " + kept + ", and both agreed " + at);
            }
        });
        return reasons.stream().sorted().findFirst();
    }

    /** Offsets that the topics do not have. */
    private Optional<String> misplaced(List<String> topics, Map<String, Map<Integer, Long>> starts)
            throws ExecutionException, InterruptedException {
        List<String> read = topics.stream().filter(starts::containsKey).sorted().toList();
        Map<TopicPartition, Long> beginnings = TopicEnds.beginnings(admin, read);
        Map<TopicPartition, Long> ends = TopicEnds.committed(admin, read);
        for (String topic : read) {
            Map<Integer, Long> its = starts.getOrDefault(topic, Map.of());
            long partitions = beginnings.keySet().stream()
                    .filter(partition -> partition.topic().equals(topic))
                    .count();
            boolean fit = its.size() == partitions
                    && its.entrySet().stream().allMatch(start -> {
                        TopicPartition partition = new TopicPartition(topic, start.getKey());
                        return beginnings.getOrDefault(partition, Long.MAX_VALUE) <= start.getValue()
                                && start.getValue() <= ends.getOrDefault(partition, -1L);
                    });
            if (!fit) {
                return Optional.of(topic + " does not have the offsets any more at which both agreed");
            }
        }
        return Optional.empty();
    }

    private static String value(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? "" : entry.value();
    }
}
