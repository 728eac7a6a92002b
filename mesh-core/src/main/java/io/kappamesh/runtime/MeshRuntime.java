package io.kappamesh.runtime;

import io.kappamesh.avro.SchemaRegistry;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.control.LazyAdmin;
import io.kappamesh.runtime.ProductRunner.Ending;
import io.kappamesh.topology.StreamingProduct;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Products running in this process: what a service embeds. Several can live in one JVM, also of different meshes. Thread-safe.
 *
 * <p>Of each product it runs the generations of its own build: the one that serves, and candidates that are begun later beside it.
 *
 * <p>{@link #start} returns at once; what is waited for, and how far each product is, tells {@link #products()}, and the same over
 * HTTP. When what serves of a product cannot go on, all of them are ended in order, and {@link #awaitEnd()} tells why. A product of which
 * nothing is left to run here ends alone, and the others go on.
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
    private final HealthServer server;
    private boolean closed;

    private MeshRuntime(Settings settings, List<StreamingProduct> products, Selection selection) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        platform = Platform.of(settings, products.size(), meters);
        new ProcessorMetrics().bindTo(meters);
        new JvmMemoryMetrics().bindTo(meters);
        products.forEach(product -> runners.add(new ProductRunner(product, selection, platform, new Owner())));
        server = served(settings, meters);
    }

    private HealthServer served(Settings settings, PrometheusMeterRegistry meters) {
        try {
            return HealthServer.start(settings, this::products, meters);
        } catch (StartupException refused) {
            platform.close();
            throw refused;
        }
    }

    /**
     * Starts products.
     *
     * @throws StartupException when two products own one topic, when something in a product would make its replay differ from live
     *     and is not exempt, or when the address for health and metrics cannot be used; everything later is told by {@link #awaitEnd()}
     */
    public static MeshRuntime start(Settings settings, List<StreamingProduct> products) {
        return start(settings, products, Selection.OWN_BUILD);
    }

    /**
     * Starts a candidate of a product, and nothing else: replays its history beside the generation that serves. Started again, it goes
     * on where it was.
     *
     * @param number of the generation; empty = what was run from this state directory, else the newest candidate of this build, or,
     *     where there is none, a new one
     * @throws StartupException as {@link #start}
     */
    public static MeshRuntime replay(Settings settings, StreamingProduct product, OptionalInt number) {
        return start(settings, List.of(product), Selection.candidate(number));
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
        Patience patience = Patience.of(settings.platformPatience());
        try (Admin admin = LazyAdmin.of(settings.admin());
                SchemaRegistry registry = SchemaRegistry.connect(settings.registry())) {
            new Topics(admin, patience).provisionOwned(declared);
            for (DataProduct product : declared) {
                ControlTopics.prepare(admin, patience, product.name());
            }
            Contracts.register(registry, patience, declared);
        }
    }

    private static MeshRuntime start(Settings settings, List<StreamingProduct> products, Selection selection) {
        NativeLibraries.require();
        OwnedTopics.ports(products.stream().map(StreamingProduct::product).toList());
        LintGate.require(settings, products);
        MeshRuntime runtime = new MeshRuntime(settings, products, selection);
        runtime.runners.forEach(ProductRunner::start);
        return runtime;
    }

    /**
     * What each generation that runs here is doing: the products in the order in which they were given, the generations by number, and
     * behind them the one that serves if that runs elsewhere.
     */
    public List<ProductStatus> products() {
        return runners.stream().flatMap(runner -> runner.status().stream()).toList();
    }

    /** Where health, metrics and status are served. */
    public int httpPort() {
        return server.port();
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

    /** Stops all products at once, within 35 s whatever brokers do, each leaving its groups; health and metrics answer until the end. Idempotent. */
    @Override
    public void close() {
        stop(new End(ExitCode.OK, List.of()));
    }

    /** Ends all products when what serves of one cannot go on; or when nothing is left to do of any. */
    private final class Owner implements ProductRunner.Owner {
        @Override
        public void failed(Ending ending) {
            stopWith(new End(ending.code(), ending.problems()));
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
        boolean ended = AllAtOnce.all(
                "mesh-stop",
                runners.stream()
                        .<Callable<Boolean>>map(runner -> () -> runner.stop(TO_COMMIT))
                        .toList());
        if (!ended) {
            LOG.warn("Not all threads of {} ended in time", runners);
        }
        platform.close();
        server.close();
        end.complete(how);
    }
}
