package io.kappamesh.cut;

import io.kappamesh.Internal;
import io.kappamesh.brokers.AdminCall;
import io.kappamesh.generation.Generation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.common.TopicPartition;

/** What the brokers know of the work of a generation: the offsets it has committed, and the transactional ids it writes under. Stateless. */
@Internal
public final class GenerationGroups {
    private final Admin admin;

    public GenerationGroups(Admin admin) {
        this.admin = admin;
    }

    /** What was committed last, be another commit under way or not. */
    public Map<TopicPartition, Long> committed(Generation generation) throws ExecutionException, InterruptedException {
        return committed(generation, false);
    }

    /**
     * What is committed; empty while a commit is under way. Asked for what is stable, brokers leave out partitions that are not, as if
     * nothing were committed for them.
     */
    Optional<Map<TopicPartition, Long>> settled(Generation generation) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> stable = committed(generation, true);
        return stable.keySet().containsAll(committed(generation, false).keySet())
                ? Optional.of(stable)
                : Optional.empty();
    }

    private Map<TopicPartition, Long> committed(Generation generation, boolean stable)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        AdminCall.ask(() -> admin.listConsumerGroupOffsets(
                                generation.applicationId(), new ListConsumerGroupOffsetsOptions().requireStable(stable))
                        .partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset.offset());
                    }
                });
        return offsets;
    }

    /**
     * Takes from every process of a generation what it would need to write, and ends its open transactions; all but those of some
     * transactional ids, whose processes are known to pause. Any other may be asleep and not know yet.
     */
    void fenceAllBut(Generation generation, Set<String> standing) throws ExecutionException, InterruptedException {
        List<String> others = transactionalIds(generation).stream()
                .filter(id -> !standing.contains(id))
                .toList();
        if (!others.isEmpty()) {
            AdminCall.ask(() -> admin.fenceProducers(others).all());
        }
    }

    /** All that brokers still remember. */
    public List<String> transactionalIds(Generation generation) throws ExecutionException, InterruptedException {
        return new TransactionalIds(admin).of(generation);
    }
}
