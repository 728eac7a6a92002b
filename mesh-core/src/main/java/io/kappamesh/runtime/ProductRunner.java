package io.kappamesh.runtime;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.DeclarationException;
import io.kappamesh.topology.Assembly;
import io.kappamesh.topology.CommitPacing;
import io.kappamesh.topology.RegisteredCodecs;
import io.kappamesh.topology.StreamingProduct;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one product: waits for what it reads, checks what it stands on, starts it, and ends it. A starter thread of its own does the
 * waiting, so that one product's missing input keeps no other from running. Thread-safe.
 */
final class ProductRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ProductRunner.class);

    /** Why a product ended by itself. */
    record Ending(ExitCode code, List<String> problems) {}

    private final StreamingProduct streaming;
    private final DataProduct product;
    private final Platform platform;
    private final Generation generation;
    private final Patience patience;
    private final InputProgress progress;
    private final ProductMetrics metrics;
    private final SchemaGate gate;
    private final Thread starter;
    private final StreamsLife life;
    private final Clock clock = Clock.systemUTC();
    private final Instant startedAt = clock.instant();
    private @Nullable KafkaStreams streams;
    private @Nullable KafkaStreamsMetrics streamsMetrics;
    private boolean stopped;

    /** @param ended is told, once and on another thread, when the product cannot go on */
    ProductRunner(StreamingProduct streaming, Platform platform, Consumer<Ending> ended) {
        this.streaming = streaming;
        this.product = streaming.product();
        this.platform = platform;
        this.generation = Generation.first(product.name());
        this.patience = Patience.of(platform.settings().platformPatience());
        Settings settings = platform.settings();
        Set<String> inputs = Topics.inputs(List.of(product));
        this.metrics = new ProductMetrics(product.name(), platform.meters(), clock);
        this.progress = new InputProgress(inputs, settings.replayLagRecords(), metrics);
        this.life = new StreamsLife(product.name(), progress, settings.platformPatience(), ended);
        this.gate = new SchemaGate(
                product.name().toString(),
                platform.registry(),
                Patience.of(settings.platformPatience()),
                inputs,
                life::gaveUp);
        this.starter = new Thread(this::startOrEnd, product.name() + "-starter");
    }

    void start() {
        starter.start();
    }

    private void startOrEnd() {
        try {
            runUp();
        } catch (InterruptedException stop) {
            LOG.info("{}: stopped before it ran", product.name());
        } catch (StartupException refused) {
            life.gaveUp(refused);
        } catch (DeclarationException refused) {
            life.gaveUp(new StartupException(ExitCode.CONFIGURATION, refused.problems()));
        } catch (RuntimeException | Error bug) {
            LOG.error("{}: cannot start", product.name(), bug);
            life.gaveUp(new StartupException(
                    ExitCode.BUG, List.of("product " + product.name() + ": cannot start: " + bug)));
        }
    }

    private void runUp() throws InterruptedException {
        Topics topics = new Topics(platform.admin(), patience);
        Map<String, Integer> partitions = topics.prepare(List.of(product));
        RegisteredCodecs codecs = Contracts.register(platform.registry(), patience, List.of(product));
        Contracts.awaitReadable(platform.registry(), patience, product);

        Settings settings = platform.settings();
        Map<String, Object> config = StreamsSettings.of(generation, platform);
        Topology topology = Assembly.assemble(
                streaming, config, codecs, metrics, new CommitPacing(settings.commitIntervalLive(), progress::isLive));
        StartupChecks checks = new StartupChecks(platform.admin(), patience, clock, settings.historyRequired());
        checks.check(List.of(product), meeting(topology, partitions.keySet()), partitions);
        Positions positions = Positions.of(platform.admin(), patience, generation, partitions);
        progress.begin(positions.starts(), positions.ends());
        LOG.info("{}: starting {} with {} records of history", product.name(), generation, positions.outstanding());
        run(topology, config);
        life.awaitRunning();
        checks.checkInternalTopics(generation.applicationId(), checks.ageOf(partitions.keySet()));
    }

    /** The inputs that meet; how many partitions an internal topic gets is for Kafka Streams to see to. */
    private static List<Set<String>> meeting(Topology topology, Set<String> inputs) {
        return Assembly.topicsThatMeet(topology).stream()
                .map(group -> group.stream().filter(inputs::contains).collect(Collectors.toSet()))
                .toList();
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
        streamsMetrics = new KafkaStreamsMetrics(
                running, List.of(Tag.of("product", product.name().toString())));
        streamsMetrics.bindTo(platform.meters());
        running.start();
    }

    /** Leaves the group at once and lets other instances take over. Idempotent; true if all threads ended in time. */
    boolean stop(Duration timeout) {
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
            }
        }
        gate.close();
        metrics.remove();
        life.stopped();
        return clean;
    }

    ProductStatus status() {
        return new ProductStatus(
                product.name(),
                life.state(),
                patience.waitingFor().or(gate::waitingFor),
                life.failure(),
                metrics.recordsIn(),
                metrics.recordsOut(),
                metrics.deadLetters(),
                metrics.lagRecords(),
                metrics.behind(),
                metrics.replay(),
                startedAt);
    }

    /** Hands out the gated consumer where Streams asks for the one that reads the inputs. */
    private final class GatedClients extends DefaultKafkaClientSupplier {
        @Override
        public org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
            return new GatedConsumer(config, gate, progress);
        }
    }
}
