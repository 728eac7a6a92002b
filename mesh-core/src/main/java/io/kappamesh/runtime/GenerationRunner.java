package io.kappamesh.runtime;

import io.kappamesh.brokers.Pending;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.brokers.ShadowTopics;
import io.kappamesh.catalog.RunningGeneration;
import io.kappamesh.control.ControlView;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.gate.CutGate;
import io.kappamesh.gate.GenerationClients;
import io.kappamesh.gate.LivePacing;
import io.kappamesh.gate.SchemaGate;
import io.kappamesh.gate.Throttle;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Origin;
import io.kappamesh.generation.Role;
import io.kappamesh.inputs.InputHistory;
import io.kappamesh.inputs.InputProgress;
import io.kappamesh.inputs.InputWatch;
import io.kappamesh.inputs.MissedDeletions;
import io.kappamesh.inputs.OffsetCheckpoints;
import io.kappamesh.inputs.StartPositions;
import io.kappamesh.inputs.UncommittedRecords;
import io.kappamesh.intake.RecordLimit;
import io.kappamesh.level.Counts;
import io.kappamesh.observe.ObservedRecords;
import io.kappamesh.observe.ProductMetrics;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.platform.Platform;
import io.kappamesh.provision.ReadyProduct;
import io.kappamesh.provision.StartupChecks;
import io.kappamesh.settings.Settings;
import io.kappamesh.streams.Ending;
import io.kappamesh.streams.ObservedStreams;
import io.kappamesh.streams.StreamsConfiguration;
import io.kappamesh.streams.StreamsSupervisor;
import io.kappamesh.topology.AssembledProduct;
import io.kappamesh.topology.Assembly;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one generation of a product whose ports are ready, from its start to its end. It waits for brokers on a thread of its own, so that no
 * other generation waits with it. Thread-safe.
 */
final class GenerationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationRunner.class);

    private static final Duration TO_ABANDON = Duration.ofSeconds(6);
    private static final Duration TO_CHECKPOINT = Duration.ofSeconds(4);
    private static final double MILLIS_PER_SECOND = 1000.0;
    /** The longest time that a stop takes after the open transaction was committed or abandoned. */
    static final Duration TO_END = TO_ABANDON.plus(TO_CHECKPOINT);

    private final ReadyProduct ready;
    private final Platform platform;
    private final ControlView control;
    private final Generation generation;
    private final RetryPolicy retries;
    private final InputProgress progress;
    private final ProductMetrics metrics;
    private final SchemaGate schemas;
    private final CutGate cuts;
    private final LivePacing pacing;
    private final GenerationClients clients;
    private final UncommittedRecords uncommitted = new UncommittedRecords();
    private final OffsetCheckpoints checkpoints;
    private final InputHistory history;
    private final MissedDeletions deletions;
    private final InputWatch watch;
    private final Thread starter;
    private final StreamsSupervisor supervisor;
    private final Clock clock = Clock.systemUTC();
    private final Instant startedAt = clock.instant();
    private @Nullable KafkaStreams streams;
    private @Nullable KafkaStreamsMetrics streamsMetrics;
    private boolean stopped;
    private volatile String process = "";

    /**
     * @param ended called once, on another thread, when the generation cannot continue
     */
    GenerationRunner(
            ReadyProduct ready,
            Generation generation,
            Platform platform,
            ControlView control,
            BiConsumer<GenerationRunner, Ending> ended) {
        this.ready = ready;
        this.platform = platform;
        this.control = control;
        this.generation = generation;
        Settings settings = platform.settings();
        Set<String> inputs = ready.partitions().keySet();
        this.retries = RetryPolicy.of(settings.platformTimeout());
        this.metrics = new ProductMetrics(generation, platform.meters(), clock);
        this.progress = new InputProgress(inputs, settings.replayLagRecords(), uncommitted, metrics, System::nanoTime);
        this.pacing = new LivePacing(
                settings.commitIntervalLive(),
                settings.commitIntervalReplay(),
                () -> progress.isLive() || isPauseOrdered(),
                System::nanoTime);
        this.supervisor = new StreamsSupervisor(
                generation,
                progress,
                settings.platformTimeout(),
                inputs,
                uncommitted,
                pacing::lasts,
                this::changedInputs,
                ending -> {
                    noteFailure(ending);
                    ended.accept(this, ending);
                });
        metrics.troubled(supervisor::troubled);
        this.schemas = new SchemaGate(
                generation.toString(),
                platform.registry(),
                RetryPolicy.of(settings.platformTimeout()),
                new SchemaGate.Claims(ready.inputsWithSchemaIds(), ready.inputsWithSchemaIdsInKeys()),
                supervisor::gaveUp);
        this.cuts = new CutGate(
                generation,
                ready.build(),
                () -> control.refresh(generation.product()),
                control::acknowledge,
                new Throttle(settings.candidateRecordsPerSecond(), System::nanoTime),
                System::nanoTime);
        metrics.watchRules(ready.streaming().product());
        metrics.measure(
                ready.streaming().product().outputs(),
                () -> cuts.role().filter(role -> role == Role.SERVING).isPresent());
        this.checkpoints = new OffsetCheckpoints(generation, platform.admin(), settings.client(), control);
        this.history = new InputHistory(generation, origin(), inputs, cuts::role, platform.admin());
        metrics.watchPlacement(ready.partitionsReadInPlace().keySet());
        this.clients = new GenerationClients(
                generation,
                inputs,
                schemas,
                cuts,
                progress,
                uncommitted,
                history,
                ready.partitionsReadInPlace(),
                metrics::misplaced,
                pacing,
                known -> process = known);
        this.deletions = new MissedDeletions(generation, platform.admin(), control, progress, uncommitted, clock);
        this.watch = new InputWatch(generation, this::inputProblems, supervisor::gaveUp);
        this.starter = new Thread(
                () -> StartupStep.attempt(generation.toString(), this::runUp, supervisor::gaveUp),
                generation + "-starter");
    }

    /** For {@code status}. If another process has taken over the generation, it did not fail: it runs there. */
    private void noteFailure(Ending ending) {
        if (!supervisor.isDisplaced()) {
            control.report(Failure.of(
                    generation, process, clock.instant(), ending.code().number(), ending.problems()));
        }
    }

    /** Whether an operator has ordered a pause at a cut, for which everything has to be committed soon. */
    private boolean isPauseOrdered() {
        return cuts.order() != null;
    }

    /** Known by now: the control topic has a record of each generation that is run. */
    private @Nullable Origin origin() {
        return control.lifecycle(generation.product())
                .flatMap(lifecycle -> lifecycle.generation(generation.number()))
                .map(one -> one.history().origin())
                .orElse(null);
    }

    /** What has happened to the inputs while the generation runs, and makes its results wrong. */
    private List<String> inputProblems() throws ExecutionException, InterruptedException {
        deletions.update();
        List<String> problems = history.problems();
        return problems.isEmpty() ? history.remedied(deletions.overdue()) : problems;
    }

    private List<String> changedInputs() {
        try {
            return history.problems();
        } catch (ExecutionException | KafkaException away) {
            LOG.debug("{}: the brokers do not answer about its inputs", generation, away);
            return List.of();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    Generation generation() {
        return generation;
    }

    /** See {@link CutGate#abandoned}. */
    @Nullable
    Cut abandonedCut() {
        return cuts.abandoned();
    }

    void start() {
        starter.start();
    }

    private void runUp() throws InterruptedException {
        control.onChange(generation.product(), cuts);
        if (cuts.role().filter(role -> role == Role.SERVING).isEmpty()) {
            retries.await("the brokers, to create shadow topics", () -> {
                requireNotRetired();
                ShadowTopics.ensure(platform.admin(), generation, ready.publicTopics());
                return generation;
            });
        }
        Settings settings = platform.settings();
        Set<String> inputs = ready.partitions().keySet();
        Pending<Map<String, Duration>> kept =
                ask("kept", "the brokers, to describe the inputs", () -> deletions.look(inputs));
        Pending<List<String>> changed = ask("changed", "the brokers, to describe the inputs", history::changed);
        Map<String, Object> config =
                StreamsConfiguration.of(generation, ready.streaming().product(), platform);
        AssembledProduct assembled = Assembly.assemble(
                ready.streaming(),
                config,
                ready.codecs(),
                cuts,
                ObservedRecords.of(metrics, platform.observations(), generation),
                pacing);
        StartupChecks checks = new StartupChecks(platform.admin(), retries, clock, settings.historyRequired());
        require(changed);
        // The questions below see the positions that this restores. It restores none for inputs that were replaced.
        checkpoints.restore(retries, origin());
        kept.answer();
        Pending<List<String>> lost =
                ask("lost", "the brokers, to report the positions of " + generation, history::lost);
        Pending<List<String>> missed =
                ask("missed", "the brokers, to report what was deleted", () -> history.remedied(deletions.missed()));
        Pending<StartPositions> starts = Pending.start(
                generation + "-starts", () -> StartPositions.of(platform.admin(), retries, generation, inputs));
        require(lost);
        require(missed);
        StartPositions positions = starts.answer();
        progress.begin(positions.starts(), positions.ends());
        if (assembled.hasState()) {
            pacing.stateful();
        }
        requireNotRetired();
        LOG.info("Starting {} with {} records of history", generation, positions.outstanding());
        run(assembled.topology(), config);
        supervisor.awaitRunning();
        checks.checkPurging(generation.applicationId());
        checks.checkInternalTopics(
                generation.applicationId(),
                checks.ageOf(inputs),
                RecordLimit.of(ready.streaming().product()));
    }

    /** Whoever retired it deletes its topics, and a start that went on would create them again. */
    private void requireNotRetired() throws InterruptedException {
        if (cuts.role().filter(role -> role == Role.RETIRED).isPresent()) {
            throw new InterruptedException(generation + " was retired before it ran");
        }
    }

    private <T> Pending<T> ask(String thread, String what, Callable<T> question) {
        return Pending.start(generation + "-" + thread, () -> retries.await(what, question));
    }

    /** Whoever retired it deleted its positions too, which would be a problem otherwise. */
    private void require(Pending<List<String>> problems) throws InterruptedException {
        List<String> found = problems.answer();
        requireNotRetired();
        StartupException.throwIfAny(ExitCode.CONTRACT, found);
    }

    private synchronized void run(Topology topology, Map<String, Object> config) {
        if (stopped) {
            return;
        }
        platform.state().take(generation, StreamsConfiguration.hasTransactionalStores(config));
        Properties properties = new Properties();
        properties.putAll(config);
        KafkaStreams running = new ObservedStreams(topology, properties, clients);
        running.setUncaughtExceptionHandler(supervisor::threadDied);
        running.setStateListener(supervisor);
        running.setGlobalStateRestoreListener(supervisor.restoration());
        streams = running;
        streamsMetrics = new KafkaStreamsMetrics(running, ProductMetrics.tags(generation));
        streamsMetrics.bindTo(platform.meters());
        running.start();
        watch.start();
        platform.ends().follow(progress);
    }

    /**
     * Commits the open transaction, leaves the group at once, and lets other instances take over. If the commit takes too long, the transaction
     * is abandoned together with its state; committed state stays. Idempotent.
     *
     * @param toCommit how long the commit may take; the whole stop takes up to {@link #TO_END} longer
     * @return whether all threads ended
     */
    boolean stop(Duration toCommit) {
        control.forget(cuts);
        retries.stop();
        watch.close();
        boolean clean;
        synchronized (this) {
            stopped = true;
            platform.ends().forget(progress);
            supervisor.stopping();
            clean = streams == null || ended(streams, toCommit);
            if (clean || cuts.isQuiet()) {
                platform.state().giveBack(generation);
            }
            if (streamsMetrics != null) {
                streamsMetrics.close();
                streamsMetrics = null;
                deletions.report();
                if (clean) {
                    checkpoint();
                }
            }
        }
        schemas.close();
        metrics.remove();
        supervisor.stopped();
        return clean;
    }

    /** A thread closes its consumers only after its tasks, so that abandoning the consumers does no harm to state. */
    private boolean ended(KafkaStreams running, Duration toCommit) {
        CloseOptions leaving = CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
        if (running.close(leaving.withTimeout(toCommit))) {
            return true;
        }
        LOG.warn("{}: could not commit within {}; abandons its open transaction", generation, toCommit);
        clients.abandon();
        return running.close(leaving.withTimeout(TO_ABANDON));
    }

    /** Writes the offset checkpoint; does not wait for brokers that do not answer. */
    private void checkpoint() {
        Thread writer = new Thread(checkpoints::write, generation + "-checkpoint");
        writer.setDaemon(true);
        writer.start();
        try {
            writer.join(TO_CHECKPOINT.toMillis());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** As in an operator's {@code status}, a generation that works is paused while an order to pause holds. */
    private ProductState state() {
        ProductState state = supervisor.state();
        boolean works = state == ProductState.LIVE || state == ProductState.REPLAYING;
        return works && cuts.order() != null ? ProductState.PAUSED : state;
    }

    /** What was counted of levels of service, by a name that nobody else has; empty = nothing. */
    Map<String, Counts> counts() {
        metrics.tick();
        return metrics.counts();
    }

    /** Whether it has to be told what was counted until now. */
    boolean asksForCounts() {
        return metrics.asksForCounts();
    }

    /** Takes what was counted until now, by whomever. */
    void counted(Map<String, Counts> all) {
        metrics.counted(all);
    }

    /** What the catalogue publishes about this generation. */
    RunningGeneration published(@Nullable String build) {
        return new RunningGeneration(
                generation.number(),
                cuts.role().map(Role::name).orElse(null),
                state().name(),
                build,
                new RunningGeneration.Figures(
                        metrics.behind()
                                .map(behind -> behind.toMillis() / MILLIS_PER_SECOND)
                                .orElse(null),
                        metrics.newestEventTime().map(Instant::toString).orElse(null),
                        metrics.recordsIn(),
                        metrics.recordsOut(),
                        metrics.deadLetters(),
                        metrics.brokenRules().entrySet().stream()
                                .map(one -> new RunningGeneration.BrokenRule(
                                        one.getKey().port(), one.getKey().name(), one.getValue()))
                                .toList()),
                metrics.inputs().stream()
                        .map(input -> new RunningGeneration.Input(
                                input.topic(),
                                input.lagRecords(),
                                input.ratePerSecond(),
                                input.lastReadAt().map(Instant::toString).orElse(null)))
                        .toList());
    }

    ProductStatus status() {
        ProductState state = state();
        return new ProductStatus(
                generation.product(),
                Optional.of(generation),
                cuts.role(),
                state,
                retries.waitingFor().or(schemas::waitingFor).or(supervisor::waitingFor),
                // The reason is there before the state.
                state == ProductState.FAILED ? supervisor.failure() : Optional.empty(),
                metrics.recordsIn(),
                metrics.recordsOut(),
                metrics.deadLetters(),
                metrics.lagRecords(),
                metrics.behind(),
                metrics.replay(),
                startedAt,
                ready.streaming().product().exemptions());
    }
}
