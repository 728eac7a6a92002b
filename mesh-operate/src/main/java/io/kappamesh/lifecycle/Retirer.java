package io.kappamesh.lifecycle;

import io.kappamesh.brokers.AdminCall;
import io.kappamesh.brokers.GroupMembers;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.cut.GenerationGroups;
import io.kappamesh.cut.GenerationTopics;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.plan.Planner;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.Attempt;
import io.kappamesh.status.ProductRecords;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Ends generations for good. Every step can be done again: whatever is interrupted is finished by the same command.
 *
 * <p>What is deleted belongs to that one generation: its shadow topics, its internal topics, its consumer group. Its transactional ids
 * are fenced, so that a process that was only asleep writes no more; Kafka cannot delete them, and forgets them after {@code
 * transactional.id.expiration.ms} (a week) on its own.
 */
final class Retirer {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final Duration BETWEEN_SHORT_LOOKS = Duration.ofMillis(50);
    private static final int LOOKS_AT_WHAT_IS_GONE = 200;

    private final Admin admin;
    private final Settings settings;
    private final ProductRecords domains;
    private final GenerationGroups groups;
    private final Duration toStop;
    private final Clock clock = Clock.systemUTC();

    /** @param toStop for how long processes that run the generation are waited for: longer than Kafka takes to notice that one died */
    Retirer(Admin admin, Settings settings, Duration toStop) {
        this.admin = admin;
        this.settings = settings;
        this.domains = new ProductRecords(admin, settings);
        this.groups = new GenerationGroups(admin);
        this.toStop = toStop;
    }

    /**
     * Ends a generation and deletes what it owned.
     *
     * @throws LifecycleException {@link ExitCode#CONFIGURATION} when it serves, does not exist, or a cut holds it; {@link
     *     ExitCode#PLATFORM} when processes went on running it
     */
    void retire(Generation generation, Progress progress) {
        finish(generation, Attempt.at("retire " + generation, () -> marked(generation, progress)), progress);
    }

    private void finish(Generation generation, GenerationRecord record, Progress progress) {
        long began = System.nanoTime();
        boolean isGone = false;
        while (!isGone) {
            Attempt.at(
                    "retire " + generation + ": waiting for its processes",
                    () -> awaitStopped(generation, began, progress));
            Attempt.at("retire " + generation + ": fencing its producers", () -> fence(generation, progress));
            Attempt.at(
                    "retire " + generation + ": deleting its topics", () -> deleteTopics(generation, record, progress));
            isGone = Attempt.at(
                    "retire " + generation + ": deleting its consumer group",
                    () -> deleteGroup(generation, began, progress) && isLeftAlone(generation, record, began, progress));
        }
        progress.step(generation + ": it is gone");
    }

    /**
     * Ends an order to pause, left behind by a command that died. No generation is touched. A command that is still at work is
     * displaced, and says so.
     */
    void release(ProductName product, Progress progress) {
        Attempt.at("release " + product, () -> {
            Cut left = domains.of(product).cut();
            try (ControlWriter writer = ControlWriter.take(product, settings.client())) {
                tellReleased(product, left, progress);
                return writer;
            }
        });
    }

    /** Whoever takes the decisions upon himself ends an order to pause by that. */
    private static void tellReleased(ProductName product, @Nullable Cut left, Progress progress) {
        progress.step("product " + product + ": "
                + (left == null
                        ? "nobody was paused"
                        : "generations " + left.generations() + " go on; nobody is paused any more"));
    }

    /**
     * Gives up the replay that is under way: ends an order to pause, and retires the newest candidate, if it never served. What
     * served before stays, so that it can be promoted again.
     */
    void abort(ProductName product, Progress progress) {
        Optional<GenerationRecord> underWay = Attempt.at("abort " + product, () -> takenBack(product, progress));
        if (underWay.isEmpty()) {
            progress.step("product " + product + ": no candidate is under way");
            return;
        }
        finish(new Generation(product, underWay.get().number()), underWay.get(), progress);
    }

    /** In one decision, so that nobody goes on with what is retired. */
    private Optional<GenerationRecord> takenBack(ProductName product, Progress progress)
            throws ExecutionException, InterruptedException {
        Cut left = domains.of(product).cut();
        try (ControlWriter writer = ControlWriter.take(product, settings.client())) {
            if (left != null) {
                tellReleased(product, left, progress);
            }
            Optional<GenerationRecord> underWay = Planner.underWay(writer.current());
            underWay.ifPresent(one -> {
                writer.decide(now -> now.change(one.number(), candidate -> candidate.as(Role.RETIRED)));
                tellMarked(new Generation(product, one.number()), progress);
            });
            return underWay;
        }
    }

    private static void tellMarked(Generation generation, Progress progress) {
        progress.step(generation + ": marked as retired; its processes stop it and delete its local state");
    }

    private GenerationRecord marked(Generation generation, Progress progress)
            throws ExecutionException, InterruptedException {
        GenerationRecord known = requireRetirable(generation, domains.of(generation.product()));
        if (known.role() == Role.RETIRED) {
            return known;
        }
        try (ControlWriter writer = ControlWriter.take(generation.product(), settings.client())) {
            GenerationRecord record = requireRetirable(generation, writer.current());
            writer.decide(now -> now.change(generation.number(), one -> one.as(Role.RETIRED)));
            tellMarked(generation, progress);
            return record;
        }
    }

    private GenerationRecord requireRetirable(Generation generation, ProductLifecycle lifecycle) {
        GenerationRecord record = lifecycle
                .generation(generation.number())
                .orElseThrow(() -> new LifecycleException(
                        ExitCode.CONFIGURATION,
                        "retire " + generation
                                + (lifecycle.role(generation.number()).isPresent()
                                        ? ": was retired long ago; there are "
                                        : ": there is no such generation; there are ")
                                + lifecycle.generations().stream()
                                        .map(one -> "g" + one.number() + " " + one.role())
                                        .toList()));
        if (record.role() == Role.SERVING) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION, "retire " + generation + ": it serves; promote another generation first");
        }
        Cut cut = lifecycle.cut();
        if (cut != null && cut.concerns(generation.number()) && !cut.isOver(clock.instant())) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    "retire " + generation
                            + ": another command pauses it; wait until that is done, or, if it died, run `release "
                            + generation.product() + "`");
        }
        return record;
    }

    private Void awaitStopped(Generation generation, long began, Progress progress)
            throws ExecutionException, InterruptedException {
        int most = 0;
        while (true) {
            int running = GroupMembers.of(admin, generation).ids().size();
            most = Math.max(most, running);
            progress.progress(most - running, most);
            if (running == 0) {
                progress.step(generation + ": no process runs it");
                return null;
            }
            if (isOverdue(began)) {
                throw stillRun(
                        generation,
                        GroupMembers.of(admin, generation).whereabouts().toString());
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    private boolean isOverdue(long began) {
        return System.nanoTime() - began > toStop.toNanos();
    }

    private LifecycleException stillRun(Generation generation, String by) {
        return new LifecycleException(
                ExitCode.PLATFORM,
                "retire " + generation + ": after " + toStop.toSeconds() + " s it is still run by " + by
                        + ". It is marked as retired, and deleted once no process runs it. See why these processes do not follow"
                        + " the control topic, stop them, and run `retire " + generation + "` again");
    }

    private Void fence(Generation generation, Progress progress) throws ExecutionException, InterruptedException {
        List<String> ids = groups.transactionalIds(generation);
        if (!ids.isEmpty()) {
            AdminCall.ask(() -> admin.fenceProducers(ids).all());
            progress.step(generation + ": fenced " + ids.size() + " transactional ids");
        }
        return null;
    }

    private Void deleteTopics(Generation generation, GenerationRecord record, Progress progress)
            throws ExecutionException, InterruptedException {
        List<String> topics = topicsOf(generation, record);
        int done = 0;
        for (String topic : topics) {
            try {
                TopicAdmin.delete(admin, topic);
            } catch (ExecutionException failed) {
                if (!(failed.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw failed;
                }
            }
            progress.progress(++done, topics.size());
        }
        awaitGone(topics);
        progress.step(generation + ": deleted " + topics.size() + " topics " + topics);
        return null;
    }

    /** Those that are there now, and belong to it alone. */
    private List<String> topicsOf(Generation generation, GenerationRecord record)
            throws ExecutionException, InterruptedException {
        Set<String> existing = AdminCall.ask(() -> admin.listTopics().names());
        List<String> topics = new ArrayList<>(GenerationTopics.shadows(generation, record, existing));
        topics.addAll(GenerationTopics.internal(generation, existing));
        return topics;
    }

    /** A moment: brokers hear of it one after the other. */
    private void awaitGone(List<String> topics) throws ExecutionException, InterruptedException {
        for (int looks = 0; looks < LOOKS_AT_WHAT_IS_GONE; looks++) {
            if (AdminCall.ask(() -> admin.listTopics().names()).stream().noneMatch(topics::contains)) {
                return;
            }
            Thread.sleep(BETWEEN_SHORT_LOOKS.toMillis());
        }
    }

    /** Whether the group is gone: a process that was starting the generation when it was marked joins for a moment. */
    private boolean deleteGroup(Generation generation, long began, Progress progress)
            throws ExecutionException, InterruptedException {
        String group = generation.applicationId();
        try {
            unless(
                    GroupIdNotFoundException.class,
                    () -> admin.deleteConsumerGroups(List.of(group)).all());
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof GroupNotEmptyException)) {
                throw failed;
            }
            if (isOverdue(began)) {
                throw stillRun(generation, "a process that joins again and again");
            }
            progress.step(generation + ": a process that was starting it has joined meanwhile");
            // Brokers count who has just left for some seconds.
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            return false;
        }
        progress.step(generation + ": deleted its consumer group");
        return true;
    }

    /**
     * Whether nobody has made topics again: a process that was starting the generation when it was marked, and had not joined its group yet,
     * could not be seen before. It stops once it has read the mark; where that takes longer than this, topics stay until the command is given again.
     */
    private boolean isLeftAlone(Generation generation, GenerationRecord record, long began, Progress progress)
            throws ExecutionException, InterruptedException {
        Thread.sleep(BETWEEN_LOOKS.toMillis());
        List<String> again = topicsOf(generation, record);
        if (again.isEmpty()) {
            return true;
        }
        if (isOverdue(began)) {
            throw new LifecycleException(
                    ExitCode.PLATFORM,
                    "retire " + generation + ": its topics " + again
                            + " come again whenever they are deleted. Brokers with"
                            + " auto.create.topics.enable=true make them for whoever still reads them: end what does, and run"
                            + " `retire " + generation + "` again");
        }
        progress.step(generation + ": topics were made again: " + again);
        return false;
    }

    /** What is gone already need not be deleted. */
    private static void unless(Class<? extends Exception> gone, AdminCall.Question<Void> deleting)
            throws ExecutionException, InterruptedException {
        try {
            AdminCall.ask(deleting);
        } catch (ExecutionException failed) {
            if (!gone.isInstance(failed.getCause())) {
                throw failed;
            }
        }
    }
}
