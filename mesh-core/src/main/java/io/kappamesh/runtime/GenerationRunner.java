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
import io.kappamesh.inputs.InputEnds;
import io.kappamesh.inputs.InputHistory;
import io.kappamesh.inputs.InputProgress;
import io.kappamesh.inputs.InputWatch;
import io.kappamesh.inputs.MissedDeletions;
import io.kappamesh.inputs.OffsetCheckpoints;
import io.kappamesh.inputs.StartPositions;
import io.kappamesh.inputs.UncommittedRecords;
import io.kappamesh.intake.RecordLimit;
import io.kappamesh.observe.ObservedRecords;
import io.kappamesh.observe.ProductMetrics;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.platform.Platform;
import io.kappamesh.provision.ReadyProduct;
import io.kappamesh.provision.StartupChecks;
import io.kappamesh.settings.Settings;
import io.kappamesh.streams.Ending;
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
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one generation of a product whose ports are ready, and ends it. A starter thread of its own does the waiting. Thread-safe.
 */
final class GenerationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationRunner.class);

    private static final Duration TO_LET_GO = Duration.ofSeconds(6);
    private static final Duration TO_SETTLE = Duration.ofSeconds(4);
    private static final double MILLIS_PER_SECOND = 1000.0;
    /** What a stop takes at most after what is in hand was committed, or given up. */
    static final Duration TO_END = TO_LET_GO.plus(TO_SETTLE);

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
    private final InputEnds ends;
    private final Thread starter;
    private final StreamsSupervisor supervisor;
    private final Clock clock = Clock.systemUTC();
    private final Instant startedAt = clock.instant();
    private @Nullable KafkaStreams streams;
    private @Nullable KafkaStreamsMetrics streamsMetrics;
    private boolean stopped;
    private volatile String process = "";

    /** @param ended is told, once and on another thread, when the generation cannot go on */
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
                () -> progress.isLive() || isOrdered(),
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
        this.ends = new InputEnds(generation, platform.admin(), progress);
        this.watch = new InputWatch(generation, this::looked, supervisor::gaveUp);
        this.starter = new Thread(
                () -> StartupStep.attempt(generation.toString(), this::runUp, supervisor::gaveUp),
                generation + "-starter");
    }

    /** For `status`. Where another process has taken this one's place the generation did not fail: it runs there. */
    private void noteFailure(Ending ending) {
        if (!supervisor.isDisplaced()) {
            control.fails(Failure.of(
                    generation, process, clock.instant(), ending.code().number(), ending.problems()));
        }
    }

    /** Whether it is to come to a rest, for which everything has to be committed soon. */
    private boolean isOrdered() {
        return cuts.order() != null;
    }

    /** Known by now: a generation is run because it stands in the control topic. */
    private @Nullable Origin origin() {
        return control.lifecycle(generation.product())
                .flatMap(lifecycle -> lifecycle.generation(generation.number()))
                .map(one -> one.history().origin())
                .orElse(null);
    }

    /** What has come of the inputs while it runs. */
    private List<String> looked() throws ExecutionException, InterruptedException {
        deletions.note();
        List<String> problems = history.problems();
        return problems.isEmpty() ? history.remedied(deletions.overdue()) : problems;
    }

    private List<String> changedInputs() {
        try {
            return history.problems();
        } catch (ExecutionException | KafkaException away) {
            LOG.debug("{}: cannot ask about its inputs", generation, away);
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
        // What is asked after this sees the positions that it puts back, and it puts none back for inputs that were
        // replaced.
        checkpoints.wake(retries, origin());
        kept.answer();
        Pending<List<String>> lost = ask("lost", "the brokers, to tell where " + generation + " stands", history::lost);
        Pending<List<String>> missed =
                ask("missed", "the brokers, to tell what was deleted", () -> history.remedied(deletions.missed()));
        Pending<StartPositions> starts = Pending.start(
                generation + "-starts", () -> StartPositions.of(platform.admin(), retries, generation, inputs));
        require(lost);
        require(missed);
        StartPositions positions = starts.answer();
        progress.begin(positions.starts(), positions.ends());
        LOG.info("Starting {} with {} records of history", generation, positions.outstanding());
        run(assembled.topology(), config);
        supervisor.awaitRunning();
        checks.checkPurging(generation.applicationId());
        checks.checkInternalTopics(
                generation.applicationId(),
                checks.ageOf(inputs),
                RecordLimit.of(ready.streaming().product()));
    }

    private <T> Pending<T> ask(String thread, String what, Callable<T> question) {
        return Pending.start(generation + "-" + thread, () -> retries.await(what, question));
    }

    private static void require(Pending<List<String>> problems) throws InterruptedException {
        StartupException.throwIfAny(ExitCode.CONTRACT, problems.answer());
    }

    private synchronized void run(Topology topology, Map<String, Object> config) {
        if (stopped) {
            return;
        }
        platform.state().take(generation, StreamsConfiguration.hasTransactionalStores(config));
        Properties properties = new Properties();
        properties.putAll(config);
        KafkaStreams running = new KafkaStreams(topology, new StreamsConfig(properties), clients);
        running.setUncaughtExceptionHandler(supervisor::threadDied);
        running.setStateListener(supervisor);
        running.setGlobalStateRestoreListener(supervisor.restoration());
        streams = running;
        streamsMetrics = new KafkaStreamsMetrics(running, ProductMetrics.tags(generation));
        streamsMetrics.bindTo(platform.meters());
        running.start();
        watch.start();
        ends.start();
    }

    /**
     * Leaves the group at once and lets other instances take over. What cannot be committed within the time is given up, and the state
     * that belongs to it; the state of whatever is committed stays. Idempotent; true if all threads ended.
     *
     * @param toCommit how long what is in hand may take; all of it takes {@link #TO_END} more at most
     */
    boolean stop(Duration toCommit) {
        control.forget(cuts);
        retries.stop();
        watch.close();
        ends.close();
        boolean clean;
        synchronized (this) {
            stopped = true;
            supervisor.stopping();
            clean = streams == null || ended(streams, toCommit);
            if (clean || cuts.isQuiet()) {
                platform.state().giveBack(generation);
            }
            if (streamsMetrics != null) {
                streamsMetrics.close();
                streamsMetrics = null;
                deletions.say();
                if (clean) {
                    settle();
                }
            }
        }
        schemas.close();
        metrics.remove();
        supervisor.stopped();
        return clean;
    }

    /** A thread closes its consumers when its tasks are closed, so that what is left to it then is no matter of state. */
    private boolean ended(KafkaStreams running, Duration toCommit) {
        CloseOptions leaving = CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP);
        if (running.close(leaving.withTimeout(toCommit))) {
            return true;
        }
        LOG.warn("{}: could not commit within {}; gives up what it has in hand", generation, toCommit);
        clients.abandon();
        return running.close(leaving.withTimeout(TO_LET_GO));
    }

    /** Brokers that are away are not waited for. */
    private void settle() {
        Thread settler = new Thread(checkpoints::settle, generation + "-settler");
        settler.setDaemon(true);
        settler.start();
        try {
            settler.join(TO_SETTLE.toMillis());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** As an operator's status has it, whoever works is paused by an order that holds. */
    private ProductState state() {
        ProductState state = supervisor.state();
        boolean works = state == ProductState.LIVE || state == ProductState.REPLAYING;
        return works && cuts.order() != null ? ProductState.PAUSED : state;
    }

    /** What the catalogue is told of it. */
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
                        metrics.deadLetters()),
                metrics.inputs().stream()
                        .map(input -> new RunningGeneration.Input(
                                input.topic(),
                                input.lagRecords(),
                                input.ratePerSecond(),
                                input.lastReadAt().map(Instant::toString).orElse(null)))
                        .toList());
    }

    ProductStatus status() {
        return new ProductStatus(
                generation.product(),
                Optional.of(generation),
                cuts.role(),
                state(),
                retries.waitingFor().or(schemas::waitingFor).or(supervisor::waitingFor),
                supervisor.failure(),
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
