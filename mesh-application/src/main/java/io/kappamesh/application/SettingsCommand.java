package io.kappamesh.application;

import io.kappamesh.command.Shell;
import io.kappamesh.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Documents the settings. */
@Command(name = "settings", description = "Prints every setting there is, as Markdown.")
final class SettingsCommand implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help and ends.")
    @SuppressWarnings("unused") // asking for it is all there is to it
    private boolean help;

    private final Shell shell;

    SettingsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public void run() {
        shell.out().print(Settings.markdown());
    }
}
