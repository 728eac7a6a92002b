package io.kappamesh.brokers;

import io.kappamesh.generation.Horizon;
import io.kappamesh.generation.Origin;
import io.kappamesh.generation.ProductLifecycle;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/**
 * From which event time on topics that have lost records are complete. Brokers do not tell what was lost. A record that retention deletes
 * is older than the retention; one that somebody deletes by hand may be of any time until now. So a retention, or what an operator
 * declares, is believed where the first record that is left is older than it; else nothing older than now is. Stateless.
 */
public final class InputReach {
    private InputReach() {}

    /**
     * What a generation that begins cannot recompute.
     *
     * @param before what is decided about its product by then
     * @param lookBack what its ports declare, by topic
     * @param declared how far back inputs are said to reach; empty = nothing is said
     */
    public static Horizon horizon(
            Admin admin,
            ProductLifecycle before,
            Origin origin,
            Map<String, Duration> lookBack,
            Optional<Duration> declared,
            Instant now)
            throws ExecutionException, InterruptedException {
        Horizon nothingOlder = Horizon.begun(before, origin, now, lookBack);
        List<TopicPartition> lost = nothingOlder.lostPartitions();
        return lost.isEmpty()
                ? nothingOlder
                : Horizon.begun(before, origin, completeFrom(admin, lost, declared, now), lookBack);
    }

    /**
     * Asks the brokers.
     *
     * @param lost partitions whose first records are gone
     * @param declared how far back inputs are said to reach; empty = nothing is said
     */
    public static Instant completeFrom(
            Admin admin, Collection<TopicPartition> lost, Optional<Duration> declared, Instant now)
            throws ExecutionException, InterruptedException {
        Set<String> topics = lost.stream().map(TopicPartition::topic).collect(Collectors.toSet());
        Map<String, Duration> retentions = retentions(admin, topics);
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        lost.forEach(partition -> asked.put(partition, OffsetSpec.forTimestamp(0)));
        Map<TopicPartition, ListOffsetsResultInfo> firsts =
                TopicAdmin.offsets(admin, asked, IsolationLevel.READ_UNCOMMITTED);
        Instant latest = Instant.MIN;
        for (TopicPartition partition : lost) {
            List<Duration> reaches = Stream.concat(
                            Optional.ofNullable(retentions.get(partition.topic())).stream(), declared.stream())
                    .toList();
            ListOffsetsResultInfo first = firsts.get(partition);
            OptionalLong time =
                    first == null || first.timestamp() < 0 ? OptionalLong.empty() : OptionalLong.of(first.timestamp());
            Instant from = completeFrom(now, time, reaches);
            latest = from.isAfter(latest) ? from : latest;
        }
        return latest;
    }

    /**
     * Of one partition.
     *
     * @param firstLeft the timestamp of the first record that is left; empty = none is
     * @param reaches how far back it may reach
     */
    static Instant completeFrom(Instant now, OptionalLong firstLeft, List<Duration> reaches) {
        return reaches.stream()
                .sorted(Comparator.reverseOrder())
                .map(now::minus)
                .filter(from -> firstLeft.isPresent() && firstLeft.getAsLong() <= from.toEpochMilli())
                .findFirst()
                .orElse(now);
    }

    /** For how long topics keep records; those that keep them forever are missing, and those that are bounded by size too. */
    public static Map<String, Duration> retentions(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        Map<String, Duration> retentions = new HashMap<>();
        TopicAdmin.configs(admin, topics).forEach((topic, config) -> {
            boolean deletes =
                    value(config, TopicConfig.CLEANUP_POLICY_CONFIG, "delete").contains("delete");
            long millis = Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG, "-1"));
            long bytes = Long.parseLong(value(config, TopicConfig.RETENTION_BYTES_CONFIG, "-1"));
            if (deletes && millis >= 0 && bytes < 0) {
                retentions.put(topic, Duration.ofMillis(millis));
            }
        });
        return retentions;
    }

    private static String value(Config config, String name, String otherwise) {
        ConfigEntry entry = config.get(name);
        String value = entry == null ? null : entry.value();
        return value == null ? otherwise : value;
    }
}
