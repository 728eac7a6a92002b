package io.kappamesh.feed;

import static java.util.Objects.requireNonNull;

import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadStates;
import io.kappamesh.postgres.Position;
import io.kappamesh.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic of a port: whether the positions that are stored mean anything in it. What cannot be made good by waiting is a {@link
 * LifecycleException} that says what to do. One thread at a time.
 */
public final class SourceTopic implements CorrectionBarrier.Ends, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceTopic.class);

    /** A loader that waits for an answer must not lose its table to another one meanwhile. */
    private static final Duration ANSWERS = Duration.ofSeconds(5);

    private static final Duration BETWEEN_WORDS = Duration.ofMinutes(1);
    private static final long NEVER = Long.MIN_VALUE;

    private final PortAddress address;
    private final String reload;
    private final Admin admin;
    private long saidAt = NEVER;
    private boolean told;

    public SourceTopic(Settings settings, PortAddress address, String reload) {
        this.address = address;
        this.reload = reload;
        Map<String, Object> config = settings.admin();
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWERS.toMillis());
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWERS.toMillis());
        this.admin = LazyAdmin.of(config);
    }

    /**
     * Lets the brokers know who reads the topic: a loader is in no group, so that nobody would see it. The offsets of a group without members are what a reader leaves
     * behind that comes back; brokers forget them when they are not written for long. Written once in a minute; a right that is missing is told once, and stops nothing.
     *
     * @param group such as {@code mesh-load.sales.orders.v1.orders}
     * @param offsets up to which it has loaded, by partition
     */
    public void readBy(String group, Map<Integer, Long> offsets) throws InterruptedException {
        long now = System.nanoTime();
        if (offsets.isEmpty() || (saidAt != NEVER && now - saidAt < BETWEEN_WORDS.toNanos())) {
            return;
        }
        saidAt = now;
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        offsets.forEach((partition, offset) ->
                positions.put(new TopicPartition(address.topic(), partition), new OffsetAndMetadata(offset)));
        try {
            admin.alterConsumerGroupOffsets(group, positions).all().get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof AuthorizationException && !told) {
                told = true;
                LOG.warn(
                        "port {}: its owner does not see that it is loaded here, because these credentials may not write offsets of group {}; grant"
                                + " Read on it",
                        address,
                        group);
            } else {
                LOG.debug("port {}: cannot write offsets of group {}", address, group, failed);
            }
        }
    }

    public TopicDescription description() throws ExecutionException, InterruptedException {
        return requireNonNull(TopicAdmin.descriptions(admin, topics()).get(address.topic()), "description");
    }

    /** Where what is kept begins. */
    public Map<Integer, Long> beginnings() throws ExecutionException, InterruptedException {
        return byNumber(TopicEnds.beginnings(admin, topics()));
    }

    @Override
    public Map<Integer, Long> committed() throws ExecutionException, InterruptedException {
        return byNumber(TopicEnds.committed(admin, topics()));
    }

    @Override
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
     * @throws LifecycleException if records are missing between what was loaded and what the topic has
     */
    public Map<Integer, Position> goOn(LoadState loaded, boolean acceptsGap)
            throws ExecutionException, InterruptedException {
        Map<Integer, Long> beginnings = beginnings();
        Map<Integer, Long> ends = written();
        Map<Integer, Position> positions = new TreeMap<>(loaded.positions());
        for (Map.Entry<Integer, Long> position : loaded.offsets().entrySet()) {
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
                positions.put(partition, Position.at(begins));
            }
        }
        return positions;
    }

    /**
     * Whether no deletion behind these positions can be gone: there is at most one offset, and the last one of a partition is never compacted. It is that
     * of a record, or of the marker that ends the last transaction.
     */
    public boolean isAtEnd(Map<Integer, Position> positions) throws ExecutionException, InterruptedException {
        Map<Integer, Long> offsets = Position.offsets(positions);
        return written().entrySet().stream()
                .allMatch(end -> offsets.getOrDefault(end.getKey(), 0L) + 1 >= end.getValue());
    }

    /** For how long the brokers keep a deletion, once they have compacted it; empty = the topic is not compacted. */
    public Optional<Duration> deletionsKept() throws ExecutionException, InterruptedException {
        Config config = TopicAdmin.configs(admin, topics()).get(address.topic());
        ConfigEntry cleanup = config == null ? null : config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        ConfigEntry kept = config == null ? null : config.get(TopicConfig.DELETE_RETENTION_MS_CONFIG);
        return cleanup == null || kept == null || !cleanup.value().contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(Long.parseLong(kept.value())));
    }

    /**
     * Why records that are read now may lack deletions; empty = they lack none. A deletion that was read too late was written after everything had
     * been loaded, and is kept from then on at least.
     *
     * @param kept for how long the brokers keep deletions; empty = the topic is not compacted
     */
    public Optional<String> missedDeletions(LoadStates.CaughtUp caughtUp, Optional<Duration> kept) {
        return kept.filter(
                        most -> Duration.between(caughtUp.at(), caughtUp.now()).compareTo(most) >= 0)
                .map(most -> "everything was last loaded at " + caughtUp.at() + ", and deletions are kept for " + most
                        + " only (delete.retention.ms), so that some may be gone unread, and rows would stay that were"
                        + " deleted");
    }

    /** It does not go on where deletions may be missing. */
    public LifecycleException deletionsMissed(String why) {
        return refused(
                why + "; `mesh verify-load " + address + "` says whether there are such rows. If there are none, go on"
                        + " with --accept-gap; if there are, `" + reload
                        + "` builds the table again. Where loading itself takes that long, raise delete.retention.ms first");
    }

    /** The brokers have lost what was loaded, and may have written other records at the same offsets since. */
    public LifecycleException truncated(LogTruncationException lost) {
        String where = lost.offsetOutOfRangePartitions().entrySet().stream()
                .map(partition -> {
                    OffsetAndMetadata divides = lost.divergentOffsets().get(partition.getKey());
                    return "partition " + partition.getKey().partition() + " was loaded up to " + partition.getValue()
                            + ", and the brokers have "
                            + (divides == null
                                    ? "nothing of what was loaded last"
                                    : "other records from " + divides.offset() + " on");
                })
                .sorted()
                .collect(Collectors.joining("; "));
        return refused(where + ": they have lost records that the table has (an unclean leader election); `" + reload
                + "` builds the table again from what there is");
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
