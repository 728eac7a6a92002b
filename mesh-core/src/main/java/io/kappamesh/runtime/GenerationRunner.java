package io.kappamesh.runtime;

import io.kappamesh.control.ControlView;
import io.kappamesh.control.Cut;
import io.kappamesh.control.Failure;
import io.kappamesh.control.Generation;
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
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.CommonClientConfigs;
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
    private final Resting resting;
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
        this.life = new StreamsLife(generation, progress, settings.platformPatience(), ending -> {
            control.fails(Failure.of(
                    generation, process, clock.instant(), ending.code().number(), ending.problems()));
            ended.accept(this, ending);
        });
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
        this.resting = new Resting(generation, platform.admin(), control);
        this.starter = new Thread(
                () -> StartUp.attempt(generation.toString(), this::runUp, life::gaveUp), generation + "-starter");
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
        resting.wake(patience);
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

    private synchronized void run(Topology topology, Map<String, Object> config) {
        if (stopped) {
            return;
        }
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
    }

    /** Leaves the group at once and lets other instances take over. Idempotent; true if all threads ended in time. */
    boolean stop(Duration timeout) {
        control.forget(cuts);
        patience.stop();
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
                patience.waitingFor().or(schemas::waitingFor),
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
            CutLine line = new CutLine(cuts, ready.partitions().keySet(), clientId);
            process = line.process();
            return new GatedConsumer(config, schemas, line, progress);
        }
    }
}
