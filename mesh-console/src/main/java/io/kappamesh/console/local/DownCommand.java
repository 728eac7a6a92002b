package io.kappamesh.console.local;

import io.kappamesh.command.LocalPlatformFile;
import io.kappamesh.failure.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops what {@code mesh up} has started. Exit code 0 also when nothing runs. */
@Command(
        name = "down",
        description = "Stops the broker and the registry that `mesh up` has started. Their data stays.",
        mixinStandardHelpOptions = true)
public final class DownCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(45);
    private static final long BETWEEN_LOOKS_MILLIS = 100;

    @Option(names = "--home", paramLabel = "DIR", description = "As given to `mesh up`.")
    private @Nullable Path directory;

    /** Made by the command line. */
    public DownCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        LocalHome home = new LocalHome((directory == null ? LocalPlatformFile.directory() : directory)
                .toAbsolutePath()
                .normalize());
        try {
            System.out.println(stop(home) ? "Stopped; the data stays in " + home.directory() : "Nothing is running.");
            return ExitCode.OK.number();
        } catch (LocalPlatformException failed) {
            System.err.println(failed.getMessage());
            return ExitCode.PLATFORM.number();
        }
    }

    /** Returns when nothing of it runs any more; false if nothing did. */
    static boolean stop(LocalHome home) throws InterruptedException {
        boolean ran = home.isRunning();
        long began = System.nanoTime();
        while (home.isRunning()) {
            List<ProcessHandle> processes = home.processes();
            if (System.nanoTime() - began > TIMEOUT.toNanos()) {
                throw new LocalPlatformException("local platform: it does not stop; its processes are "
                        + processes.stream().map(ProcessHandle::pid).toList() + ", its log " + home.log());
            }
            // Until it has written down who it is, it is still starting.
            processes.stream().findFirst().ifPresent(ProcessHandle::destroy);
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
        }
        if (!home.processes().isEmpty()) {
            home.lock().ifPresent(lock -> {
                home.endLeftovers();
                LocalHome.close(lock);
            });
            return true;
        }
        return ran;
    }
}
