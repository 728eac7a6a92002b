package io.kappamesh.inputs;

import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.brokers.GroupOffsets;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.control.ControlView;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.OffsetCheckpoint;
import io.kappamesh.generation.Origin;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a generation's offsets beyond the time for which brokers keep them. State without the offsets that it was built up to cannot be
 * continued: everything since would count twice, or not at all.
 */
public final class OffsetCheckpoints {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetCheckpoints.class);
    private static final long TO_ANSWER_SECONDS = 3;
    private static final Duration GLANCE = Duration.ofMillis(100);

    private final Generation generation;
    private final Admin admin;
    private final Map<String, Object> client;
    private final ControlView control;

    /** @param client brokers and security, as for any Kafka client */
    public OffsetCheckpoints(Generation generation, Admin admin, Map<String, Object> client, ControlView control) {
        this.generation = generation;
        this.admin = admin;
        this.client = Map.copyOf(client);
        this.control = control;
    }

    /**
     * Restores offsets that brokers have forgotten. Call it before the generation runs.
     *
     * @param origin where the generation began; null = unknown
     * @throws StartupException {@link ExitCode#CONTRACT} when there is state, and it is unknown to which offsets it belongs
     */
    public void restore(RetryPolicy retries, @Nullable Origin origin) throws InterruptedException {
        List<String> problems =
                retries.await("the brokers, to report the positions of " + generation, () -> problems(origin));
        StartupException.throwIfAny(ExitCode.CONTRACT, problems);
        control.reportRunning(generation);
    }

    private List<String> problems(@Nullable Origin origin) throws ExecutionException, InterruptedException {
        try {
            if (isRemembered(origin)) {
                return List.of();
            }
            Map<TopicPartition, Long> state = state();
            Optional<OffsetCheckpoint> checkpoint = control.checkpoint(generation);
            if (checkpoint.isPresent() && checkpoint.get().isOf(state)) {
                putBack(checkpoint.get().committed());
                LOG.info("{}: brokers had forgotten its offsets; restored them from the offset checkpoint", generation);
                return List.of();
            }
            boolean begun = origin != null || state.values().stream().anyMatch(end -> end > 0);
            if (!begun) {
                return List.of();
            }
            // Without changelogs it is unknown whether it has ever committed anything.
            if (!state.isEmpty() && !isAnyCommitted(state)) {
                putBack(origin == null ? Map.of() : origin.offsets());
                LOG.info("{}: what it had written was never committed; it begins anew", generation);
                return List.of();
            }
            return List.of(generation
                    + ": brokers have forgotten up to which offsets it has read (it ended without a stop, longer "
                    + "ago than offsets.retention.minutes); retire it, and run `replay " + generation.product() + "`");
        } catch (TimeoutException away) {
            throw new org.apache.kafka.common.errors.TimeoutException(away);
        }
    }

    /** Whether its group has positions; those that it was begun with count, so that one without any has lost them. */
    private boolean isRemembered(@Nullable Origin origin)
            throws ExecutionException, InterruptedException, TimeoutException {
        if (origin == null) {
            return !committed().isEmpty();
        }
        Set<TopicPartition> inputs = origin.offsets().keySet();
        return inputs.isEmpty()
                || !new GroupOffsets(admin, generation.applicationId())
                        .of(inputs)
                        .isEmpty();
    }

    private void putBack(Map<TopicPartition, Long> positions) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        if (!offsets.isEmpty()) {
            admin.alterConsumerGroupOffsets(generation.applicationId(), offsets)
                    .all()
                    .get();
        }
    }

    /** Whether changelogs hold anything but what was never committed: their ends count that, and the markers behind it. */
    private boolean isAnyCommitted(Map<TopicPartition, Long> state) {
        try (KafkaConsumer<byte[], byte[]> consumer = CommittedReaders.consumer(client)) {
            consumer.assign(state.keySet());
            consumer.seekToBeginning(state.keySet());
            Map<TopicPartition, Long> ends = consumer.endOffsets(state.keySet());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (!consumer.poll(GLANCE).isEmpty()) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Writes the checkpoint after processing has ended here, unless another process runs the generation. */
    public void write() {
        try {
            boolean others = !admin
                    .describeConsumerGroups(List.of(generation.applicationId()))
                    .all()
                    .get(TO_ANSWER_SECONDS, TimeUnit.SECONDS)
                    .values()
                    .stream()
                    .allMatch(group -> group.members().isEmpty());
            if (!others) {
                control.report(OffsetCheckpoint.of(generation, committed(), state()));
            }
        } catch (ExecutionException | TimeoutException away) {
            LOG.warn(
                    "{}: could not write its offset checkpoint; brokers remember its offsets for a while",
                    generation,
                    away);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<TopicPartition, Long> committed() throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listConsumerGroupOffsets(generation.applicationId())
                .partitionsToOffsetAndMetadata()
                .get(TO_ANSWER_SECONDS, TimeUnit.SECONDS)
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    private Map<TopicPartition, Long> state() throws ExecutionException, InterruptedException, TimeoutException {
        String prefix = generation.applicationId() + "-";
        List<String> changelogs = admin.listTopics().names().get(TO_ANSWER_SECONDS, TimeUnit.SECONDS).stream()
                .filter(topic -> topic.startsWith(prefix) && topic.endsWith("-changelog"))
                .collect(Collectors.toList());
        return changelogs.isEmpty() ? Map.of() : TopicEnds.written(admin, changelogs);
    }
}
