package io.kappamesh.assignment;

import io.kappamesh.brokers.GroupMembers;
import io.kappamesh.brokers.InputReach;
import io.kappamesh.brokers.Pending;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.build.ProductBuild;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlView;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.control.TakenOverException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.CodeRecord;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.Horizon;
import io.kappamesh.generation.Origin;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.platform.Platform;
import io.kappamesh.provision.ReadyProduct;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ConcurrentTransactionsException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the {@link Assigner} decides: begins a generation, adopts one, or waits until it may be adopted. One thread at a
 * time; {@link #elsewhere()} may be asked by any.
 */
public final class Generations {
    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);
    private static final long TO_READ_SECONDS = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final ReadyProduct ready;
    private final ProductName product;
    private final Selection selection;
    private final Assigner assigner;
    private final Platform platform;
    private final ControlView control;
    private final RetryPolicy retries;
    private final Clock clock;
    private final ServedElsewhere elsewhere;
    private final LostRecordCheck recovered;
    /** The greatest number that was known when this process started. */
    private int known;

    public Generations(
            ReadyProduct ready,
            Selection selection,
            Platform platform,
            ControlView control,
            RetryPolicy retries,
            Clock clock) {
        this.ready = ready;
        this.product = ready.streaming().product().name();
        this.selection = selection;
        this.assigner = new Assigner(
                product,
                ready.build(),
                ready.fingerprint(),
                ready.outputs(),
                selection,
                generation -> Files.isDirectory(platform.settings().stateDir().resolve(generation.applicationId())));
        this.platform = platform;
        this.control = control;
        this.retries = retries;
        this.clock = clock;
        this.elsewhere = new ServedElsewhere(product);
        this.recovered = new LostRecordCheck(ready, platform.admin());
    }

    /** A process that runs one generation of another build may not start yet. */
    private static final class RunElsewhereException extends RetriableException {
        private static final long serialVersionUID = 1L;

        RunElsewhereException(String message) {
            super(message);
        }
    }

    /**
     * What to run at start; not empty.
     *
     * @throws StartupException {@link ExitCode#CONTRACT} when there is nothing that this build can run
     */
    public List<Generation> atStart() throws InterruptedException {
        while (true) {
            ProductLifecycle now = now();
            Assignment next = retries.await(
                    "processes of other builds of " + product,
                    BETWEEN_LOOKS,
                    () -> requireToBeGone(assigner.atStart(now, look(now))));
            known = now.nextNumber() - 1;
            if (next instanceof Assignment.Run run) {
                return run.generations().stream().map(this::named).toList();
            } else if (next instanceof Assignment.Begin begin) {
                begin(begin.role());
            } else if (next instanceof Assignment.Adopt adopt) {
                adopt(adopt.generation());
            } else if (next instanceof Assignment.Refuse refuse) {
                throw new StartupException(ExitCode.CONTRACT, List.of("product " + product + ": " + refuse.why()));
            }
        }
    }

    /** Waits where it has to; comes back with a decision that is of now. */
    private static Assignment requireToBeGone(Assignment next) {
        if (next instanceof Assignment.Await await) {
            throw new RunElsewhereException("g" + await.generation().number() + " is run by processes of build "
                    + await.generation().build() + "; this build goes on with it when the last of them has stopped");
        }
        return next;
    }

    /** What was begun since for processes like this one to run. */
    public List<Generation> begunSince(ProductLifecycle now) {
        return assigner.own(now).stream()
                .filter(one -> !selection.candidate() || one.number() > known)
                .map(this::named)
                .toList();
    }

    /** Why a generation does not run here any more; empty = it does. */
    public Optional<String> isOver(ProductLifecycle now, Generation generation) {
        return now.generation(generation.number()).flatMap(record -> {
            if (record.role() == Role.RETIRED) {
                return Optional.of(generation + " is retired");
            }
            return assigner.isOwn(record)
                    ? Optional.empty()
                    : Optional.of(generation + " is computed by build " + record.build() + " from now on");
        });
    }

    /** The processes that run the serving generation, if it does not run here; see {@link #lookForServing}. */
    public ServedElsewhere elsewhere() {
        return elsewhere;
    }

    /** Looks who is alive; the numbers of the generations whose group has members. */
    Set<Integer> look(ProductLifecycle now) throws ExecutionException, InterruptedException {
        Set<Integer> alive = GroupMembers.alive(
                platform.admin(),
                product,
                now.live().stream().map(GenerationRecord::number).toList());
        if (!selection.candidate()) {
            elsewhere.seen(now, alive);
        }
        return alive;
    }

    /** Checks whether the serving generation is alive, for {@link #elsewhere}. */
    public void lookForServing(ProductLifecycle now) throws ExecutionException, InterruptedException {
        if (selection.candidate()) {
            return; // the serving generation is no concern of a process that was started for candidates
        }
        List<Integer> serving =
                now.serving().stream().map(GenerationRecord::number).toList();
        elsewhere.seen(now, GroupMembers.alive(platform.admin(), product, serving));
    }

    /** Remembers the serving generation that runs here now, so that {@link #elsewhere} misses nothing that served before. */
    public void servesHere(ProductLifecycle now) {
        if (!selection.candidate()) {
            elsewhere.seen(
                    now,
                    now.serving().map(GenerationRecord::number).map(Set::of).orElse(Set.of()));
        }
    }

    private ProductLifecycle now() throws InterruptedException {
        return retries.await("what is decided about " + product, () -> {
            try {
                control.refresh(product).get(TO_READ_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException away) {
                control.unreadable(product).ifPresent(unreadable -> {
                    throw unreadable;
                });
                control.refused(product).ifPresent(refused -> {
                    throw refused;
                });
                throw new org.apache.kafka.common.errors.TimeoutException("the control topic cannot be read", away);
            }
            return control.lifecycle(product).orElse(ProductLifecycle.empty(product));
        });
    }

    /** Begins the next generation, unless somebody else was faster. */
    private void begin(Role role) throws InterruptedException {
        Set<String> inputs = ready.partitions().keySet();
        Pending<Map<TopicPartition, Long>> ends = Pending.start(
                product + "-ends",
                () -> retries.await(
                        "the brokers, to tell how long the history is",
                        () -> TopicEnds.committed(platform.admin(), inputs)));
        Pending<Origin> beginnings = Pending.start(
                product + "-beginnings",
                () -> retries.await(
                        "the brokers, to report where the history begins",
                        () -> TopicEnds.origin(platform.admin(), inputs)));
        Pending<ProductLifecycle> decided = Pending.start(product + "-decided", this::now);
        CodeRecord code =
                ProductBuild.of(ready.streaming(), platform.settings()).code();
        Map<TopicPartition, Long> goal = ends.answer();
        Origin origin = beginnings.answer();
        ProductLifecycle seen = decided.answer();
        Horizon horizon = retries.await(
                "the brokers, to tell how far back inputs reach",
                () -> InputReach.horizon(
                        platform.admin(),
                        seen,
                        origin,
                        ready.lookBacks(),
                        platform.settings().historyRequired(),
                        clock.instant()));
        decide("to begin a generation", before -> {
            if (!assigner.atStart(before, Set.of()).equals(new Assignment.Begin(role))) {
                return before;
            }
            if (before.nextNumber() == 1) {
                recovered.requireNoTraces();
            }
            LOG.info("Beginning {}.g{} as {}", product, before.nextNumber(), role);
            return before.with(ofThisBuild(before.nextNumber(), role, goal)
                    .from(origin)
                    .madeOf(code)
                    .within(horizon));
        });
    }

    private GenerationRecord ofThisBuild(int number, Role role, Map<TopicPartition, Long> goal) {
        return GenerationRecord.begun(
                number,
                role,
                Computation.of(
                        ready.build(),
                        ready.fingerprint(),
                        ready.streaming().product().exemptions()),
                new PortTopics(List.copyOf(ready.partitions().keySet()), ready.outputs()),
                History.upTo(goal, clock.instant().toString()));
    }

    /** Goes on with what another build computed, unless somebody has come meanwhile. */
    private void adopt(GenerationRecord seen) throws InterruptedException {
        CodeRecord code =
                ProductBuild.of(ready.streaming(), platform.settings()).code();
        decide("to go on with " + named(seen), before -> {
            boolean asSeen = before.generation(seen.number())
                    .filter(one -> one.role() != Role.RETIRED && one.build().equals(seen.build()))
                    .isPresent();
            if (!asSeen || isAlive(seen)) {
                return before;
            }
            if (!seen.identified()) {
                recovered.requireFits(named(seen));
                LOG.warn("{} was recovered; build {} goes on with its state", named(seen), ready.build());
                return before.identified(seen.number(), ofThisBuild(seen.number(), seen.role(), Map.of()))
                        .change(seen.number(), one -> one.madeOf(code));
            }
            LOG.warn(
                    "{} was computed by build {} so far; build {} goes on with its state. What it computes differently"
                            + " holds from now on only; `replay {}` recomputes the history",
                    named(seen),
                    seen.build(),
                    ready.build(),
                    product);
            return before.adopted(seen.number(), ready.build(), clock.instant().toString())
                    .change(seen.number(), one -> one.madeOf(code).publishing(ready.outputs()));
        });
    }

    private boolean isAlive(GenerationRecord generation) {
        try {
            return GroupMembers.alive(platform.admin(), product, Set.of(generation.number()))
                    .contains(generation.number());
        } catch (ExecutionException unknown) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "whether " + named(generation) + " runs is not known", unknown);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new org.apache.kafka.common.errors.InterruptException(stop);
        }
    }

    /** @param decision returns what it is given where there is nothing to decide */
    private void decide(String what, UnaryOperator<ProductLifecycle> decision) throws InterruptedException {
        retries.await("the brokers, " + what, () -> {
            try (ControlWriter writer =
                    ControlWriter.take(product, platform.settings().client())) {
                ProductLifecycle before = writer.current();
                ProductLifecycle after = decision.apply(before);
                return after.equals(before) ? before : writer.decide(now -> after);
            } catch (TakenOverException somebodyElse) {
                throw new ConcurrentTransactionsException("another process decides at this moment");
            }
        });
    }

    private Generation named(GenerationRecord record) {
        return new Generation(product, record.number());
    }
}
