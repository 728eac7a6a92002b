package io.kappamesh.runtime;

import io.kappamesh.assignment.Generations;
import io.kappamesh.assignment.PortsAtStart;
import io.kappamesh.assignment.Selection;
import io.kappamesh.assignment.ServedElsewhere;
import io.kappamesh.brokers.ParallelTasks;
import io.kappamesh.brokers.Pending;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.build.Build;
import io.kappamesh.build.LibraryVersion;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.Publication;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlView;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.control.TakenOverException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.intake.ProductObserver;
import io.kappamesh.level.Counts;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.platform.Platform;
import io.kappamesh.provision.ContractGate;
import io.kappamesh.provision.ControlTopics;
import io.kappamesh.provision.PolicyGate;
import io.kappamesh.provision.PortSchemas;
import io.kappamesh.provision.ReadyProduct;
import io.kappamesh.provision.StartupChecks;
import io.kappamesh.provision.Topics;
import io.kappamesh.query.TableView;
import io.kappamesh.serde.RegisteredCodecs;
import io.kappamesh.settings.Settings;
import io.kappamesh.streams.Ending;
import io.kappamesh.streams.StreamsConfiguration;
import io.kappamesh.topology.AssembledProduct;
import io.kappamesh.topology.Assembly;
import io.kappamesh.topology.CommitPacing;
import io.kappamesh.topology.Destinations;
import io.kappamesh.topology.StreamingProduct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the generations of one product that this process is responsible for: prepares the product's ports, reads the product's control topic to
 * find the generations, and follows later decisions. It works on a thread of its own, so that one product's missing input does not delay the
 * others. Thread-safe.
 */
final class ProductRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ProductRunner.class);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(3);
    private static final Duration TO_STOP = Duration.ofSeconds(20);

    /** Is notified, on another thread, when a product cannot continue or has nothing left to run. */
    interface Owner {
        /** The product cannot continue: its serving generation failed, or it could not be started. */
        void failed(ProductRunner product, Ending ending);

        /** No generation of the product runs here any more, and no serving generation was lost; see {@link ProductRunner#ending()}. */
        void nothingLeft();
    }

    private final StreamingProduct streaming;
    private final DataProduct product;
    private final Selection selection;
    private final Platform platform;
    private final Owner owner;
    private final RetryPolicy retries;
    private final List<ProductDescription.Breach> breaches;
    private final Clock clock = Clock.systemUTC();
    private final Instant startedAt = clock.instant();
    private final ScheduledExecutorService keeper;
    private final Map<Generation, GenerationRunner> running = new ConcurrentSkipListMap<>();
    /** What generations have counted that run here no more. */
    private final Map<String, Counts> counted = new ConcurrentHashMap<>();

    private final Map<PortAddress, TableView<?>> tables = new TreeMap<>(Comparator.comparing(PortAddress::topic));
    private volatile @Nullable Ending ending;
    private volatile @Nullable ServedElsewhere elsewhere;
    private volatile ProductDescription description;
    private volatile boolean stopped;

    /**
     * @param selection which of the generations this process runs
     * @param owner is notified of the end
     */
    ProductRunner(StreamingProduct streaming, Selection selection, Platform platform, Owner owner) {
        this.streaming = streaming;
        this.product = streaming.product();
        this.selection = selection;
        this.platform = platform;
        this.owner = owner;
        this.retries = RetryPolicy.of(platform.settings().platformTimeout());
        this.breaches = PolicyGate.breaches(platform.settings(), product);
        this.description = described(null, Map.of());
        product.outputs().stream()
                .filter(OutputPort::isQueryable)
                .forEach(port -> tables.put(port.address(), new TableView<>(port, this::unpublished)));
        // Once it is stopped it follows nothing any more, whatever is decided.
        this.keeper = new ScheduledThreadPoolExecutor(
                1, work -> new Thread(work, product.name() + "-keeper"), new ThreadPoolExecutor.DiscardPolicy());
    }

    void start() {
        keeper.execute(() -> StartupStep.attempt("product " + product.name(), this::runUp, this::gaveUp));
    }

    private ProductDescription described(@Nullable String build, Map<PortAddress, Integer> schemaIds) {
        return ProductDescription.of(product, build, LibraryVersion.text(), schemaIds)
                .judged(breaches);
    }

    private void runUp() throws InterruptedException {
        ReadyProduct ready = prepare();
        description = described(ready.build(), ready.codecs().schemaIds());
        ControlTopics.prepare(platform.admin(), retries, product.name());
        ControlView control = platform.control();
        Generations generations = new Generations(ready, selection, platform, control, retries, clock);
        elsewhere = generations.elsewhere();
        generations.atStart().forEach(generation -> run(generation, ready, control));
        control.onChange(product.name(), now -> keeper.execute(() -> follow(now, generations, ready, control)));
        ScheduledFuture<?> unused = keeper.scheduleWithFixedDelay(
                () -> {
                    releaseAbandonedCut();
                    findServingElsewhere(generations, control);
                },
                POLL_INTERVAL.toMillis(),
                POLL_INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Another process may run the serving generation; this process is ready then, too. */
    private void findServingElsewhere(Generations generations, ControlView control) {
        Optional<ProductLifecycle> now = control.lifecycle(product.name());
        boolean here = now.flatMap(ProductLifecycle::serving)
                .map(serving -> running.containsKey(new Generation(product.name(), serving.number())))
                .orElse(true);
        if (now.isEmpty()) {
            return;
        }
        if (here) {
            generations.servesHere(now.get());
            return;
        }
        try {
            generations.lookForServing(now.get());
        } catch (ExecutionException away) {
            LOG.debug("{}: the brokers do not say now who runs the serving generation", product.name(), away);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets generations continue if the command that paused them has died. */
    private void releaseAbandonedCut() {
        for (GenerationRunner runner : running.values()) {
            Cut abandoned = runner.abandonedCut();
            if (abandoned != null) {
                LOG.warn("{}: the command that paused it no longer answers; continuing", product.name());
                try (ControlWriter writer =
                        ControlWriter.take(product.name(), platform.settings().client())) {
                    if (!writer.current().released(abandoned.id()).equals(writer.current())) {
                        writer.decide(lifecycle -> lifecycle.released(abandoned.id()));
                    }
                } catch (KafkaException | TakenOverException again) {
                    LOG.info("{}: could not release the pause; trying again", product.name(), again);
                }
                return;
            }
        }
    }

    private ReadyProduct prepare() throws InterruptedException {
        Settings settings = platform.settings();
        Pending<String> build = Pending.start(product.name() + "-build", () -> Build.of(streaming, settings));
        ContractGate.require(platform.admin(), platform.registry(), settings.client(), retries, List.of(product));
        PortsAtStart.require(platform, retries, product, selection, build);
        Topics topics = new Topics(platform.admin(), retries);
        Map<String, Integer> partitions = topics.prepare(List.of(product));
        RegisteredCodecs codecs = PortSchemas.register(platform.registry(), retries, List.of(product));
        PortSchemas.awaitReadable(platform.registry(), retries, product);
        AssembledProduct assembled = Assembly.assemble(
                streaming,
                StreamsConfiguration.of(new Generation(product.name(), 1), product, platform),
                codecs,
                Destinations.PUBLIC,
                ProductObserver.NONE,
                CommitPacing.NONE);
        StartupChecks checks = new StartupChecks(platform.admin(), retries, clock, settings.historyRequired());
        checks.check(List.of(product), meeting(assembled.topology(), partitions.keySet()), partitions);
        return new ReadyProduct(streaming, build.answer(), assembled.fingerprint(), partitions, codecs);
    }

    /** The inputs that need equal partition counts. Kafka Streams chooses the partition counts of internal topics. */
    private static List<Set<String>> meeting(Topology topology, Set<String> inputs) {
        return Assembly.topicsThatMeet(topology).stream()
                .map(group -> group.stream().filter(inputs::contains).collect(Collectors.toSet()))
                .toList();
    }

    private void run(Generation generation, ReadyProduct ready, ControlView control) {
        if (!stopped && !running.containsKey(generation)) {
            GenerationRunner runner = new GenerationRunner(ready, generation, platform, control, this::generationEnded);
            running.put(generation, runner);
            if (stopped) {
                // stop() may have looked before this one was there.
                runner.stop(Duration.ZERO);
            } else {
                runner.start();
            }
        }
    }

    /**
     * Follows the decisions in the control topic: starts the generations that processes like this one should run, and ends those that are
     * retired or that another build computes. If none is left, this product ends here; other products continue.
     */
    private void follow(ProductLifecycle now, Generations generations, ReadyProduct ready, ControlView control) {
        generations.begunSince(now).forEach(generation -> run(generation, ready, control));
        now.generations().stream()
                .filter(one -> one.role() == Role.RETIRED)
                .map(one -> new Generation(product.name(), one.number()))
                .filter(one -> !running.containsKey(one))
                .forEach(this::deleteState);
        List<String> over = new ArrayList<>();
        for (GenerationRunner runner : List.copyOf(running.values())) {
            generations.isOver(now, runner.generation()).ifPresent(why -> {
                LOG.info("{}; ending it here", why);
                runner.stop(TO_STOP);
                counted.putAll(runner.counts());
                if (now.role(runner.generation().number()).equals(Optional.of(Role.RETIRED))) {
                    deleteState(runner.generation());
                }
                running.remove(runner.generation());
                over.add(why);
            });
        }
        if (!over.isEmpty() && running.isEmpty()) {
            end(new Ending(
                    ExitCode.OK,
                    List.of("product " + product.name() + ": " + String.join("; ", over)
                            + "; no generation of it is left to run here")));
        }
        holdTables(now, ready);
        findServingElsewhere(generations, control);
    }

    /** A process holds a part of the published tables while it runs the serving generation; candidates do not answer queries. */
    private void holdTables(ProductLifecycle now, ReadyProduct ready) {
        boolean serves = now.serving()
                .filter(serving -> running.containsKey(new Generation(product.name(), serving.number())))
                .isPresent();
        tables.values().forEach(table -> {
            if (serves) {
                table.start(platform, ready.codecs());
            } else {
                table.stop();
            }
        });
    }

    /** Why queries of the product's tables cannot be answered; empty = they can. */
    private Optional<String> unpublished() {
        Ending over = ending;
        if (over != null) {
            return Optional.of("product " + product.name() + " has ended here: " + String.join("; ", over.problems()));
        }
        return platform.control()
                        .lifecycle(product.name())
                        .flatMap(ProductLifecycle::serving)
                        .isPresent()
                ? Optional.empty()
                : Optional.of("no generation of " + product.name() + " serves"
                        + retries.waitingFor()
                                .map(what -> "; waits for " + what)
                                .orElse(""));
    }

    /** The rows of a queryable port; empty = the product has no such port, or it is not queryable. */
    Optional<TableView<?>> table(PortAddress port) {
        return Optional.ofNullable(tables.get(port));
    }

    private void end(Ending how) {
        tables.values().forEach(TableView::close);
        LOG.info("{}", String.join("; ", how.problems()));
        ending = how;
        owner.nothingLeft();
    }

    /** How the product ended; empty = a generation of it runs here, or will run. */
    Optional<Ending> ending() {
        return Optional.ofNullable(ending);
    }

    /** Deletes the local state of a retired generation, including what an earlier process left here. */
    private void deleteState(Generation retired) {
        Path directory = platform.settings().stateDir().resolve(retired.applicationId());
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Utils.delete(directory.toFile());
            LOG.info("Deleted {}", directory);
        } catch (IOException inUse) {
            LOG.warn("Cannot delete {}; it is no longer needed, so you can delete it", directory, inUse);
        }
    }

    /** If a candidate fails, only the candidate ends: the serving generation continues, here or elsewhere. */
    private void generationEnded(GenerationRunner failed, Ending how) {
        if (failed.status().isServing()) {
            ending = how;
            owner.failed(this, how);
            return;
        }
        LOG.error("{} ended: {}", failed.generation(), how.problems());
        boolean others =
                running.values().stream().anyMatch(runner -> runner.status().state() != ProductState.FAILED);
        if (!others) {
            end(how);
        }
    }

    private void gaveUp(StartupException refused) {
        Ending how = new Ending(refused.exitCode(), refused.problems());
        ending = how;
        owner.failed(this, how);
    }

    /** Leaves the groups at once and lets other instances take over; see {@link GenerationRunner#stop}. Idempotent. */
    boolean stop(Duration toCommit) {
        stopped = true;
        retries.stop();
        keeper.shutdown();
        Stream<Callable<Boolean>> generations = running.values().stream().map(runner -> () -> runner.stop(toCommit));
        Stream<Callable<Boolean>> queries = tables.values().stream().map(table -> table::end);
        return ParallelTasks.all(
                product.name() + "-stop", Stream.concat(generations, queries).toList());
    }

    /**
     * One status for each generation that runs here, and one for a serving generation that runs elsewhere; a single status without a generation
     * if none is known.
     */
    List<ProductStatus> status() {
        List<ProductStatus> all = new ArrayList<>(
                running.values().stream().map(GenerationRunner::status).toList());
        Ending over = ending;
        if (over != null && all.isEmpty()) {
            return List.of(without(over.code() == ExitCode.OK ? ProductState.ENDED : ProductState.FAILED));
        }
        ServedElsewhere others = elsewhere;
        if (others != null && !stopped) {
            others.status(running.keySet(), startedAt).ifPresent(all::add);
        }
        return all.isEmpty() ? List.of(without(stopped ? ProductState.STOPPED : ProductState.WAITING)) : all;
    }

    ProductName product() {
        return product.name();
    }

    /** What the catalogue publishes about the product. */
    Publication publication() {
        ProductStatus shown =
                status().stream().filter(ProductStatus::isServing).findFirst().orElseGet(() -> status().get(0));
        return new Publication(
                description,
                shown.state().name(),
                startedAt,
                running.values().stream()
                        .map(runner -> runner.published(description.software().build()))
                        .toList(),
                counts(),
                running.values().stream().anyMatch(GenerationRunner::asksForCounts));
    }

    /** Each generation counts for itself, also one that serves no more. */
    private Map<String, Counts> counts() {
        Map<String, Counts> all = new HashMap<>(counted);
        running.values().forEach(runner -> all.putAll(runner.counts()));
        return all;
    }

    /** Takes what was counted of its levels of service until now, by whomever. */
    void counted(Map<String, Counts> all) {
        running.values().forEach(runner -> runner.counted(all));
    }

    @Override
    public String toString() {
        return product.name().toString();
    }

    private ProductStatus without(ProductState state) {
        return new ProductStatus(
                product.name(),
                Optional.empty(),
                Optional.empty(),
                state,
                retries.waitingFor(),
                ending().map(how -> String.join("; ", how.problems())),
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
