package io.kappamesh.console.local;

import io.kappamesh.command.LocalPlatformFile;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.stack.Ports;
import io.kappamesh.stack.StartException;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a broker and a registry to develop against. Exit codes: 0 they run, 69 they do not, 78 an option. */
@Command(
        name = "up",
        description = {
            "Starts a Kafka broker and a schema registry on this machine's loopback, and returns when both answer. They keep their data"
                    + " until `mesh up --fresh`.",
            "Every other command, and the program of a domain, finds them by itself: it reads the mesh.properties that this writes."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class UpCommand implements Callable<Integer> {
    private static final long BETWEEN_LOOKS_MILLIS = 100;
    private static final int LOG_LINES = 20;

    @Option(
            names = "--fresh",
            description = "Begins with nothing: stops what runs, and deletes its topics, schemas and state.")
    private boolean fresh;

    @Option(names = "--foreground", description = "Stays until an interrupt, which stops both.")
    private boolean foreground;

    @Option(names = "--broker-port", paramLabel = "PORT", description = "Loopback port of the broker.")
    private int brokerPort = 19092;

    @Option(names = "--registry-port", paramLabel = "PORT", description = "Loopback port of the schema registry.")
    private int registryPort = 18081;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Where data, logs and mesh.properties are kept. If not given: .kappa-mesh/local in your home."
                    + " Commands find a platform in another directory with --config DIR/mesh.properties.",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private @Nullable Path directory;

    private final PrintStream out;
    private final PrintStream err;

    /** Made by the command line. */
    public UpCommand() {
        this(System.out, System.err);
    }

    UpCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LocalHome home = new LocalHome((directory == null ? LocalPlatformFile.directory() : directory)
                .toAbsolutePath()
                .normalize());
        try {
            if (fresh) {
                DownCommand.stop(home);
            } else if (home.isRunning()) {
                return alreadyRuns(home);
            }
            home.lock().ifPresent(lock -> {
                home.endLeftovers();
                LocalHome.close(lock);
            });
            requireFree("--broker-port", brokerPort);
            requireFree("--registry-port", registryPort);
            if (foreground) {
                new Supervisor(home).run(brokerPort, registryPort, fresh, () -> tell(home, "Ready"));
            } else {
                startBehind(home);
            }
            return ExitCode.OK.number();
        } catch (StartException | LocalPlatformException failed) {
            err.println(failed.getMessage());
            return ExitCode.PLATFORM.number();
        }
    }

    private int alreadyRuns(LocalHome home) throws InterruptedException {
        Properties settings = awaitSettings(home);
        if (!settings.getProperty("bootstrap.servers", "").endsWith(":" + brokerPort)
                || !settings.getProperty("schema.registry.url", "").contains(":" + registryPort + "/")) {
            tell(home, "Already running, with other ports than asked for (`mesh down` stops it)");
            return ExitCode.CONFIGURATION.number();
        }
        tell(home, "Already running");
        return ExitCode.OK.number();
    }

    /** Those of a platform that somebody else is starting right now. */
    private static Properties awaitSettings(LocalHome home) throws InterruptedException {
        while (home.isRunning()) {
            Properties settings = home.readSettings();
            if (!settings.isEmpty()) {
                return settings;
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
        }
        throw new LocalPlatformException("local platform: it has just ended; its log is " + home.log());
    }

    private void requireFree(String option, int port) {
        if (port < 1 || port > 65_535) {
            throw new LocalPlatformException("option " + option + ": expected a port from 1 to 65535 but was " + port);
        }
        if (Ports.taken(port)) {
            throw new LocalPlatformException("port " + port + " on 127.0.0.1 is taken by another process;"
                    + " stop that process, or choose another port with " + option);
        }
    }

    /** The same program once more, in a process that outlives this one and hears nothing of this terminal. */
    private void startBehind(LocalHome home) throws IOException, InterruptedException {
        out.println("Starting a broker on 127.0.0.1:" + brokerPort + " and a schema registry on 127.0.0.1:"
                + registryPort + (fresh ? ", without data" : ""));
        Files.createDirectories(home.directory());
        File log = home.log().toFile();
        Process process = new ProcessBuilder(line(home))
                .directory(home.directory().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log)
                .start();
        while (home.readSettings().isEmpty()) {
            if (!process.isAlive()) {
                throw new LocalPlatformException(
                        "The local platform did not start; the end of " + log + ":\n" + tail(home));
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
        }
        tell(home, "Ready");
    }

    private List<String> line(LocalHome home) {
        List<String> line = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            line.add("/usr/bin/setsid");
        }
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        line.addAll(List.of("io.kappamesh.console.Mesh", "up", "--foreground"));
        line.addAll(List.of("--home", home.directory().toString()));
        line.addAll(List.of("--broker-port", Integer.toString(brokerPort)));
        line.addAll(List.of("--registry-port", Integer.toString(registryPort)));
        if (fresh) {
            line.add("--fresh");
        }
        return line;
    }

    private static String tail(LocalHome home) throws IOException {
        List<String> lines = Files.readAllLines(home.log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    }

    private void tell(LocalHome home, String first) {
        Properties settings = home.readSettings();
        out.println(first);
        out.println("  broker    " + settings.getProperty("bootstrap.servers"));
        out.println("  registry  " + settings.getProperty("schema.registry.url"));
        out.println("  settings  " + home.settings());
        home.logs().forEach(log -> out.println("  log       " + log));
        out.println("Stop it with `./mesh down`.");
        out.flush();
    }
}
