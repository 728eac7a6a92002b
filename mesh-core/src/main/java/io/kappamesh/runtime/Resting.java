package io.kappamesh.runtime;

import io.kappamesh.control.ControlView;
import io.kappamesh.control.Generation;
import io.kappamesh.control.Rest;
import io.kappamesh.control.TopicEnds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a generation's offsets beyond the time for which brokers keep them. State without the offsets that it was built up to cannot be
 * continued: everything since would count twice, or not at all.
 */
final class Resting {
    private static final Logger LOG = LoggerFactory.getLogger(Resting.class);
    private static final long TO_ANSWER_SECONDS = 3;

    private final Generation generation;
    private final Admin admin;
    private final ControlView control;

    Resting(Generation generation, Admin admin, ControlView control) {
        this.generation = generation;
        this.admin = admin;
        this.control = control;
    }

    /**
     * Before it runs: puts offsets back that brokers have forgotten.
     *
     * @throws StartupException {@link ExitCode#CONTRACT} when there is state, and nobody knows how far it goes
     */
    void wake(Patience patience) throws InterruptedException {
        List<String> problems = patience.await("the brokers, to tell where " + generation + " stands", this::problems);
        StartupException.throwIfAny(ExitCode.CONTRACT, problems);
        control.runs(generation);
    }

    private List<String> problems() throws ExecutionException, InterruptedException {
        try {
            Map<TopicPartition, Long> state = state();
            Optional<Rest> rest = control.rest(generation);
            if (!committed().isEmpty() || state.values().stream().allMatch(end -> end == 0)) {
                return List.of();
            }
            if (rest.isPresent() && rest.get().isOf(state)) {
                Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
                rest.get()
                        .committed()
                        .forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
                admin.alterConsumerGroupOffsets(generation.applicationId(), offsets)
                        .all()
                        .get();
                LOG.info("{}: brokers had forgotten its offsets; put back what they were when it ended", generation);
                return List.of();
            }
            return List.of(generation
                    + ": has state, and brokers have forgotten up to which offsets (it ended without a stop, longer "
                    + "ago than offsets.retention.minutes); retire it, and run `replay " + generation.product() + "`");
        } catch (TimeoutException away) {
            throw new org.apache.kafka.common.errors.TimeoutException(away);
        }
    }

    /** After its processing has ended here: if nobody else runs it, says where it stands. */
    void settle() {
        try {
            boolean others = !admin
                    .describeConsumerGroups(List.of(generation.applicationId()))
                    .all()
                    .get(TO_ANSWER_SECONDS, TimeUnit.SECONDS)
                    .values()
                    .stream()
                    .allMatch(group -> group.members().isEmpty());
            if (!others) {
                control.rests(Rest.of(generation, committed(), state()));
            }
        } catch (ExecutionException | TimeoutException away) {
            LOG.warn("{}: could not note where it stands; brokers remember it for a while", generation, away);
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
