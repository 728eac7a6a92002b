package io.kappamesh.governance;

import io.kappamesh.build.LibraryVersion;
import io.kappamesh.catalog.RunningGeneration;
import io.kappamesh.command.ConnectionOptions;
import io.kappamesh.command.Shell;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.runs.LineageEndpoint;
import io.kappamesh.runs.LineageEvents;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what control topics and catalogues know of the runs of products. */
@Command(
        name = "runs",
        description =
                "Prints what runs of the products have done, as events of OpenLineage, one a line: live runs, replays and promotions, as far as it is"
                        + " known now.")
final class RunsCommand implements Callable<Integer> {
    private static final String KEY = "OPENLINEAGE_API_KEY";

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "PRODUCT|DOMAIN", arity = "0..1", description = "Such as sales.orders. If not given: all.")
    private String what = "";

    @Option(
            names = "--to",
            paramLabel = "URL",
            description =
                    "Sends the events to a lineage service instead, such as http://marquez:5000/api/v1/lineage, one POST each. A key in the"
                            + " environment variable OPENLINEAGE_API_KEY goes with them.")
    private @Nullable String to;

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
            List<String> all = new ArrayList<>();
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
                                    .forEach(all::add)));
            deliver(all);
            control.unknown()
                    .forEach((product, why) -> shell.err().println("not read: " + product + ": " + why.getMessage()));
            return 0;
        }
    }

    private void deliver(List<String> events) {
        if (to == null) {
            events.forEach(shell.out()::println);
            return;
        }
        LineageEndpoint service =
                new LineageEndpoint(to, Optional.ofNullable(shell.environment().get(KEY)));
        int sent = 0;
        try {
            for (String event : events) {
                service.send(event);
                sent++;
            }
        } catch (IOException failed) {
            throw new StartupException(
                    ExitCode.PLATFORM,
                    List.of(
                            "--to: " + sent + " of " + events.size() + " events were taken, then: "
                                    + failed.getMessage()
                                    + "; run it again when the service answers: events that are sent again are about the same runs"));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new StartupException(ExitCode.PLATFORM, "interrupted while events were sent", stop);
        }
        shell.err().println(sent + " events were sent");
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
