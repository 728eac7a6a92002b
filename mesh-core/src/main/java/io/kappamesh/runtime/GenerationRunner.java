package io.kappamesh.runtime;

import io.kappamesh.control.ControlView;
import io.kappamesh.control.Cut;
import io.kappamesh.control.Failure;
import io.kappamesh.control.Generation;
import io.kappamesh.control.Origin;
import io.kappamesh.control.Role;
import io.kappamesh.control.ShadowTopics;
import io.kappamesh.runtime.ProductRunner.Ending;
import io.kappamesh.topology.AssembledProduct;
import io.kappamesh.topology.Assembly;
import io.kappamesh.topology.CommitPacing;
import io.kappamesh.topology.RecordLimit;
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
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one generation of a product whose ports are ready, and ends it. A starter thread of its own does the waiting. Thread-safe.
 */
final class GenerationRunner {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationRunner.class);

    private final ReadyProduct ready;
    private final Platform platform;
    private final ControlView control;
    private final Generation generation;
    private final Patience patience;
    private final InputProgress progress;
    private final ProductMetrics metrics;
    private final SchemaGate schemas;
    private final CutGate cuts;
    private final InHand inHand = new InHand();
    private final Resting resting;
    private final InputHistory history;
    private final Deletions deletions;
    private final InputWatch watch;
    private final Thread starter;
    private final StreamsLife life;
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
        this.patience = Patience.of(settings.platformPatience());
        this.metrics = new ProductMetrics(generation, platform.meters(), clock);
        this.progress = new InputProgress(inputs, settings.replayLagRecords(), metrics);
        this.life = new StreamsLife(
                generation, progress, settings.platformPatience(), inputs, inHand, this::changedInputs, ending -> {
                    noteFailure(ending);
                    ended.accept(this, ending);
                });
        metrics.troubled(life::troubled);
        this.schemas = new SchemaGate(
                generation.toString(),
                platform.registry(),
                Patience.of(settings.platformPatience()),
                inputs,
                life::gaveUp);
        this.cuts = new CutGate(
                generation,
                ready.build(),
                () -> control.refresh(generation.product()),
                control::acknowledge,
                new Throttle(settings.candidateRecordsPerSecond(), System::nanoTime),
                System::nanoTime);
        this.resting = new Resting(generation, platform.admin(), settings.client(), control);
        this.history = new InputHistory(generation, origin(), inputs, cuts::role, platform.admin());
        this.deletions = new Deletions(generation, platform.admin(), control, progress, inHand, clock);
        this.watch = new InputWatch(generation, this::looked, life::gaveUp);
        this.starter = new Thread(
                () -> StartUp.attempt(generation.toString(), this::runUp, life::gaveUp), generation + "-starter");
    }

    /** For `status`. Where another process has taken this one's place the generation did not fail: it runs there. */
    private void noteFailure(Ending ending) {
        if (!life.isDisplaced()) {
            control.fails(Failure.of(
                    generation, process, clock.instant(), ending.code().number(), ending.problems()));
        }
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
            patience.await("the brokers, to create shadow topics", () -> {
                ShadowTopics.ensure(platform.admin(), generation, ready.publicTopics());
                return generation;
            });
        }
        Settings settings = platform.settings();
        Map<String, Object> config =
                StreamsSettings.of(generation, ready.streaming().product(), platform);
        AssembledProduct assembled = Assembly.assemble(
                ready.streaming(),
                config,
                ready.codecs(),
                cuts,
                metrics,
                new CommitPacing(settings.commitIntervalLive(), () -> progress.isLive() || cuts.order() != null));
        StartupChecks checks = new StartupChecks(platform.admin(), patience, clock, settings.historyRequired());
        require("the brokers, to describe the inputs", history::changed);
        resting.wake(patience, origin());
        require("the brokers, to tell where " + generation + " stands", history::lost);
        patience.await(
                "the brokers, to describe the inputs",
                () -> deletions.look(ready.partitions().keySet()));
        require("the brokers, to tell what was deleted", () -> history.remedied(deletions.missed()));
        Positions positions = Positions.of(
                platform.admin(), patience, generation, ready.partitions().keySet());
        progress.begin(positions.starts(), positions.ends());
        LOG.info("Starting {} with {} records of history", generation, positions.outstanding());
        run(assembled.topology(), config);
        life.awaitRunning();
        checks.checkInternalTopics(
                generation.applicationId(),
                checks.ageOf(ready.partitions().keySet()),
                RecordLimit.of(ready.streaming().product()));
    }

    private void require(String what, Callable<List<String>> problems) throws InterruptedException {
        StartupException.throwIfAny(ExitCode.CONTRACT, patience.await(what, problems));
    }

    private synchronized void run(Topology topology, Map<String, Object> config) {
        if (stopped) {
            return;
        }
        platform.state().take(generation);
        Properties properties = new Properties();
        properties.putAll(config);
        KafkaStreams running = new KafkaStreams(topology, new StreamsConfig(properties), new GatedClients());
        running.setUncaughtExceptionHandler(life::threadDied);
        running.setStateListener(life);
        running.setGlobalStateRestoreListener(life.restoration());
        streams = running;
        streamsMetrics = new KafkaStreamsMetrics(running, ProductMetrics.tags(generation));
        streamsMetrics.bindTo(platform.meters());
        running.start();
        watch.start();
    }

    /** Leaves the group at once and lets other instances take over. Idempotent; true if all threads ended in time. */
    boolean stop(Duration timeout) {
        control.forget(cuts);
        patience.stop();
        watch.close();
        boolean clean;
        synchronized (this) {
            stopped = true;
            life.stopping();
            clean = streams == null
                    || streams.close(
                            CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                                    .withTimeout(timeout));
            if (streamsMetrics != null) {
                streamsMetrics.close();
                streamsMetrics = null;
                resting.settle();
                deletions.say();
            }
            if (clean) {
                platform.state().giveBack(generation);
            }
        }
        schemas.close();
        metrics.remove();
        life.stopped();
        return clean;
    }

    /** As an operator's status has it, whoever works is made to stand still by an order that holds. */
    private ProductState state() {
        ProductState state = life.state();
        boolean works = state == ProductState.LIVE || state == ProductState.REPLAYING;
        return works && cuts.order() != null ? ProductState.STANDING : state;
    }

    ProductStatus status() {
        return new ProductStatus(
                generation.product(),
                Optional.of(generation),
                cuts.role(),
                state(),
                patience.waitingFor().or(schemas::waitingFor).or(life::trouble),
                life.failure(),
                metrics.recordsIn(),
                metrics.recordsOut(),
                metrics.deadLetters(),
                metrics.lagRecords(),
                metrics.behind(),
                metrics.replay(),
                startedAt,
                ready.streaming().product().exemptions());
    }

    /** Hands out the gated consumer where Streams asks for the one that reads the inputs. */
    private final class GatedClients extends DefaultKafkaClientSupplier {
        @Override
        public org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
            String clientId = String.valueOf(config.get(CommonClientConfigs.CLIENT_ID_CONFIG));
            Set<String> inputs = ready.partitions().keySet();
            CutLine line = new CutLine(cuts, inputs, clientId);
            process = line.process();
            return new GatedConsumer(
                    config, schemas, line, progress, inHand, new PositionGuard(generation, inputs, history));
        }

        @Override
        public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
            cuts.writes(String.valueOf(config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG)));
            return new WatchedProducer(config, inHand);
        }
    }
}
