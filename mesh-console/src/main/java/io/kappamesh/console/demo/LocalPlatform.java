package io.kappamesh.console.demo;

import io.kappamesh.console.sql.LocalPostgres;
import io.kappamesh.settings.Settings;
import io.kappamesh.stack.JavaCommand;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.stack.LocalKafka;
import io.kappamesh.stack.LocalRegistry;
import io.kappamesh.stack.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The processes of the demo: a broker, a registry, the domains, and PostgreSQL if need be. Closing stops them all, the last first. Used by one thread, but
 * for {@link #close()}, which any may call.
 */
public final class LocalPlatform implements AutoCloseable {
    private static final Duration TO_STOP = Duration.ofSeconds(30);

    private final Path home;
    private final DemoOptions options;
    private final List<AutoCloseable> started = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, JavaProcess> processes = new LinkedHashMap<>();
    private final LocalKafka kafka;
    private final LocalRegistry registry;

    private LocalPlatform(Path home, DemoOptions options) {
        this.home = home;
        this.options = options;
        try {
            kafka = LocalKafka.builder()
                    .port(options.brokerPort())
                    .directory(home.resolve("broker"))
                    .heapMebibytes(768)
                    .start();
            started.add(kafka);
            registry = LocalRegistry.builder()
                    .port(options.registryPort())
                    .directory(home.resolve("registry"))
                    .persistent()
                    .start();
            started.add(registry);
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
        processes.put("broker", kafka.process(kafka.brokerIds().iterator().next()));
        processes.put("registry", registry.process());
    }

    /**
     * Starts broker and registry.
     *
     * @throws RuntimeException when a port is taken, or a process does not come up; nothing is left running then
     */
    public static LocalPlatform start(Path home, DemoOptions options) {
        requireFree("--broker-port", options.brokerPort());
        requireFree("--registry-port", options.registryPort());
        requireFree("--sales-port", options.salesPort());
        requireFree("--logistics-port", options.logisticsPort());
        options.sql().ifPresent(sql -> requireFree("--masterdata-port", sql.masterdataPort()));
        options.sql().filter(sql -> sql.own().isEmpty()).ifPresent(sql -> requireFree("--postgres-port", sql.port()));
        return new LocalPlatform(home, options);
    }

    private static void requireFree(String option, int port) {
        if (port != 0 && Ports.taken(port)) {
            throw new DemoException("port " + port + " of 127.0.0.1 is taken; choose another one with " + option);
        }
    }

    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    public String registryUrl() {
        return registry.url();
    }

    /**
     * How a client on this machine reaches it.
     *
     * @param part has a directory of this name for its state
     */
    Settings settings(String part) {
        return Settings.of(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers(),
                        "schema.registry.url",
                        registryUrl(),
                        "mesh.state.dir",
                        home.resolve(part).toString()),
                Map.of());
    }

    /** The registry, to be stopped and started again with the schemas that it had. */
    public LocalRegistry registry() {
        return registry;
    }

    /** The domains that run: sales and logistics, and master data if SQL is to ask for them. */
    public List<String> domains() {
        return options.runningDomains();
    }

    /** The products of the domains that run, each after those it reads. */
    List<WorkedProduct> products() {
        return WorkedProduct.of(domains());
    }

    /** Creates the topics and registers the schemas of all domains that run, in a process for each, all at once. */
    public void provisionDomains() {
        provision(domains().toArray(String[]::new));
    }

    /** Creates the topics and registers the schemas of domains, each in a process of its own, all at once. */
    public void provision(String... domains) {
        List<JavaProcess> provisioning = Stream.of(domains)
                .map(domain -> command(domain, "provision").start())
                .toList();
        for (JavaProcess process : provisioning) {
            int code = process.awaitExitCode();
            if (code != 0) {
                throw new DemoException(process.name() + " ended with exit code " + code + "; the end of its log:\n"
                        + process.logTail(15));
            }
        }
    }

    /** Starts the domains as processes of their own, each by {@code java -jar}. */
    public void startDomains() {
        domains().forEach(this::startDomain);
    }

    /** Starts a domain, for the first time or on the state that an ended process of it left behind; does not wait for it. */
    public void startDomain(String domain) {
        JavaProcess former = processes.get(domain);
        if (former != null && former.isAlive()) {
            throw new IllegalStateException(domain + " runs already, as " + former);
        }
        processes.put(domain, started(command(domain, "run")));
    }

    /** Starts one more process of a domain, which shares the partitions with the one that runs and has a state of its own. */
    public JavaProcess startBeside(String domain) {
        return started(command(domain, domain + "-2", "run", 0));
    }

    private JavaProcess started(JavaCommand command) {
        JavaProcess process = command.start();
        started.add(() -> process.stop(TO_STOP));
        return process;
    }

    /** Starts a PostgreSQL. */
    LocalPostgres startPostgres(int port) {
        LocalPostgres postgres = LocalPostgres.start(home.resolve("postgres"), port);
        started.add(postgres);
        return postgres;
    }

    /** Closes something else before what was started before it. */
    void closing(AutoCloseable part) {
        started.add(part);
    }

    /** The latest process of a domain. */
    public JavaProcess domain(String name) {
        JavaProcess process = processes.get(name);
        if (process == null) {
            throw new IllegalStateException(name + " was not started");
        }
        return process;
    }

    public int httpPort(String domain) {
        return switch (domain) {
            case "sales" -> options.salesPort();
            case "logistics" -> options.logisticsPort();
            case "masterdata" -> options.sql().orElseThrow().masterdataPort();
            default -> throw new IllegalArgumentException("no domain " + domain + " in the demo");
        };
    }

    /** The most memory each process had resident so far, in bytes, where the operating system tells. */
    public Map<String, Long> peakMemory() {
        Map<String, Long> peaks = new LinkedHashMap<>();
        processes.forEach((name, process) -> process.peakMemoryBytes().ifPresent(bytes -> peaks.put(name, bytes)));
        return peaks;
    }

    private JavaCommand command(String domain, String verb) {
        return command(domain, domain, verb, httpPort(domain));
    }

    private JavaCommand command(String domain, String instance, String verb, int httpPort) {
        String module = "mesh-domain-" + domain;
        return JavaCommand.jar(
                        instance + "-" + verb,
                        home.resolve(instance + ".log"),
                        jar(options.domains().resolve(module).resolve("target"), module))
                .jvmArguments("-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")
                .environment(Map.of(
                        "MESH_BOOTSTRAP_SERVERS", bootstrapServers(),
                        "MESH_SCHEMA_REGISTRY_URL", registryUrl(),
                        "MESH_STATE_DIR",
                                home.resolve("state").resolve(instance).toString(),
                        "MESH_INSTANCE_ID", instance.equals(domain) ? domain + "-1" : instance,
                        "MESH_HTTP_PORT", Integer.toString(httpPort)))
                .arguments(verb);
    }

    private static Path jar(Path target, String module) {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().matches(module + "-[0-9].*\\.jar"))
                    .filter(file -> !file.getFileName().toString().matches(".*-(tests|sources|javadoc)\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new DemoException("no jar of " + module + " in " + target
                            + "; build it with `mvn package`, or start the demo with ./mesh, which does"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        synchronized (started) {
            Collections.reverse(started);
            for (AutoCloseable part : started) {
                try {
                    part.close();
                } catch (Exception e) {
                    throw new IllegalStateException("a process did not stop", e);
                }
            }
            started.clear();
        }
    }
}
