package io.kappamesh.runtime;

import io.kappamesh.assignment.PortsAtStart;
import io.kappamesh.assignment.Selection;
import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.brokers.ParallelTasks;
import io.kappamesh.brokers.Pending;
import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.catalog.CatalogPublisher;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.observe.Health;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.platform.Platform;
import io.kappamesh.provision.CatalogTopics;
import io.kappamesh.provision.ContractGate;
import io.kappamesh.provision.ControlTopics;
import io.kappamesh.provision.DeprecatedInputs;
import io.kappamesh.provision.LintGate;
import io.kappamesh.provision.NativeLibraries;
import io.kappamesh.provision.OwnedTopics;
import io.kappamesh.provision.PolicyGate;
import io.kappamesh.provision.PortSchemas;
import io.kappamesh.provision.Topics;
import io.kappamesh.query.PublishedTable;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.streams.Ending;
import io.kappamesh.topology.StreamingProduct;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs data products in this process. Several runtimes can live in one JVM, even for different meshes; each needs its own state directory.
 * Thread-safe.
 *
 * <p>For each product, a runtime runs the generations of its own build: the serving generation, and candidates that are started later.
 *
 * <p>{@link Builder#start} returns at once. {@link #products()} and {@link #health()} report the state of each product and what it waits for.
 * A product that cannot continue stops; the {@link FailurePolicy} decides whether the others stop too. {@link #awaitEnd()} returns the
 * reason. If this process has no generation of a product left to run, that product ends, and the others continue.
 */
public final class MeshRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeshRuntime.class);
    /** Together with {@link GenerationRunner#TO_END} and the closing of the platform's clients, a stop takes less than 35 s. */
    private static final Duration TO_COMMIT = Duration.ofSeconds(16);

    /**
     * How a runtime ended.
     *
     * @param code {@link ExitCode#OK} when the runtime was closed, or had nothing left to run
     * @param problems one sentence each, including why nothing was left to run; empty when the runtime was closed
     */
    public record End(ExitCode code, List<String> problems) {
        public End {
            problems = List.copyOf(problems);
        }
    }

    private final List<ProductRunner> runners = new ArrayList<>();
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final Platform platform;
    private final FailurePolicy failures;
    private final StatusWatch watch;
    private final CatalogPublisher catalog;
    private boolean closed;

    private MeshRuntime(Settings settings, Builder builder) {
        platform = Platform.of(settings, builder.products.size(), builder.meters, builder.observations);
        failures = settings.stopsAllOnFailure()
                .map(all -> all ? FailurePolicy.STOP_ALL : FailurePolicy.STOP_PRODUCT)
                .orElse(builder.failures);
        watch = new StatusWatch(this::products, builder.listeners);
        catalog = new CatalogPublisher(
                platform.admin(),
                settings.client(),
                () -> runners.stream().map(ProductRunner::publication).toList(),
                (product, counts) -> runners.stream()
                        .filter(runner -> runner.product().equals(product))
                        .forEach(runner -> runner.counted(counts)),
                Clock.systemUTC());
        builder.products.forEach(
                product -> runners.add(new ProductRunner(product, builder.selection, platform, new Owner())));
    }

    /** Collects what a runtime needs, and starts it. Not thread-safe. */
    public static final class Builder {
        private final List<StreamingProduct> products;
        private Selection selection = Selection.OWN_BUILD;
        private final List<ProductListener> listeners = new ArrayList<>();
        private MeterRegistry meters = Metrics.globalRegistry;
        private ObservationRegistry observations = ObservationRegistry.NOOP;
        private FailurePolicy failures = FailurePolicy.STOP_PRODUCT;

        private Builder(List<StreamingProduct> products) {
            this.products = List.copyOf(products);
        }

        /** The registry for the meters of the products; {@link Metrics#globalRegistry} by default. */
        public Builder meters(MeterRegistry registry) {
            meters = registry;
            return this;
        }

        /**
         * Observes the processing of each record under the name {@code mesh.record}; by default nothing is observed. With a tracing handler,
         * each record becomes a span that continues the record's {@code traceparent}. An observation costs some microseconds per record, in a
         * replay too. A record that is processed again after an aborted transaction is observed again.
         */
        public Builder observations(ObservationRegistry registry) {
            observations = registry;
            return this;
        }

        /**
         * What happens to the other products when one cannot continue; {@link FailurePolicy#STOP_PRODUCT} by default. The setting
         * {@code mesh.failure.policy} overrides this.
         */
        public Builder onFailure(FailurePolicy policy) {
            failures = policy;
            return this;
        }

        /** Adds a listener. You may add several. */
        public Builder listener(ProductListener listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * Runs only a candidate of the one product: it replays the history beside the serving generation. If you start it again, the candidate
         * continues where it was.
         *
         * @param number of the generation. Empty = the candidate that ran from this state directory; if there is none, the newest candidate of
         *     this build; if there is none, a new one
         * @throws IllegalArgumentException when the builder has several products
         */
        public Builder candidate(OptionalInt number) {
            if (products.size() != 1) {
                throw new IllegalArgumentException("a candidate belongs to one product, but this runtime has "
                        + products.size() + "; pass only that product to builder(…)");
            }
            selection = Selection.candidate(number);
            return this;
        }

        /**
         * Starts the products, and returns without waiting for brokers or registry. Each call starts another runtime.
         *
         * @throws StartupException with all problems: when two products own the same topic, or the linter finds something that would make a
         *     replay differ from live processing and is not exempt. {@link MeshRuntime#awaitEnd()} returns whatever goes wrong later
         */
        public MeshRuntime start(Settings settings) {
            Pending<Boolean> libraries = Pending.start("mesh-libraries", () -> {
                NativeLibraries.require();
                return true;
            });
            OwnedTopics.ports(products.stream().map(StreamingProduct::product).toList());
            try {
                LintGate.require(settings, products);
                PolicyGate.require(
                        settings,
                        products.stream().map(StreamingProduct::product).toList());
                libraries.answer();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new StartupException(ExitCode.PLATFORM, "interrupted during the start", stop);
            }
            MeshRuntime runtime = new MeshRuntime(settings, this);
            runtime.runners.forEach(ProductRunner::start);
            runtime.watch.start();
            List<DataProduct> declared =
                    products.stream().map(StreamingProduct::product).toList();
            runtime.catalog.start(() -> DeprecatedInputs.warn(runtime.platform.admin(), settings.client(), declared));
            return runtime;
        }
    }

    /** Begins a runtime of these products. */
    public static Builder builder(List<StreamingProduct> products) {
        return new Builder(products);
    }

    /**
     * Starts products with the builder's defaults.
     *
     * @throws StartupException as {@link Builder#start}
     */
    public static MeshRuntime start(Settings settings, List<StreamingProduct> products) {
        return builder(products).start(settings);
    }

    /**
     * Creates the topics and registers the schemas that the products own, and returns. {@link #start} does the same before anything else.
     * Idempotent; it alters no existing topic.
     *
     * @throws StartupException with every problem
     * @throws InterruptedException when the thread is interrupted while it waits for brokers or registry
     */
    public static void provision(Settings settings, List<StreamingProduct> products) throws InterruptedException {
        List<DataProduct> declared =
                products.stream().map(StreamingProduct::product).toList();
        LintGate.require(settings, products);
        PolicyGate.require(settings, declared);
        RetryPolicy retries = RetryPolicy.of(settings.platformTimeout());
        try (Admin admin = LazyAdmin.of(settings.admin());
                SchemaRegistry registry = SchemaRegistry.connect(settings.registry())) {
            ContractGate.require(admin, registry, settings.client(), retries, declared);
            for (DataProduct product : declared) {
                PortsAtStart.requireNoneDeleted(admin, settings.client(), retries, product);
            }
            new Topics(admin, retries).provisionOwned(declared);
            for (DataProduct product : declared) {
                ControlTopics.prepare(admin, retries, product.name());
            }
            for (String domain : domains(declared)) {
                CatalogTopics.prepare(admin, retries, domain);
            }
            PortSchemas.register(registry, retries, declared);
        }
    }

    private static Set<String> domains(List<DataProduct> products) {
        return products.stream().map(product -> product.name().domain()).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The status of each generation in this process: products in the order of the builder, generations by number. If another process runs a
     * product's serving generation, its status follows the others.
     */
    public List<ProductStatus> products() {
        return runners.stream().flatMap(runner -> runner.status().stream()).toList();
    }

    /** Whether the products are alive and ready, for probes. */
    public Health health() {
        return Health.of(products());
    }

    /**
     * Read-only queries of a table that a product of this runtime publishes. You can keep the result for the life of the runtime.
     *
     * @param port declared as {@link OutputPort#queryable()}
     * @throws IllegalArgumentException when it is not, or when no product of this runtime publishes the port
     */
    @SuppressWarnings("unchecked") // the table is of the port with this address
    public <V extends IndexedRecord> PublishedTable<V> table(OutputPort<V> port) {
        return runners.stream()
                .flatMap(runner -> runner.table(port.address()).stream())
                .map(table -> (PublishedTable<V>) table)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("port " + port.address()
                        + ": no product of this runtime publishes it as a queryable table; call queryable() on the port"
                        + " in its declaration"));
    }

    /** Waits until the runtime has ended: by {@link #close()}, by a failure, or because nothing is left to run. */
    public End awaitEnd() {
        return end.join();
    }

    /**
     * Waits until the runtime has ended, but not longer than the given time; empty = it is still running.
     *
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    public Optional<End> awaitEnd(Duration atMost) throws InterruptedException {
        try {
            return Optional.of(end.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException notYet) {
            return Optional.empty();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Stops all products at the same time; each leaves its consumer groups. Takes at most 35 s, even without brokers. Idempotent. */
    @Override
    public void close() {
        stop(new End(ExitCode.OK, List.of()));
    }

    private final class Owner implements ProductRunner.Owner {
        @Override
        public void failed(ProductRunner product, Ending ending) {
            if (failures == FailurePolicy.STOP_ALL) {
                stopWith(new End(ending.code(), ending.problems()));
                return;
            }
            LOG.error("{} cannot continue: {}", product, String.join("; ", ending.problems()));
            Thread stopper = new Thread(
                    () -> {
                        product.stop(TO_COMMIT);
                        nothingLeft();
                    },
                    product + "-stopper");
            stopper.start();
        }

        @Override
        public void nothingLeft() {
            List<Ending> endings =
                    runners.stream().flatMap(runner -> runner.ending().stream()).toList();
            if (endings.size() == runners.size()) {
                ExitCode code = endings.stream()
                        .map(Ending::code)
                        .filter(one -> one != ExitCode.OK)
                        .findFirst()
                        .orElse(ExitCode.OK);
                stopWith(new End(
                        code,
                        endings.stream().flatMap(one -> one.problems().stream()).toList()));
            }
        }

        private void stopWith(End how) {
            new Thread(() -> stop(how), "mesh-stopper").start();
        }
    }

    private synchronized void stop(End how) {
        if (closed) {
            return;
        }
        closed = true;
        // Each step has a bound, and takes it also from who is interrupted.
        boolean interrupted = Thread.interrupted();
        try (platform;
                catalog;
                watch) {
            catalog.startLeaving();
            boolean ended = ParallelTasks.all(
                    "mesh-stop",
                    runners.stream()
                            .<Callable<Boolean>>map(runner -> () -> runner.stop(TO_COMMIT))
                            .toList());
            interrupted |= Thread.interrupted();
            if (!ended) {
                LOG.warn("Some threads of {} did not end in time", runners);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            end.complete(how);
        }
    }
}
