package io.kappamesh.feed;

import static java.util.Objects.requireNonNull;

import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of a port: whether the positions that are stored mean anything in it. What cannot be made good by waiting is a {@link
 * LifecycleException} that says what to do. One thread at a time.
 */
public final class SourceTopic implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceTopic.class);

    /** A loader that waits for an answer must not lose its table to another one meanwhile. */
    private static final Duration ANSWERS = Duration.ofSeconds(5);

    private final PortAddress address;
    private final String reload;
    private final Admin admin;

    public SourceTopic(Settings settings, PortAddress address, String reload) {
        this.address = address;
        this.reload = reload;
        Map<String, Object> config = settings.admin();
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWERS.toMillis());
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWERS.toMillis());
        this.admin = LazyAdmin.of(config);
    }

    public TopicDescription description() throws ExecutionException, InterruptedException {
        return requireNonNull(TopicAdmin.descriptions(admin, topics()).get(address.topic()), "description");
    }

    /** Where what is kept begins. */
    public Map<Integer, Long> beginnings() throws ExecutionException, InterruptedException {
        return byNumber(TopicEnds.beginnings(admin, topics()));
    }

    /** Where what is committed ends. */
    public Map<Integer, Long> committed() throws ExecutionException, InterruptedException {
        return byNumber(TopicEnds.committed(admin, topics()));
    }

    /** Where what is written ends, be it committed or not. */
    public Map<Integer, Long> written() throws ExecutionException, InterruptedException {
        return byNumber(TopicEnds.written(admin, topics()));
    }

    /** Refuses a topic that is not the one that was loaded, or that has other partitions. */
    public void requireSame(LoadState loaded, TopicDescription now) {
        if (!now.topicId().toString().equals(loaded.topicId())) {
            throw refused("the topic was made anew (its id is " + now.topicId() + ", and the table was loaded from "
                    + loaded.topicId() + "), so that the stored positions mean nothing in it; `" + reload
                    + "` builds the table again from it");
        }
        if (now.partitions().size() != loaded.positions().size()) {
            throw refused("the topic has " + now.partitions().size() + " partitions, and the table was loaded from "
                    + loaded.positions().size()
                    + ": records of one key now lie in two partitions, and nobody knows which one is later; the owner"
                    + " publishes another major version, or makes the topic anew, and then `" + reload
                    + "` builds the table again");
        }
    }

    /**
     * The positions to go on from.
     *
     * @param acceptsGap whether what was deleted before it was loaded is passed over
     * @param now by the clock of the one who noted when everything was loaded
     * @throws LifecycleException if records or deletions are missing between what was loaded and what the topic has
     */
    public Map<Integer, Long> goOn(LoadState loaded, boolean acceptsGap, Instant now)
            throws ExecutionException, InterruptedException {
        Map<Integer, Long> beginnings = beginnings();
        Map<Integer, Long> ends = written();
        Map<Integer, Long> positions = new TreeMap<>(loaded.positions());
        for (Map.Entry<Integer, Long> position : loaded.positions().entrySet()) {
            int partition = position.getKey();
            long begins = beginnings.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            if (position.getValue() > end) {
                throw refused("partition " + partition + " ends at " + end + ", and was loaded up to "
                        + position.getValue() + ": the brokers have lost records that the table has; `" + reload
                        + "` builds the table again from what there is");
            }
            if (position.getValue() < begins) {
                String gap = "partition " + partition + " begins at " + begins + ", and was loaded up to "
                        + position.getValue() + " only: what lay between was deleted before it was loaded";
                if (!acceptsGap) {
                    throw refused(gap + "; `" + reload
                            + "` builds the table from what there is, or go on behind the gap with --accept-gap");
                }
                LOG.warn("port {}: {}; going on behind the gap", address, gap);
                positions.put(partition, begins);
            }
        }
        requireDeletions(loaded, positions, now);
        return positions;
    }

    /** Refuses to call a table complete that may have missed deletions: brokers keep those of a compacted topic for a while only. */
    public void requireDeletions(LoadState loaded, Map<Integer, Long> positions, Instant now)
            throws ExecutionException, InterruptedException {
        Optional<Duration> kept = deletionsKept();
        Map<Integer, Long> ends = committed();
        boolean all = positions.entrySet().stream()
                .allMatch(position -> position.getValue() >= ends.getOrDefault(position.getKey(), 0L));
        if (!all
                && kept.isPresent()
                && Duration.between(loaded.caughtUpAt(), now).compareTo(kept.get()) >= 0) {
            throw refused("everything was last loaded at " + loaded.caughtUpAt() + ", and deletions are kept for "
                    + kept.get()
                    + " only (delete.retention.ms), so that some may be gone unread, and rows would stay that were"
                    + " deleted; `" + reload + "` builds the table again");
        }
    }

    private Optional<Duration> deletionsKept() throws ExecutionException, InterruptedException {
        Config config = TopicAdmin.configs(admin, topics()).get(address.topic());
        ConfigEntry cleanup = config == null ? null : config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        ConfigEntry kept = config == null ? null : config.get(TopicConfig.DELETE_RETENTION_MS_CONFIG);
        return cleanup == null || kept == null || !cleanup.value().contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Long.parseLong(kept.value())));
    }

    private LifecycleException refused(String why) {
        return new LifecycleException(ExitCode.CONTRACT, "port " + address + ": " + why);
    }

    private List<String> topics() {
        return List.of(address.topic());
    }

    private static Map<Integer, Long> byNumber(Map<TopicPartition, Long> offsets) {
        Map<Integer, Long> byNumber = new HashMap<>();
        offsets.forEach((partition, offset) -> byNumber.put(partition.partition(), offset));
        return byNumber;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
