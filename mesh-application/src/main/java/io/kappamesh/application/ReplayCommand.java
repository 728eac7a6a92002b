package io.kappamesh.application;

import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.Screen;
import io.kappamesh.command.Shell;
import io.kappamesh.command.StatusText;
import io.kappamesh.contract.ProductName;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.Generation;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.GenerationStatus;
import io.kappamesh.topology.StreamingProduct;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a candidate in this process, with the code of this process. */
@Command(
        name = "replay",
        description = {
            "Runs a candidate of a product in this process, with this build: the history first, then live, into shadow topics,"
                    + " beside the serving generation. Started again, it goes on where it was.",
            "Beside a process of the same settings, give it an address of its own for health and metrics: MESH_HTTP_PORT=0."
        })
final class ReplayCommand implements Callable<Integer> {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Set<ProductState> RUNNING =
            Set.of(ProductState.REPLAYING, ProductState.LIVE, ProductState.PAUSED);

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT", description = "Such as sales.orders.")
    private String product = "";

    @Option(
            names = "--generation",
            paramLabel = "N",
            description = "Its number. If not given: the newest candidate of this build, or a new one.")
    private @Nullable Integer generation;

    @Option(
            names = "--until-caught-up",
            description = "Ends with 0 once it has read what was there when it was begun and keeps up.")
    private boolean untilCaughtUp;

    private final Shell shell;
    private final List<StreamingProduct> products;

    ReplayCommand(Shell shell, List<StreamingProduct> products) {
        this.shell = shell;
        this.products = products;
    }

    @Override
    public Integer call() throws InterruptedException {
        StreamingProduct streaming = named(ProductName.of(product));
        Settings settings = connection.settings(shell);
        OptionalInt number = generation == null ? OptionalInt.empty() : OptionalInt.of(generation);
        MeshRuntime.Builder candidate = MeshRuntime.builder(List.of(streaming)).candidate(number);
        try (ObservedRuntime observed = ObservedRuntime.start(settings, candidate)) {
            MeshRuntime runtime = observed.runtime();
            if (!untilCaughtUp) {
                return RunCommand.end(runtime.awaitEnd(), shell);
            }
            try (Lifecycle lifecycle = Lifecycle.connect(settings)) {
                return untilCaughtUp(runtime, lifecycle);
            }
        }
    }

    private int untilCaughtUp(MeshRuntime runtime, Lifecycle lifecycle) throws InterruptedException {
        Screen screen = new Screen(shell.err(), shell.terminal());
        while (true) {
            Optional<MeshRuntime.End> end = runtime.awaitEnd(BETWEEN_LOOKS);
            if (end.isPresent()) {
                return RunCommand.end(end.get(), shell);
            }
            Optional<Generation> running = runtime.products().stream()
                    .filter(status -> RUNNING.contains(status.state()))
                    .flatMap(status -> status.generation().stream())
                    .findFirst();
            if (running.isEmpty()) {
                screen.draw(
                        runtime.products().stream().map(ReplayCommand::before).toList());
                continue;
            }
            GenerationStatus status = lifecycle.status(running.get().product()).stream()
                    .filter(one -> one.generation().equals(running.get()))
                    .findFirst()
                    .orElseThrow();
            screen.draw(List.of(StatusText.line(status)));
            if (status.caughtUp() && runtime.products().get(0).state() == ProductState.LIVE) {
                screen.say(
                        running.get()
                                + ": caught up; this process ends. To be verified or promoted it has to run: start it again without --until-caught-up");
                return ExitCode.OK.number();
            }
        }
    }

    private static String before(ProductStatus status) {
        return status.product() + ": " + status.state()
                + status.waitingFor().map(what -> ", waits for " + what).orElse("");
    }

    private StreamingProduct named(ProductName name) {
        return products.stream()
                .filter(one -> one.product().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new StartupException(
                        ExitCode.CONFIGURATION,
                        List.of("product " + name + ": this program has none of that name; it has "
                                + products.stream()
                                        .map(one -> one.product().name())
                                        .toList())));
    }
}
