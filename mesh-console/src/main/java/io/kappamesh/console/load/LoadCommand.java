package io.kappamesh.console.load;

import io.kappamesh.command.Screen;
import io.kappamesh.command.Shell;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.load.LoadProgress;
import io.kappamesh.load.PortLoader;
import io.kappamesh.load.PortLoaderBuilder;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final long LOOK_MILLIS = 500;

    @Mixin
    private final DatabaseOptions database = new DatabaseOptions();

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
            Thread atEnd = new Thread(loader::close, "stop-loading");
            Runtime.getRuntime().addShutdownHook(atEnd);
            try {
                follow(loader, screen);
            } finally {
                withdraw(atEnd);
            }
            screen.keep(List.of(line(loader.progress())));
            return 0;
        }
    }

    /** Shows how far it is until it ends, and throws what it ended with. */
    private void follow(PortLoader loader, Screen screen) throws InterruptedException {
        FutureTask<Boolean> work = new FutureTask<>(() -> {
            if (once) {
                return loader.loadToEnd();
            }
            loader.run();
            return true;
        });
        Thread worker = new Thread(work, "load-" + loader.port());
        worker.setDaemon(true);
        worker.start();
        while (true) {
            try {
                work.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException notYet) {
                screen.draw(List.of(line(loader.progress())));
            } catch (ExecutionException ended) {
                throw unwrapped(ended);
            }
        }
    }

    private static RuntimeException unwrapped(ExecutionException ended) {
        Throwable cause = ended.getCause();
        if (cause instanceof LifecycleException || cause instanceof StartupException) {
            return (RuntimeException) cause;
        }
        return cause instanceof RuntimeException bug ? bug : new IllegalStateException(cause);
    }

    private static void withdraw(Thread atEnd) {
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException ending) {
            // It is running.
        }
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
