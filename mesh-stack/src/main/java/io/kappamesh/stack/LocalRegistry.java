package io.kappamesh.stack;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real schema registry (Apicurio Registry, speaking Confluent's API) on loopback, in a child JVM. Needs no network:
 * the archive comes from the local Maven repository, or from the file that the system property
 * {@code mesh.registry.archive} names. Not thread-safe, except that {@link #close()} may be called by anybody, more
 * than once.
 */
public final class LocalRegistry implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration ONE_REQUEST = Duration.ofSeconds(2);
    private static final int OK = 200;
    private static final String NAME = "schema registry";

    private final Workspace workspace;
    private final int port;
    private final Duration readyWithin;
    private final JavaCommand command;
    private final HttpClient http = HttpClient.newHttpClient();
    private volatile @Nullable JavaProcess process;

    private LocalRegistry(LocalRegistryBuilder options, Path program, Workspace workspace) {
        this.workspace = workspace;
        this.port = options.port == 0 ? Ports.free() : options.port;
        this.readyWithin = options.readyWithin;
        this.command = JavaCommand.jar(
                        NAME,
                        workspace.path().resolve("registry.log"),
                        program.resolve(RegistryArchive.name() + "-runner.jar"))
                .jvmArguments("-Xmx" + options.heapMebibytes + "m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .environment(environment(port, options.persistent, workspace.path()));
    }

    /** Settings, each with a default, and {@link LocalRegistryBuilder#start()}. */
    public static LocalRegistryBuilder builder() {
        return new LocalRegistryBuilder();
    }

    static LocalRegistry start(LocalRegistryBuilder options) {
        if (options.port != 0) {
            Ports.requireFree("local schema registry", options.port);
        }
        Path program = Unpacking.once(RegistryArchive.locate(), Unpacking.cache(), RegistryArchive.name());
        LocalRegistry registry =
                new LocalRegistry(options, program, Workspace.in(options.directory, "kappa-mesh-registry-"));
        try {
            registry.start();
            return registry;
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    /** The address for {@code schema.registry.url}. */
    public String url() {
        return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
    }

    /** The latest process, for its pid, memory and log. */
    public JavaProcess process() {
        if (process == null) {
            throw new IllegalStateException(NAME + " was never started");
        }
        return process;
    }

    /** Stops it in order (SIGTERM). */
    public void stop() {
        process().stop(TIMEOUT);
    }

    /** Kills it (SIGKILL). */
    public void kill() {
        process().kill();
    }

    /**
     * Starts it again after a stop or kill, on the same port, and returns when it answers; with its schemas if it is
     * persistent, empty otherwise.
     *
     * @throws StartException if the port is taken, or it ends or does not answer
     */
    public void start() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException(process + " runs already; stop or kill it before you start it again");
        }
        Ports.requireFree("local schema registry", port);
        process = command.start();
        HttpRequest subjects = HttpRequest.newBuilder(URI.create(url() + "/subjects"))
                .timeout(ONE_REQUEST)
                .build();
        Readiness.await(
                process,
                readyWithin,
                () -> http.send(subjects, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == OK);
    }

    /** Pauses it with its connections open (SIGSTOP). */
    public void pause() {
        process().pause();
    }

    /** Lets it go on (SIGCONT). */
    public void resume() {
        process().resume();
    }

    /** Stops it and deletes its data and log, unless they are in a directory of the caller's. */
    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        workspace.close();
    }

    private static Map<String, String> environment(int port, boolean persistent, Path directory) {
        Map<String, String> environment =
                new HashMap<>(Map.of("QUARKUS_HTTP_HOST", "127.0.0.1", "QUARKUS_HTTP_PORT", Integer.toString(port)));
        if (persistent) {
            environment.put("APICURIO_STORAGE_KIND", "sql");
            environment.put("APICURIO_STORAGE_SQL_KIND", "h2");
            environment.put("APICURIO_DATASOURCE_URL", "jdbc:h2:file:" + directory.resolve("schemas"));
        }
        return environment;
    }
}
