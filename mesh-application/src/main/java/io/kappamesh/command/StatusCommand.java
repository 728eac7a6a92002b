package io.kappamesh.command;

import io.kappamesh.contract.ProductName;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.status.GenerationStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how far generations are. */
@Command(
        name = "status",
        description = "Shows the generations of products and how far they are, as the brokers tell it.")
final class StatusCommand implements Callable<Integer> {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    /** On standard error, where it disturbs no program. */
    static final String HIDDEN =
            "Brokers hide products whose control topic these credentials may not describe; only the others are seen.";

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(
            paramLabel = "PRODUCT|DOMAIN",
            arity = "0..1",
            description = "Such as sales.orders, or sales. If not given: all.")
    private String which = "";

    @Option(names = "--json", description = "Prints JSON; with --watch one line each time.")
    private boolean json;

    @Option(names = "--watch", description = "Goes on until it is interrupted.")
    private boolean watch;

    private final Shell shell;

    StatusCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<ProductName> product = which.contains(".") ? Optional.of(ProductName.of(which)) : Optional.empty();
        Screen screen = new Screen(shell.out(), shell.terminal());
        try (Lifecycle lifecycle = connection.connect(shell)) {
            if (!watch) {
                show(look(lifecycle, product));
                lifecycle.leftOut().forEach(shell.err()::println);
                lifecycle.refused().forEach(why -> shell.err().println("not shown: " + why));
                if (product.isEmpty() && lifecycle.mayHideProducts()) {
                    shell.err().println(HIDDEN);
                }
                return lifecycle.leftOut().isEmpty() ? 0 : ExitCode.CONTRACT.number();
            }
            while (true) {
                List<GenerationStatus> all = look(lifecycle, product);
                if (json) {
                    shell.out().println(Json.of(all));
                } else {
                    screen.draw(StatusText.of(all));
                }
                Thread.sleep(BETWEEN_LOOKS.toMillis());
            }
        }
    }

    private void show(List<GenerationStatus> all) {
        if (json) {
            shell.out().println(Json.of(all).toPrettyString());
        } else if (all.isEmpty()) {
            shell.out().println("No product has run on these brokers yet.");
        } else {
            StatusText.of(all).forEach(shell.out()::println);
        }
    }

    private List<GenerationStatus> look(Lifecycle lifecycle, Optional<ProductName> product) {
        if (product.isPresent()) {
            return lifecycle.status(product.get());
        }
        List<GenerationStatus> all = lifecycle.status();
        if (which.isEmpty()) {
            return all;
        }
        List<GenerationStatus> some = all.stream()
                .filter(one -> one.generation().product().domain().equals(which))
                .toList();
        if (some.isEmpty()) {
            throw new StartupException(
                    ExitCode.CONFIGURATION,
                    List.of("domain " + which + ": no product of it ever ran; domains of which one did: "
                            + all.stream()
                                    .map(one -> one.generation().product().domain())
                                    .distinct()
                                    .toList()));
        }
        return some;
    }
}
