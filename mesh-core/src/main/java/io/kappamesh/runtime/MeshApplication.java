package io.kappamesh.runtime;

import io.kappamesh.avro.SchemaRegistry;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.DeclarationException;
import io.kappamesh.topology.StreamingProduct;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;

/**
 * The main program of a domain: {@code [run|provision|settings] [--config FILE]}.
 *
 * <p>{@code run}, the default, runs all products until the process is asked to stop or one of them cannot go on. {@code provision}
 * creates the topics and registers the schemas that the domain owns, and ends; {@code run} does the same first. {@code settings}
 * prints every setting there is. The exit code is one of {@link ExitCode}; a process stopped by SIGTERM ends, as every JVM, with 143.
 */
public final class MeshApplication {
    private static final String USAGE = "usage: [run|provision|settings] [--config FILE]";

    private final List<StreamingProduct> products;
    private final PrintStream out;
    private final PrintStream err;

    MeshApplication(List<StreamingProduct> products, PrintStream out, PrintStream err) {
        this.products = List.copyOf(products);
        this.out = out;
        this.err = err;
    }

    /** The program that runs these products. */
    public static MeshApplication of(List<StreamingProduct> products) {
        return new MeshApplication(products, System.out, System.err);
    }

    /**
     * Runs the program; returns the exit code.
     *
     * @param environment all of it, such as {@link System#getenv()}
     */
    public int run(String[] arguments, Map<String, String> environment) {
        try {
            Arguments given = Arguments.of(arguments);
            return switch (given.verb()) {
                case "run" -> run(settings(given, environment));
                case "provision" -> provision(settings(given, environment));
                default -> {
                    out.print(Settings.markdown());
                    yield ExitCode.OK.number();
                }
            };
        } catch (StartupException refused) {
            return tell(refused.exitCode(), refused.problems());
        } catch (DeclarationException refused) {
            return tell(ExitCode.CONFIGURATION, refused.problems());
        } catch (InterruptedException stop) {
            return ExitCode.OK.number();
        }
    }

    private static Settings settings(Arguments given, Map<String, String> environment) {
        return given.config().isPresent()
                ? Settings.load(given.config().get(), environment)
                : Settings.of(Map.of(), environment);
    }

    private int run(Settings settings) {
        try (MeshRuntime runtime = MeshRuntime.start(settings, products)) {
            Thread hook = new Thread(runtime::close, "mesh-shutdown");
            Runtime.getRuntime().addShutdownHook(hook);
            MeshRuntime.End end = runtime.awaitEnd();
            return tell(end.code(), end.problems());
        }
    }

    private int provision(Settings settings) throws InterruptedException {
        List<DataProduct> declared =
                products.stream().map(StreamingProduct::product).toList();
        Patience patience = Patience.of(settings.platformPatience());
        try (Admin admin = Admin.create(settings.admin());
                SchemaRegistry registry = SchemaRegistry.connect(settings.registry())) {
            new Topics(admin, patience).provisionPorts(declared);
            Contracts.register(registry, patience, declared);
        }
        return ExitCode.OK.number();
    }

    private int tell(ExitCode code, List<String> problems) {
        problems.forEach(err::println);
        return code.number();
    }

    /** What the command line says. */
    private record Arguments(String verb, Optional<Path> config) {
        private static final List<String> VERBS = List.of("run", "provision", "settings");

        static Arguments of(String[] given) {
            String verb = "run";
            Optional<Path> config = Optional.empty();
            for (int i = 0; i < given.length; i++) {
                if (given[i].equals("--config") && i + 1 < given.length) {
                    config = Optional.of(Path.of(given[++i]));
                } else if (i == 0 && VERBS.contains(given[i])) {
                    verb = given[i];
                } else {
                    throw new StartupException(
                            ExitCode.CONFIGURATION, List.of("argument '" + given[i] + "' is not known; " + USAGE));
                }
            }
            return new Arguments(verb, config);
        }
    }
}
