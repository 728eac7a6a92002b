package io.kappamesh.cut;

import io.kappamesh.Internal;
import io.kappamesh.brokers.AdminCall;
import io.kappamesh.brokers.GroupMembers;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.control.ControlView;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Acknowledgement;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.Cut.Afterwards;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.tables.TransactionMarkers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Pauses generations of one product at one vector of input offsets. Used by the one command that holds the product's
 * {@link ControlWriter}; one thread.
 *
 * <p>First all are told to freeze, and every member of their groups has to say that it does, and where. A process that joins later reads
 * the order before it lets anything in. The vector is the farthest position of all, so that everybody can reach it. A generation
 * stands once everything below the vector is committed, its repartition topics are empty, and no transaction is open where it writes;
 * offsets and results are committed together, so that then its output is exactly what follows from the vector.
 */
@Internal
public final class CutCoordinator implements AutoCloseable {
    private static final long GLANCE_MILLIS = 10;

    private final Generation one;
    private final Admin admin;
    private final ControlWriter writer;
    private final ControlView view;
    private final GenerationGroups groups;
    private final TransactionMarkers markers;
    private final Duration limit;
    private final Progress progress;
    private final Clock clock = Clock.systemUTC();
    /** The last order of this command that has come back from the control topic. */
    private @Nullable String seen;

    /**
     * @param limit how long processes may take to obey; longer than the session timeout of a consumer group, after which those that do
     *     not answer are no members any more
     */
    public CutCoordinator(
            Generation anyOfTheProduct,
            Admin admin,
            Map<String, Object> client,
            ControlWriter writer,
            Duration limit,
            Progress progress) {
        this.one = anyOfTheProduct;
        this.admin = admin;
        this.writer = writer;
        this.view = ControlView.open(admin, client);
        view.follow(anyOfTheProduct.product());
        this.groups = new GenerationGroups(admin);
        this.markers = new TransactionMarkers(client);
        this.limit = limit;
        this.progress = progress;
    }

    /** A cut that holds. */
    public final class Held {
        private final String id;
        private final Map<TopicPartition, Long> vector;
        private final List<Integer> running;

        private Held(String id, Map<TopicPartition, Long> vector, List<Integer> running) {
            this.id = id;
            this.vector = vector;
            this.running = running;
        }

        /**
         * Waits until a generation stands, and tells where what it has written to these topics ends. One that had a process when it froze
         * is waited for until it has come to the vector, also if it has none at this moment.
         */
        public QuiescedGeneration quiesced(GenerationRecord generation, List<String> topics)
                throws ExecutionException, InterruptedException {
            Generation named = named(generation);
            boolean moves = running.contains(generation.number());
            Set<String> repartitions = Set.copyOf(GenerationTopics.between(
                    named, AdminCall.ask(() -> admin.listTopics().names())));
            Instant giveUp = Instant.now().plus(limit);
            while (true) {
                Optional<QuiescedGeneration> found = look(generation, topics, moves, repartitions);
                if (found.isPresent()) {
                    return found.get();
                }
                if (Instant.now().isAfter(giveUp)) {
                    throw new LifecycleException(
                            ExitCode.PLATFORM,
                            named + ": has not quiesced within " + limit.toSeconds()
                                    + " s; look at the log of its processes, and try again");
                }
                requireMine(id);
                TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
            }
        }

        /** What is committed is asked first, so that nothing can have moved on unseen between the questions. */
        private Optional<QuiescedGeneration> look(
                GenerationRecord generation, List<String> topics, boolean moves, Set<String> repartitions)
                throws ExecutionException, InterruptedException {
            Generation named = named(generation);
            Optional<Map<TopicPartition, Long>> settled = groups.settled(named);
            if (settled.isEmpty()) {
                return Optional.empty();
            }
            Map<TopicPartition, Long> committed = settled.get();
            Map<TopicPartition, Long> goals = new HashMap<>();
            if (moves) {
                requireNotBeyond(named, committed);
                vector.forEach((partition, offset) -> {
                    if (generation.inputs().contains(partition.topic())) {
                        goals.put(partition, offset);
                    }
                });
                if (!repartitions.isEmpty()) {
                    Map<TopicPartition, Long> written = TopicEnds.written(admin, repartitions);
                    if (!written.equals(TopicEnds.committed(admin, repartitions))) {
                        return Optional.empty();
                    }
                    goals.putAll(written);
                }
            }
            Map<TopicPartition, Long> behind = new HashMap<>();
            goals.forEach((partition, goal) -> {
                long reached = committed.getOrDefault(partition, 0L);
                if (reached < goal) {
                    behind.put(partition, reached);
                }
            });
            if (!markers.only(behind, goals)) {
                return Optional.empty();
            }
            Map<TopicPartition, Long> ends = TopicEnds.written(admin, topics);
            boolean closed = ends.equals(TopicEnds.committed(admin, topics));
            return closed && groups.settled(named).equals(settled)
                    ? Optional.of(new QuiescedGeneration(ends))
                    : Optional.empty();
        }

        /**
         * Takes from every process that has not said that it is paused what it would need to write. One that was a member without
         * having answered would be waited for.
         */
        public void fenceOthers(GenerationRecord generation) throws ExecutionException, InterruptedException {
            boolean optional = !running.contains(generation.number());
            Set<String> standing = new HashSet<>();
            answers(generation, id, optional).forEach(answer -> standing.addAll(answer.transactionalIds()));
            groups.fenceAllBut(named(generation), standing);
        }

        /** Whose lease has run out has gone on, and then its results are not those of the vector. */
        private void requireNotBeyond(Generation named, Map<TopicPartition, Long> committed) {
            Map<TopicPartition, Long> beyond = new HashMap<>();
            Map<TopicPartition, Long> from = new HashMap<>();
            vector.forEach((partition, offset) -> {
                long reached = committed.getOrDefault(partition, 0L);
                if (reached > offset) {
                    from.put(partition, offset);
                    beyond.put(partition, reached);
                }
            });
            if (!markers.only(from, beyond)) {
                // Another command, if there is one, is the reason: deciding anything tells.
                writer.decide(now -> now);
                throw new LifecycleException(
                        ExitCode.PLATFORM,
                        named + ": has not waited for this command any longer, which took too long; try again");
            }
        }

        /** Refuses to go on when a generation has, whose lease ran out meanwhile. */
        public void requireStanding(GenerationRecord generation, QuiescedGeneration where)
                throws ExecutionException, InterruptedException {
            if (!quiesced(generation, where.topics()).equals(where)) {
                throw new LifecycleException(
                        ExitCode.PLATFORM,
                        named(generation)
                                + ": has not waited for this command any longer, which took too long; try again");
            }
        }

        /** Lets one generation go on. */
        public void release(GenerationRecord generation) {
            writer.decide(now -> {
                Cut cut = now.cut();
                return cut == null || !cut.id().equals(id) ? now : now.cut(cut.without(generation.number()));
            });
        }

        /**
         * Lets all go on. Where that cannot be written now, because brokers are away, it is left to the next decision: that of this
         * command, which then fails as well, of another, or of the processes when the lease is over.
         */
        public void release() {
            try {
                CutCoordinator.this.release();
            } catch (KafkaException | IllegalStateException away) {
                progress.step("could not tell " + one.product() + " to go on: " + away.getMessage());
            }
        }
    }

    /**
     * Orders generations to pause at one vector. If that fails, all go on.
     *
     * @param optional those among them that may have no process: they stand where they are. For one of the others is waited
     * @param lease after which they do not wait for this process any more
     * @param afterwards what they do then
     */
    public Held hold(
            List<GenerationRecord> generations, List<GenerationRecord> optional, Duration lease, Afterwards afterwards)
            throws ExecutionException, InterruptedException {
        String id = UUID.randomUUID().toString();
        List<Integer> numbers =
                generations.stream().map(GenerationRecord::number).toList();
        Cut freeze = Cut.freeze(id, numbers, lease, afterwards, clock.instant());
        progress.step("freeze " + names(generations));
        writer.decide(now -> now.cut(freeze));
        try {
            Map<TopicPartition, Long> vector = new HashMap<>();
            List<Integer> running = new ArrayList<>();
            for (GenerationRecord generation : generations) {
                Optional<Map<TopicPartition, Long>> frozen = frozen(generation, id, optional.contains(generation));
                if (frozen.isPresent()) {
                    running.add(generation.number());
                }
                Map<TopicPartition, Long> at = frozen.isPresent() ? frozen.get() : reached(generation);
                at.forEach((partition, offset) -> vector.merge(partition, offset, Math::max));
            }
            progress.step("advance to one vector");
            writer.decide(now -> now.cut(freeze.advance(running, vector)));
            return new Held(id, vector, running);
        } catch (RuntimeException | ExecutionException | InterruptedException failed) {
            releaseAfter(failed);
            throw failed;
        }
    }

    /** Where a generation has frozen, once all of its members have said so; empty when it has none, if it may have none. */
    private Optional<Map<TopicPartition, Long>> frozen(GenerationRecord generation, String id, boolean optional)
            throws ExecutionException, InterruptedException {
        List<Acknowledgement> answers = answers(generation, id, optional);
        if (answers.isEmpty()) {
            return Optional.empty();
        }
        Map<TopicPartition, Long> positions = new HashMap<>();
        answers.forEach(answer ->
                answer.offsets().forEach((partition, offset) -> positions.merge(partition, offset, Math::max)));
        return Optional.of(positions);
    }

    /** What all members of a generation say to a cut, once they do; empty when it has none, if it may have none. */
    private List<Acknowledgement> answers(GenerationRecord generation, String id, boolean optional)
            throws ExecutionException, InterruptedException {
        Generation named = named(generation);
        Set<TopicPartition> inputs =
                TopicEnds.beginnings(admin, generation.inputs()).keySet();
        Instant giveUp = Instant.now().plus(limit);
        while (true) {
            GroupMembers members = GroupMembers.of(admin, named);
            if (optional && members.settled() && members.isEmpty()) {
                return List.of();
            }
            List<Acknowledgement> all = view.acknowledgements(named, id);
            if (!all.isEmpty()) {
                seen = id; // the order stands before what answers it
            }
            List<Acknowledgement> answers = all.stream()
                    .filter(answer -> answer.isOfMember(members.ids()))
                    .toList();
            Set<String> silent = new HashSet<>(members.ids());
            answers.forEach(answer -> answer.members().forEach(silent::remove));
            Set<TopicPartition> held = new HashSet<>();
            answers.forEach(answer -> held.addAll(answer.offsets().keySet()));
            if (members.settled() && silent.isEmpty() && held.containsAll(inputs)) {
                return answers;
            }
            if (Instant.now().isAfter(giveUp)) {
                throw new LifecycleException(
                        ExitCode.PLATFORM,
                        members.isEmpty()
                                ? named + ": no process runs it any more; start one with its build, and try again"
                                : named + ": its processes " + members.whereabouts()
                                        + " did not all pause within " + limit.toSeconds()
                                        + " s; look at their logs, end those that hang, and try again");
            }
            requireMine(id);
            TimeUnit.MILLISECONDS.sleep(GLANCE_MILLIS);
        }
    }

    /** How far a generation without a process has come: the others may not stand before that, or old values would follow newer ones. */
    private Map<TopicPartition, Long> reached(GenerationRecord generation)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> reached = new HashMap<>(groups.committed(named(generation)));
        reached.keySet().removeIf(partition -> !generation.inputs().contains(partition.topic()));
        return reached;
    }

    /** Nobody answers to an order that another command has replaced; deciding anything tells whether one has. */
    private void requireMine(String id) {
        boolean known = view.lifecycle(one.product())
                .map(ProductLifecycle::cut)
                .filter(cut -> cut.id().equals(id))
                .isPresent();
        if (known) {
            seen = id;
        } else if (id.equals(seen)) {
            writer.decide(now -> now);
        }
    }

    /** Lets all go on. That this cannot be decided either is not why the operation failed; the next one that decides lets them go. */
    private void releaseAfter(Exception failed) {
        try {
            release();
        } catch (RuntimeException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    /** Lets all go on. */
    private void release() {
        writer.decide(now -> now.cut(null));
    }

    private Generation named(GenerationRecord record) {
        return new Generation(one.product(), record.number());
    }

    private String names(List<GenerationRecord> generations) {
        return generations.stream().map(this::named).map(Object::toString).collect(Collectors.joining(" and "));
    }

    @Override
    public void close() {
        markers.close();
        view.close();
    }
}
