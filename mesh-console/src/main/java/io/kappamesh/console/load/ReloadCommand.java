package io.kappamesh.console.load;

import io.kappamesh.command.ProgressPrinter;
import io.kappamesh.command.Shell;
import io.kappamesh.display.HumanNumbers;
import io.kappamesh.load.LoadProgress;
import io.kappamesh.load.PortLoaderBuilder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Builds a table again. */
@Command(
        name = "reload",
        description =
                "Builds the table of a port again from the topic, beside the old one, and exchanges them in one transaction. Readers see"
                        + " the old table until then. A loader that runs goes on with the new one.")
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private final DatabaseOptions database = new DatabaseOptions();

    @Mixin
    private final ChildOptions children = new ChildOptions();

    @Option(names = "--forget", description = "Drops rows too whose records the topic has forgotten.")
    private boolean forgets;

    private final Shell shell;

    ReloadCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        PortLoaderBuilder loader = database.loader(shell);
        children.addTo(loader);
        LoadProgress done = loader.reload(forgets, ProgressPrinter.in(shell));
        shell.out()
                .println(database.port() + ": " + HumanNumbers.count(done.records())
                        + " records loaded into a new table," + " which has taken the place of the old one");
        return 0;
    }
}
