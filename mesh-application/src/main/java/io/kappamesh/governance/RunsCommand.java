package io.kappamesh.governance;

import io.kappamesh.build.LibraryVersion;
import io.kappamesh.catalog.RunningGeneration;
import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.Shell;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.runs.LineageEvents;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints what control topics and catalogues know of the runs of products. */
@Command(
        name = "runs",
        description =
                "Prints what runs of the products have done, as events of OpenLineage, one a line: live runs, replays and promotions, as far as it is"
                        + " known now.")
final class RunsCommand implements Callable<Integer> {
    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT|DOMAIN", arity = "0..1", description = "Such as sales.orders. If not given: all.")
    private String what = "";

    private final Shell shell;

    RunsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String broker = connection.settings(shell).bootstrapServers().split(",", -1)[0];
        try (Discovery discovery = connection.discover(shell)) {
            Catalog catalog = discovery.catalog();
            ControlSnapshot control = discovery.decisions(catalog);
            LineageEvents events = new LineageEvents(broker, LibraryVersion.text(), Instant.now());
            control.lifecycles().stream()
                    .filter(one -> what.isEmpty()
                            || what.equals(one.product())
                            || what.equals(one.name().domain()))
                    .forEach(one -> catalog.product(one.name())
                            .ifPresent(product -> events.of(
                                            product.description(),
                                            one,
                                            number -> state(product, number),
                                            failures(control, one))
                                    .forEach(shell.out()::println)));
            control.unknown()
                    .forEach((product, why) -> shell.err().println("not read: " + product + ": " + why.getMessage()));
            return 0;
        }
    }

    private static Optional<String> state(FoundProduct product, int number) {
        return product.processes().stream()
                .flatMap(process -> process.generations().stream())
                .filter(one -> one.number() == number)
                .map(RunningGeneration::state)
                .findFirst();
    }

    private static List<Failure> failures(ControlSnapshot control, ProductLifecycle lifecycle) {
        return lifecycle.generations().stream()
                .flatMap(one -> control.failure(new Generation(lifecycle.name(), one.number())).stream())
                .toList();
    }
}
