package io.kappamesh.runtime;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.control.ControlView;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.control.Cut;
import io.kappamesh.control.Generation;
import io.kappamesh.control.ProductLifecycle;
import io.kappamesh.control.Role;
import io.kappamesh.control.TakenOverException;
import io.kappamesh.topology.AssembledProduct;
import io.kappamesh.topology.Assembly;
import io.kappamesh.topology.CommitPacing;
import io.kappamesh.topology.Destinations;
import io.kappamesh.topology.ProductObserver;
import io.kappamesh.topology.RegisteredCodecs;
import io.kappamesh.topology.StreamingProduct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the generations of one product running that this process is to run: makes the product's ports ready, learns from the domain's
 * control topic which generations there are, and follows what is decided later. Waiting is done on a thread of its own, so that one
 * product's missing input keeps no other from running. Thread-safe.
 */
final class ProductRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ProductRunner.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(3);
    private static final Duration TO_STOP = Duration.ofSeconds(30);

    /** Why a product ended by itself. */
    record Ending(ExitCode code, List<String> problems) {}

    private final StreamingProduct streaming;
    private final DataProduct product;
    private final Selection selection;
    private final Platform platform;
    private final Consumer<Ending> ended;
    private final Patience patience;
    private final Clock clock = Clock.systemUTC();
    private final Instant startedAt = clock.instant();
    private final ScheduledExecutorService keeper;
    private final Map<Generation, GenerationRunner> running = new ConcurrentSkipListMap<>();
    private volatile @Nullable String failure;
    private volatile boolean stopped;

    /**
     * @param selection which of the generations this process runs
     * @param ended is told, on another thread, when the product cannot go on
     */
    ProductRunner(StreamingProduct streaming, Selection selection, Platform platform, Consumer<Ending> ended) {
        this.streaming = streaming;
        this.product = streaming.product();
        this.selection = selection;
        this.platform = platform;
        this.ended = ended;
        this.patience = Patience.of(platform.settings().platformPatience());
        this.keeper = Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, product.name() + "-keeper"));
    }

    void start() {
        keeper.execute(() -> StartUp.attempt("product " + product.name(), this::runUp, this::gaveUp));
    }

    private void runUp() throws InterruptedException {
        ReadyProduct ready = prepare();
        ControlView control = patience.await("the brokers, to create the control topic", () -> {
            ControlTopic.ensure(platform.admin(), product.name().domain());
            return platform.control(product.name().domain());
        });
        Generations generations = new Generations(ready, selection, platform, control, patience, clock);
        generations.atStart().forEach(generation -> run(generation, ready, control));
        control.onChange(product.name(), now -> keep(() -> follow(now, generations, ready, control)));
        ScheduledFuture<?> unused = keeper.scheduleWithFixedDelay(
                this::takeOver, BETWEEN_LOOKS.toMillis(), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets everybody go on when a command has died that had made them stand still. */
    private void takeOver() {
        for (GenerationRunner runner : running.values()) {
            Cut abandoned = runner.abandonedCut();
            if (abandoned != null) {
                LOG.warn("{}: whoever made it stand still is not heard of any more; going on", product.name());
                try (ControlWriter writer =
                        ControlWriter.take(product.name(), platform.settings().client())) {
                    Cut now = writer.current().cut();
                    if (now != null && now.id().equals(abandoned.id())) {
                        writer.decide(lifecycle -> lifecycle.cut(null));
                    }
                } catch (KafkaException | TakenOverException again) {
                    LOG.info("{}: could not take over; trying again", product.name(), again);
                }
                return;
            }
        }
    }

    private ReadyProduct prepare() throws InterruptedException {
        Topics topics = new Topics(platform.admin(), patience);
        Map<String, Integer> partitions = topics.prepare(List.of(product));
        RegisteredCodecs codecs = Contracts.register(platform.registry(), patience, List.of(product));
        Contracts.awaitReadable(platform.registry(), patience, product);
        Settings settings = platform.settings();
        AssembledProduct assembled = Assembly.assemble(
                streaming,
                StreamsSettings.of(new Generation(product.name(), 1), platform),
                codecs,
                Destinations.PUBLIC,
                ProductObserver.NONE,
                CommitPacing.NONE);
        StartupChecks checks = new StartupChecks(platform.admin(), patience, clock, settings.historyRequired());
        checks.check(List.of(product), meeting(assembled.topology(), partitions.keySet()), partitions);
        return new ReadyProduct(streaming, Build.of(streaming, settings), assembled.shape(), partitions, codecs);
    }

    /** The inputs that meet; how many partitions an internal topic gets is for Kafka Streams to see to. */
    private static List<Set<String>> meeting(Topology topology, Set<String> inputs) {
        return Assembly.topicsThatMeet(topology).stream()
                .map(group -> group.stream().filter(inputs::contains).collect(Collectors.toSet()))
                .toList();
    }

    private void run(Generation generation, ReadyProduct ready, ControlView control) {
        if (!stopped && !running.containsKey(generation)) {
            GenerationRunner runner = new GenerationRunner(ready, generation, platform, control, this::generationEnded);
            running.put(generation, runner);
            runner.start();
        }
    }

    /** Does what was decided: starts what was begun for processes like this one, ends what is retired. */
    private void follow(ProductLifecycle now, Generations generations, ReadyProduct ready, ControlView control) {
        generations.begunSince(now).forEach(generation -> run(generation, ready, control));
        now.generations().stream()
                .filter(one -> one.role() == Role.RETIRED)
                .map(one -> new Generation(product.name(), one.number()))
                .filter(one -> !running.containsKey(one))
                .forEach(this::deleteState);
        boolean any = false;
        for (GenerationRunner runner : List.copyOf(running.values())) {
            if (now.role(runner.generation().number()).equals(Optional.of(Role.RETIRED))) {
                LOG.info("{} is retired; ending it here", runner.generation());
                runner.stop(TO_STOP);
                deleteState(runner.generation());
                running.remove(runner.generation());
                any = true;
            }
        }
        if (any && running.isEmpty()) {
            ended.accept(new Ending(ExitCode.OK, List.of("product " + product.name() + ": retired")));
        }
    }

    /** Local state of what is retired is of no use to anybody; also what an earlier process left here. */
    private void deleteState(Generation retired) {
        Path directory = platform.settings().stateDir().resolve(retired.applicationId());
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Utils.delete(directory.toFile());
            LOG.info("Deleted {}", directory);
        } catch (IOException inUse) {
            LOG.warn("Cannot delete {}; it is not needed any more", directory, inUse);
        }
    }

    private void keep(Runnable work) {
        try {
            keeper.execute(work);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("{}: stopping, and follows no more", product.name());
        }
    }

    /** A candidate that fails ends alone while what serves goes on beside it. */
    private void generationEnded(GenerationRunner failed, Ending ending) {
        boolean othersServe = running.values().stream()
                .anyMatch(runner -> runner != failed && runner.status().isServing());
        if (failed.status().isServing() || !othersServe) {
            ended.accept(ending);
        } else {
            LOG.error("{} ended: {}", failed.generation(), ending.problems());
        }
    }

    private void gaveUp(StartupException refused) {
        failure = String.join("; ", refused.problems());
        ended.accept(new Ending(refused.exitCode(), refused.problems()));
    }

    /** Leaves the groups at once and lets other instances take over. Idempotent; true if all threads ended in time. */
    boolean stop(Duration timeout) {
        stopped = true;
        patience.stop();
        keeper.shutdown();
        boolean clean = true;
        for (GenerationRunner runner : running.values()) {
            clean &= runner.stop(timeout);
        }
        return clean;
    }

    /** One for each generation that runs here; one without a generation before that is known. */
    List<ProductStatus> status() {
        List<ProductStatus> all =
                running.values().stream().map(GenerationRunner::status).toList();
        return all.isEmpty() ? List.of(before()) : all;
    }

    @Override
    public String toString() {
        return product.name().toString();
    }

    private ProductStatus before() {
        ProductState state =
                failure != null ? ProductState.FAILED : stopped ? ProductState.STOPPED : ProductState.WAITING;
        return new ProductStatus(
                product.name(),
                Optional.empty(),
                Optional.empty(),
                state,
                patience.waitingFor(),
                Optional.ofNullable(failure),
                0,
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                startedAt,
                product.exemptions());
    }
}
