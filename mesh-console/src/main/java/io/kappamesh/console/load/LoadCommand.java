package io.kappamesh.console.load;

import io.kappamesh.command.Screen;
import io.kappamesh.command.Shell;
import io.kappamesh.console.work.StoppableWork;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.load.LoadProgress;
import io.kappamesh.load.PortLoader;
import io.kappamesh.load.PortLoaderBuilder;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Loads a port. */
@Command(
        name = "load",
        description =
                "Loads a published port into a table of PostgreSQL, exactly once, until it is stopped. The table of sales.orders.v1 is"
                        + " sales.orders_v1, and the view sales.orders shows it.")
final class LoadCommand implements Callable<Integer> {
    @Mixin
    private final DatabaseOptions database = new DatabaseOptions();

    @Mixin
    private final ChildOptions children = new ChildOptions();

    @Option(names = "--once", description = "Ends when everything is loaded that is committed in the topic by now.")
    private boolean once;

    @Option(
            names = "--view",
            paramLabel = "NAME",
            description = "The view's name. If not given: the port's, without its version.")
    private @Nullable String view;

    @Option(names = "--no-view", description = "Makes no view.")
    private boolean noView;

    @Option(
            names = "--take-view",
            description = "Lets the view show this port, if it shows another one, such as an earlier major version.")
    private boolean takesView;

    @Option(
            names = "--accept-gap",
            description = "Goes on behind records that were deleted from the topic before they were loaded.")
    private boolean acceptsGap;

    private final Shell shell;

    LoadCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        PortLoaderBuilder builder = database.loader(shell);
        children.addTo(builder);
        if (view != null) {
            builder.view(view);
        }
        if (noView) {
            builder.withoutView();
        }
        if (takesView) {
            builder.takingView();
        }
        if (acceptsGap) {
            builder.acceptingGap();
        }
        Screen screen = new Screen(shell.err(), shell.terminal());
        try (PortLoader loader = builder.build()) {
            return StoppableWork.run(
                    "load-" + loader.port(),
                    () -> load(loader),
                    () -> screen.draw(List.of(line(loader.progress()))),
                    loader::close,
                    ended -> {
                        screen.keep(List.of(line(loader.progress())));
                        return 0;
                    },
                    shell.err());
        }
    }

    private boolean load(PortLoader loader) {
        if (once) {
            return loader.loadToEnd();
        }
        loader.run();
        return true;
    }

    private String line(LoadProgress progress) {
        String trouble = progress.trouble().map(why -> ", waiting for " + why).orElse("");
        return "  " + database.port() + "  " + progress.phase().name().toLowerCase(java.util.Locale.ROOT) + ": "
                + HumanNumbers.count(progress.records()) + " records, " + HumanNumbers.count(progress.upserted())
                + " rows written, " + HumanNumbers.count(progress.deleted()) + " deleted"
                + (progress.refused() > 0 ? ", " + HumanNumbers.count(progress.refused()) + " dead letters" : "")
                + (progress.lag() >= 0 ? ", " + HumanNumbers.count(progress.lag()) + " behind" : "") + trouble;
    }
}
