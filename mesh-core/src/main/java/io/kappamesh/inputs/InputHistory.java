package io.kappamesh.inputs;

import io.kappamesh.brokers.GroupOffsets;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Origin;
import io.kappamesh.generation.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Whether the inputs of a generation are the topics that it was begun with, and hold everything that it has not read yet. Each question
 * is one attempt. Thread-safe.
 */
public final class InputHistory {
    private final Generation generation;
    private final @Nullable Origin origin;
    private final Set<String> inputs;
    private final Supplier<Optional<Role>> role;
    private final Admin admin;
    private final GroupOffsets offsets;

    /**
     * @param origin where it began; null = nobody wrote that down
     * @param role what the generation is for, which the remedy depends on
     */
    public InputHistory(
            Generation generation,
            @Nullable Origin origin,
            Set<String> inputs,
            Supplier<Optional<Role>> role,
            Admin admin) {
        this.generation = generation;
        this.origin = origin;
        this.inputs = Set.copyOf(inputs);
        this.role = role;
        this.admin = admin;
        this.offsets = new GroupOffsets(admin, generation.applicationId());
    }

    /** Whether positions that are missing were lost; otherwise the generation may never have had any. */
    boolean isKnown() {
        return origin != null;
    }

    /** Everything that speaks against going on: one sentence each, with the remedy. */
    public List<String> problems() throws ExecutionException, InterruptedException {
        List<String> changed = changed();
        return changed.isEmpty() ? lost() : changed;
    }

    /** Inputs that are other topics than those that it was begun with, or have other partitions. */
    public List<String> changed() throws ExecutionException, InterruptedException {
        Origin then = origin;
        return then == null ? List.of() : remedied(changed(generation, then, TopicEnds.origin(admin, inputs)));
    }

    /** Positions that do not exist any more. */
    public List<String> lost() throws ExecutionException, InterruptedException {
        // In this order: what is committed only grows, and so does where a topic begins, which is not after it.
        Map<TopicPartition, Long> beginnings = TopicEnds.beginnings(admin, inputs);
        Map<TopicPartition, Long> committed = offsets.of(beginnings.keySet());
        Map<TopicPartition, Long> ends = TopicEnds.written(admin, inputs);
        List<String> found = new ArrayList<>();
        beginnings.keySet().stream()
                .sorted(Comparator.comparing(TopicPartition::toString))
                .filter(partition -> origin != null || committed.containsKey(partition))
                .forEach(partition -> new Position(
                                partition,
                                committed.get(partition),
                                beginnings.getOrDefault(partition, 0L),
                                ends.getOrDefault(partition, Long.MAX_VALUE))
                        .problem(generation)
                        .ifPresent(found::add));
        return remedied(found);
    }

    /** Adds to each problem what to do. */
    public List<String> remedied(List<String> problems) {
        String remedy = role.get().equals(Optional.of(Role.CANDIDATE))
                ? "; it cannot continue: run `retire " + generation + "`, and `replay " + generation.product()
                        + "` again"
                : "; it cannot continue: `replay " + generation.product()
                        + "` in a process of its own what there is now, `promote --force` that, and retire g"
                        + generation.number();
        return problems.stream().map(problem -> problem + remedy).toList();
    }

    static List<String> changed(Generation generation, Origin then, Origin now) {
        Map<String, Long> before = partitions(then);
        Map<String, Long> after = partitions(now);
        List<String> found = new ArrayList<>();
        then.topics().forEach((topic, id) -> {
            String present = now.topics().get(topic);
            if (present == null) {
                return; // it is waited for elsewhere
            }
            if (!present.equals(id)) {
                found.add(generation + ": input " + topic
                        + " was deleted and created again since it was begun (topic id " + id + ", now " + present
                        + "), so that positions and state are of records that are gone");
            } else if (!before.getOrDefault(topic, 0L).equals(after.getOrDefault(topic, 0L))) {
                found.add(generation + ": input " + topic + " had " + before.get(topic)
                        + " partitions when it was begun and has " + after.get(topic)
                        + ": the same key is now in another partition, beside its state");
            }
        });
        return found;
    }

    private static Map<String, Long> partitions(Origin origin) {
        Map<String, Long> counts = new TreeMap<>();
        origin.offsets().keySet().forEach(partition -> counts.merge(partition.topic(), 1L, Long::sum));
        return counts;
    }
}
