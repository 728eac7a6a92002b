package io.kappamesh.provision;

import io.kappamesh.brokers.Brokers;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.PortContract;
import io.kappamesh.contract.PortKind;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.intake.RecordLimit;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses, before the first record, what would break a promise later. One thread at a time.
 *
 * <ul>
 *   <li>Brokers know transactions of version 2: a transaction that ended cannot be written to by a late message.
 *   <li>Topics that meet in one subtopology have as many partitions as each other: Kafka Streams joins them wrongly otherwise,
 *       without an error.
 *   <li>Inputs are there as a whole, for replays to come: retention unlimited, or at least {@code mesh.history.required}, or
 *       what the owner, given here too, declared with {@code keptFor}. This does not depend on today's age of the records: a topic that
 *       is refused at all is refused on the first day, not on the first restart after its retention is over. Retention by size
 *       promises nothing about time and is refused. An input read as events is not compacted.
 *   <li>Internal topics keep what the history is old: their retention counts record timestamps, which are event time. And they take
 *       records of any time, as large as the product's ports lead to.
 * </ul>
 */
public final class StartupChecks {
    private static final Logger LOG = LoggerFactory.getLogger(StartupChecks.class);
    private static final String TRANSACTIONS = "transaction.version";
    private static final short TRANSACTIONS_WITH_EPOCHS = 2;

    private final Admin admin;
    private final Brokers brokers;
    private final RetryPolicy retries;
    private final Clock clock;
    private final Optional<Duration> historyRequired;

    public StartupChecks(Admin admin, RetryPolicy retries, Clock clock, Optional<Duration> historyRequired) {
        this.admin = admin;
        this.brokers = new Brokers(admin);
        this.retries = retries;
        this.clock = clock;
        this.historyRequired = historyRequired;
    }

    /**
     * Everything that can be judged before Kafka Streams starts.
     *
     * @param meeting the topics that meet in each subtopology; internal ones are not judged, Kafka Streams makes them fit
     * @param partitions of every input, as {@link Topics#prepare} told
     * @throws StartupException {@link ExitCode#CONTRACT} with every problem
     */
    public void check(List<DataProduct> products, List<Set<String>> meeting, Map<String, Integer> partitions)
            throws InterruptedException {
        List<String> problems = new ArrayList<>(features());
        problems.addAll(coPartitioning(meeting, readInPlace(products, partitions)));
        problems.addAll(retention(products));
        StartupException.throwIfAny(ExitCode.CONTRACT, problems);
    }

    /**
     * The topics that Kafka Streams created for a generation.
     *
     * @param history how old the inputs are, see {@link #ageOf}
     * @param limit how large its records may be
     * @throws StartupException {@link ExitCode#CONTRACT} with every problem
     */
    public void checkInternalTopics(String applicationId, Duration history, RecordLimit limit)
            throws InterruptedException {
        StartupException.throwIfAny(ExitCode.CONTRACT, internalTopics(applicationId, history, limit));
    }

    /**
     * Checks that repartition topics can be purged. Kafka Streams deletes their records as they are read, and only logs that it may not:
     * they would grow forever.
     *
     * @throws StartupException {@link ExitCode#CONFIGURATION} with those from which these credentials may not delete
     */
    public void checkPurging(String applicationId) throws InterruptedException {
        List<String> refused = retries.await("the brokers, to describe internal topics of " + applicationId, () -> {
            List<String> repartitions = internal(applicationId).stream()
                    .filter(topic -> topic.endsWith("-repartition"))
                    .toList();
            return TopicAdmin.without(
                    AclOperation.DELETE, TopicAdmin.access(admin, repartitions).values());
        });
        StartupException.throwIfAny(
                ExitCode.CONFIGURATION,
                refused.stream()
                        .map(topic -> "internal topic " + topic
                                + ": these credentials may not delete its records, which are"
                                + " of no use once they are read; grant Delete on it (`acls` prints the least rights)")
                        .toList());
    }

    private List<String> internal(String applicationId) throws ExecutionException, InterruptedException {
        return admin.listTopics().names().get().stream()
                .filter(topic -> topic.startsWith(applicationId + "-"))
                .filter(topic -> topic.endsWith("-changelog") || topic.endsWith("-repartition"))
                .sorted()
                .toList();
    }

    /**
     * How long ago the history of topics began: now less the oldest of the timestamps of the first records of all partitions. Records
     * are in the order in which they came, so a later one may be somewhat older still. Zero when there are none.
     */
    public Duration ageOf(Collection<String> topics) throws InterruptedException {
        long now = clock.millis();
        return retries.await("the brokers, to report where inputs begin", () -> {
            long oldest = now;
            for (ListOffsetsResultInfo first :
                    offsets(topics, OffsetSpec.forTimestamp(0)).values()) {
                if (first.timestamp() >= 0) {
                    oldest = Math.min(oldest, first.timestamp());
                }
            }
            return Duration.ofMillis(now - oldest);
        });
    }

    List<String> features() throws InterruptedException {
        FinalizedVersionRange range = retries.await(
                        "the brokers, to tell their features",
                        () -> Optional.ofNullable(admin.describeFeatures()
                                .featureMetadata()
                                .get()
                                .finalizedFeatures()
                                .get(TRANSACTIONS)))
                .orElse(null);
        int level = range == null ? 0 : range.maxVersionLevel();
        return level >= TRANSACTIONS_WITH_EPOCHS
                ? List.of()
                : List.of("brokers: feature " + TRANSACTIONS + " must be at least " + TRANSACTIONS_WITH_EPOCHS
                        + " but is " + level
                        + "; run kafka-features.sh --bootstrap-server … upgrade --feature " + TRANSACTIONS + "="
                        + TRANSACTIONS_WITH_EPOCHS);
    }

    /** Without those of which the records go through a repartition topic before they meet others. */
    static Map<String, Integer> readInPlace(List<DataProduct> products, Map<String, Integer> partitions) {
        Map<String, Integer> inPlace = new HashMap<>(partitions);
        inPlace.keySet()
                .retainAll(products.stream()
                        .flatMap(product -> product.inputs().stream())
                        .filter(input -> !input.isRekeyed())
                        .flatMap(input -> input.topics().stream())
                        .collect(Collectors.toSet()));
        return inPlace;
    }

    static List<String> coPartitioning(List<Set<String>> meeting, Map<String, Integer> partitions) {
        List<String> problems = new ArrayList<>();
        for (Set<String> topics : meeting) {
            Map<String, Integer> counts = new TreeMap<>();
            topics.stream().filter(partitions::containsKey).forEach(topic -> counts.put(topic, partitions.get(topic)));
            if (new TreeSet<>(counts.values()).size() > 1) {
                problems.add("topics that are joined must have as many partitions as each other but have " + counts
                        + "; repartition one of them in the topology, or publish it under a new major version");
            }
        }
        return problems;
    }

    List<String> retention(List<DataProduct> products) throws InterruptedException {
        Map<String, PortContract<?>> owned = OwnedTopics.ports(products);
        Map<String, PortKind> inputs = new TreeMap<>();
        Map<String, Duration> declared = new HashMap<>();
        products.stream().flatMap(product -> product.inputs().stream()).forEach(input -> {
            input.topics().forEach(topic -> inputs.merge(topic, input.kind(), StartupChecks::stricter));
            input.source()
                    .filter(SourcePort::isExternal)
                    .flatMap(source -> source.contract().levels().retention())
                    .ifPresent(kept ->
                            input.topics().forEach(topic -> declared.merge(topic, kept, StartupChecks::longer)));
        });
        return retries.await("the brokers, to describe inputs", () -> {
            List<String> problems = new ArrayList<>();
            brokers.configs(inputs.keySet()).forEach((topic, config) -> {
                String policy = String.valueOf(config.apply(TopicConfig.CLEANUP_POLICY_CONFIG));
                if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT) && inputs.get(topic) == PortKind.EVENTS) {
                    problems.add("input " + topic + ": is read as events but compacted (cleanup.policy=" + policy
                            + "), so facts of one key are gone; read it with InputPort.table(…)");
                }
                if (policy.contains(TopicConfig.CLEANUP_POLICY_DELETE) && !isDeclared(owned.get(topic))) {
                    problems.addAll(kept(
                            topic,
                            config,
                            Optional.ofNullable(declared.get(topic)).or(() -> historyRequired)));
                }
            });
            problems.sort(String::compareTo);
            warnAboutBeginnings(inputs.keySet(), owned.keySet());
            return problems;
        });
    }

    private static List<String> kept(
            String topic, UnaryOperator<@Nullable String> config, Optional<Duration> required) {
        List<String> problems = new ArrayList<>();
        long retention = number(config, TopicConfig.RETENTION_MS_CONFIG);
        if (retention >= 0
                && required.map(needed -> retention < needed.toMillis()).orElse(true)) {
            problems.add(
                    "input " + topic + ": retention.ms must be "
                            + required.map(needed -> "at least " + needed.toMillis())
                                    .orElse("-1")
                            + " but is " + retention + ", so a replay cannot reach the beginning; its owner: "
                            + TopicSpec.alter(topic, TopicConfig.RETENTION_MS_CONFIG, "-1")
                            + ", or say how far back a replay has to reach: with mesh.history.required, or for a source of yours with keptFor(…)");
        }
        long bytes = number(config, TopicConfig.RETENTION_BYTES_CONFIG);
        if (bytes >= 0) {
            problems.add("input " + topic + ": retention.bytes must be -1 but is " + bytes
                    + ", which keeps nothing for certain; its owner: "
                    + TopicSpec.alter(topic, TopicConfig.RETENTION_BYTES_CONFIG, "-1"));
        }
        return problems;
    }

    /** What was deleted by hand or by an earlier retention cannot be had again, nor told from what was never needed. */
    private void warnAboutBeginnings(Set<String> inputs, Set<String> owned) throws Exception {
        offsets(inputs, OffsetSpec.earliest()).forEach((partition, first) -> {
            if (first.offset() > 0) {
                LOG.warn(
                        "Input {} begins at offset {}, not 0: a replay does not see what was before it{}",
                        partition,
                        first.offset(),
                        owned.contains(partition.topic()) ? "" : "; ask its owner");
            }
        });
    }

    List<String> internalTopics(String applicationId, Duration history, RecordLimit limit) throws InterruptedException {
        return retries.await("the brokers, to describe internal topics of " + applicationId, () -> {
            List<String> problems = new ArrayList<>();
            brokers.configs(internal(applicationId)).forEach((topic, config) -> {
                long largest = number(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
                if (largest < limit.bytes()) {
                    problems.add("internal topic " + topic + ": max.message.bytes must be at least " + limit.bytes()
                            + " but is " + largest + ", too small for what the product's ports take; "
                            + TopicSpec.alter(
                                    topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(limit.bytes())));
                }
                problems.addAll(anyTime(topic, config));
                String policy = String.valueOf(config.apply(TopicConfig.CLEANUP_POLICY_CONFIG));
                long retention = number(config, TopicConfig.RETENTION_MS_CONFIG);
                long bytes = number(config, TopicConfig.RETENTION_BYTES_CONFIG);
                boolean deletes = policy.contains(TopicConfig.CLEANUP_POLICY_DELETE);
                if (deletes && retention >= 0 && retention < history.toMillis()) {
                    problems.add("internal topic " + topic + ": retention.ms must be at least " + history.toMillis()
                            + ", the age of the inputs, but is " + retention
                            + ", so state would be lost with a local disk; set "
                            + "streams.windowstore.changelog.additional.retention.ms for new generations, and here: "
                            + TopicSpec.alter(topic, TopicConfig.RETENTION_MS_CONFIG, "-1"));
                }
                if (deletes && bytes >= 0) {
                    problems.add("internal topic " + topic + ": retention.bytes must be -1 but is " + bytes + "; "
                            + TopicSpec.alter(topic, TopicConfig.RETENTION_BYTES_CONFIG, "-1"));
                }
            });
            problems.sort(String::compareTo);
            return problems;
        });
    }

    /** Generations that were begun before such limits were lifted have them still. */
    private static List<String> anyTime(String topic, UnaryOperator<@Nullable String> config) {
        return Stream.of(
                        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                        TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG)
                .filter(name -> config.apply(name) != null && number(config, name) < Long.MAX_VALUE)
                .map(name -> "internal topic " + topic + ": " + name + " must be " + Long.MAX_VALUE + " but is "
                        + number(config, name)
                        + ", so an event whose time lies further from the clock would stop the product; "
                        + TopicSpec.alter(topic, name, String.valueOf(Long.MAX_VALUE)))
                .toList();
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(Collection<String> topics, OffsetSpec spec)
            throws Exception {
        Map<TopicPartition, OffsetSpec> asked =
                new TreeMap<>(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
        brokers.partitions(topics).forEach((topic, count) -> {
            for (int partition = 0; partition < count; partition++) {
                asked.put(new TopicPartition(topic, partition), spec);
            }
        });
        return TopicAdmin.offsets(admin, asked, IsolationLevel.READ_UNCOMMITTED);
    }

    private static boolean isDeclared(@Nullable PortContract<?> port) {
        return port != null && port.levels().retention().isPresent();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static PortKind stricter(PortKind one, PortKind other) {
        return one == PortKind.EVENTS ? one : other;
    }

    private static long number(UnaryOperator<@Nullable String> config, String name) {
        String text = config.apply(name);
        return text == null ? -1 : Long.parseLong(text);
    }
}
