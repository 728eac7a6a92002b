package io.kappamesh.command;

import io.kappamesh.discovery.Discovery;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.settings.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command reaches the platform: options before environment before file. */
public final class ConnectionOptions {
    private static final String BROKERS_VARIABLE = "MESH_BOOTSTRAP_SERVERS";
    private static final String REGISTRY_VARIABLE = "MESH_SCHEMA_REGISTRY_URL";
    /** Whoever gives one of them means no platform that is found by chance. */
    private static final List<String> ADDRESSES = List.of(BROKERS_VARIABLE, REGISTRY_VARIABLE);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Settings, as properties. Variables of the environment (MESH_BOOTSTRAP_SERVERS) override them. If neither is given:"
                            + " mesh.properties of the working directory, or else of the platform that `mesh up` has started.")
    private @Nullable Path config;

    @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT", description = "Kafka brokers to begin with.")
    private @Nullable String bootstrapServers;

    @Option(names = "--registry", paramLabel = "URL", description = "Addresses of the schema registry.")
    private @Nullable String registry;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help and ends.")
    @SuppressWarnings("unused") // asking for it is all there is to it
    private boolean help;

    /** @throws io.kappamesh.failure.StartupException with everything that is wrong with them */
    public Settings settings(Shell shell) {
        Map<String, String> environment = new HashMap<>(shell.environment());
        if (bootstrapServers != null) {
            environment.put(BROKERS_VARIABLE, bootstrapServers);
        }
        if (registry != null) {
            environment.put(REGISTRY_VARIABLE, registry);
        }
        Optional<Path> file = Optional.ofNullable(config);
        if (config == null
                && ADDRESSES.stream()
                        .allMatch(one -> environment.getOrDefault(one, "").isEmpty())) {
            file = LocalPlatformFile.find(Path.of("").toAbsolutePath());
            file.ifPresent(found -> shell.err().println("Settings: " + found));
        }
        return file.map(given -> Settings.load(given, environment)).orElseGet(() -> Settings.of(Map.of(), environment));
    }

    /** To look at the catalogues, once a broker has answered as for {@link #connect}. */
    public Discovery discover(Shell shell) {
        Settings settings = settings(shell);
        connect(shell, settings).close();
        return Discovery.connect(settings);
    }

    /** Returns once a broker has answered, and says for whom it waits: a wrong address is the commonest mistake of all. */
    public Lifecycle connect(Shell shell) {
        return connect(shell, settings(shell));
    }

    private static Lifecycle connect(Shell shell, Settings settings) {
        Lifecycle lifecycle = Lifecycle.connect(settings);
        try {
            lifecycle.reach(ProgressPrinter.in(shell));
            return lifecycle;
        } catch (RuntimeException unreachable) {
            lifecycle.close();
            throw unreachable;
        }
    }
}
