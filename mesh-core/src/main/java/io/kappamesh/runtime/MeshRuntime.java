package io.kappamesh.runtime;

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
import io.kappamesh.provision.LintGate;
import io.kappamesh.provision.NativeLibraries;
import io.kappamesh.provision.OwnedTopics;
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
 * Data products that run in this process. Several runtimes can live in one JVM, also of different meshes. Thread-safe.
 *
 * <p>Of each product a runtime runs the generations of its own build: the serving one, and candidates that are begun later beside it.
 *
 * <p>{@link Builder#start} returns at once. {@link #products()} and {@link #health()} say how far each product is and what it waits
 * for. When a product cannot go on, it stops, and the others go on or stop as the {@link FailurePolicy} says; {@link #awaitEnd()}
 * returns the reason. A product of which nothing is left to run here ends alone.
 */
public final class MeshRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeshRuntime.class);
    /** With what follows, {@link GenerationRunner#TO_END} and the end of the platform's clients, a stop takes less than 35 s. */
    private static final Duration TO_COMMIT = Duration.ofSeconds(16);

    /**
     * How it ended.
     *
     * @param code {@link ExitCode#OK} when it was closed, or nothing was left for it to do
     * @param problems one sentence each, also on why nothing was left; empty when it was closed
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
                Clock.systemUTC());
        builder.products.forEach(
                product -> runners.add(new ProductRunner(product, builder.selection, platform, new Owner())));
    }

    /** What a runtime is started with. Not thread-safe. */
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

        /** Where meters are registered; {@link Metrics#globalRegistry} if this is not called. */
        public Builder meters(MeterRegistry registry) {
            meters = registry;
            return this;
        }

        /**
         * Observes the processing of each record under the name {@code mesh.record}; without a call nothing is observed. With a handler that
         * traces, each record is a span that goes on from the record's {@code traceparent}. It costs some microseconds a record, also in a
         * replay. A record that is processed again, because its transaction was aborted, is observed again.
         */
        public Builder observations(ObservationRegistry registry) {
            observations = registry;
            return this;
        }

        /**
         * What happens to the other products when one cannot go on; {@link FailurePolicy#STOP_PRODUCT} if this is not called. The setting
         * {@code mesh.failure.policy} comes first.
         */
        public Builder onFailure(FailurePolicy policy) {
            failures = policy;
            return this;
        }

        /** Adds a listener; there may be several. */
        public Builder listener(ProductListener listener) {
            listeners.add(listener);
            return this;
        }

        /**
         * Runs a candidate of the one product, and nothing else: its history is replayed beside the serving generation. Started again,
         * the candidate goes on where it was.
         *
         * @param number of the generation; empty = what was run from this state directory, else the newest candidate of this build, or,
         *     where there is none, a new one
         */
        public Builder candidate(OptionalInt number) {
            if (products.size() != 1) {
                throw new IllegalArgumentException("a candidate is of one product, but this runtime has "
                        + products.size() + "; give builder(…) that one");
            }
            selection = Selection.candidate(number);
            return this;
        }

        /**
         * Starts the products, and returns at once.
         *
         * @throws StartupException when two products own one topic, or when something in a product would make its replay differ from
         *     live and is not exempt; {@link MeshRuntime#awaitEnd()} returns everything that goes wrong later
         */
        public MeshRuntime start(Settings settings) {
            Pending<Boolean> libraries = Pending.start("mesh-libraries", () -> {
                NativeLibraries.require();
                return true;
            });
            OwnedTopics.ports(products.stream().map(StreamingProduct::product).toList());
            try {
                LintGate.require(settings, products);
                libraries.answer();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new StartupException(ExitCode.PLATFORM, "interrupted while it was started", stop);
            }
            MeshRuntime runtime = new MeshRuntime(settings, this);
            runtime.runners.forEach(ProductRunner::start);
            runtime.watch.start();
            runtime.catalog.start();
            return runtime;
        }
    }

    public static Builder builder(List<StreamingProduct> products) {
        return new Builder(products);
    }

    /**
     * Starts products with everything else as the builder has it.
     *
     * @throws StartupException as {@link Builder#start}
     */
    public static MeshRuntime start(Settings settings, List<StreamingProduct> products) {
        return builder(products).start(settings);
    }

    /**
     * Creates the topics and registers the schemas that products own, and returns; {@link #start} does the same first.
     *
     * @throws StartupException with every problem
     * @throws InterruptedException when the thread is interrupted while it waits for the platform
     */
    public static void provision(Settings settings, List<StreamingProduct> products) throws InterruptedException {
        List<DataProduct> declared =
                products.stream().map(StreamingProduct::product).toList();
        LintGate.require(settings, products);
        RetryPolicy retries = RetryPolicy.of(settings.platformTimeout());
        try (Admin admin = LazyAdmin.of(settings.admin());
                SchemaRegistry registry = SchemaRegistry.connect(settings.registry())) {
            ContractGate.require(admin, registry, settings.client(), retries, declared);
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
     * What each generation that runs here is doing: the products in the order in which they were given, the generations by number, and
     * behind them the one that serves if that runs elsewhere.
     */
    public List<ProductStatus> products() {
        return runners.stream().flatMap(runner -> runner.status().stream()).toList();
    }

    /** Whether the products are alive and ready, for probes. */
    public Health health() {
        return Health.of(products());
    }

    /**
     * Read-only queries of a table that a product of this runtime publishes.
     *
     * @param port declared as {@link OutputPort#queryable()}
     * @throws IllegalArgumentException when it is not, or no product of this runtime publishes it
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

    /** Waits until the products have ended, by {@link #close()} or because one of them cannot go on. */
    public End awaitEnd() {
        return end.join();
    }

    /** The same, for so long at most; empty = they have not ended. */
    public Optional<End> awaitEnd(Duration atMost) throws InterruptedException {
        try {
            return Optional.of(end.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException notYet) {
            return Optional.empty();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Stops all products at once, within 35 s whatever brokers do, each leaving its groups. Idempotent. */
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
            LOG.error("{} cannot go on: {}", product, String.join("; ", ending.problems()));
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
        catalog.startLeaving();
        boolean ended = ParallelTasks.all(
                "mesh-stop",
                runners.stream()
                        .<Callable<Boolean>>map(runner -> () -> runner.stop(TO_COMMIT))
                        .toList());
        if (!ended) {
            LOG.warn("Not all threads of {} ended in time", runners);
        }
        watch.close();
        catalog.close();
        platform.close();
        end.complete(how);
    }
}
