package io.kappamesh.command;

import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.settings.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command reaches the platform: options before environment before file. */
public final class ConnectionOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Settings, as properties. Variables of the environment (MESH_BOOTSTRAP_SERVERS) override them.")
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
            environment.put("MESH_BOOTSTRAP_SERVERS", bootstrapServers);
        }
        if (registry != null) {
            environment.put("MESH_SCHEMA_REGISTRY_URL", registry);
        }
        return config == null ? Settings.of(Map.of(), environment) : Settings.load(config, environment);
    }

    /** Returns once a broker has answered, and says for whom it waits: a wrong address is the commonest mistake of all. */
    Lifecycle connect(Shell shell) {
        Lifecycle lifecycle = Lifecycle.connect(settings(shell));
        try {
            lifecycle.reach(ProgressPrinter.in(shell));
            return lifecycle;
        } catch (RuntimeException unreachable) {
            lifecycle.close();
            throw unreachable;
        }
    }
}
