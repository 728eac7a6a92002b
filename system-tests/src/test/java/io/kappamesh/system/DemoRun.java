package io.kappamesh.system;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.console.Mesh;
import io.kappamesh.stack.JavaCommand;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.stack.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code mesh demo} in a process of its own, as its user runs it, but on free ports. */
final class DemoRun implements AutoCloseable {
    /** Of a demo that hangs; at scale 0.1 out of archives one takes six minutes where nothing else runs, and twelve beside a build. */
    private static final Duration TIMEOUT = Duration.ofMinutes(20);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Integer> ports;
    private final Path report;
    private final JavaProcess process;

    /**
     * Starts it.
     *
     * @param folder takes report and output
     * @param temporary what the demo takes for the machine's folder of temporary files
     * @param ports of broker, registry, sales and logistics
     */
    private DemoRun(Path folder, Path temporary, List<Integer> ports, List<String> options) {
        this.ports = ports;
        this.report = folder.resolve("report.json");
        List<String> arguments = new ArrayList<>(List.of("demo", "--report", report.toString()));
        arguments.addAll(List.of(
                "--broker-port",
                ports.get(0).toString(),
                "--registry-port",
                ports.get(1).toString()));
        arguments.addAll(List.of(
                "--sales-port",
                ports.get(2).toString(),
                "--logistics-port",
                ports.get(3).toString()));
        arguments.addAll(options);
        this.process = JavaCommand.main(
                        "mesh demo",
                        folder.resolve("output"),
                        System.getProperty("java.class.path"),
                        Mesh.class.getName())
                .jvmArguments(
                        "-Xmx768m",
                        "-XX:+UseSerialGC",
                        "-Dmesh.home=" + Checkout.root(),
                        "-Djava.io.tmpdir=" + temporary)
                .arguments(arguments.toArray(String[]::new))
                .start();
    }

    static DemoRun start(Path folder, Path temporary, String... options) {
        return onPorts(folder, temporary, Ports.free(4), options);
    }

    /** On these ports of broker, registry, sales and logistics. */
    static DemoRun onPorts(Path folder, Path temporary, List<Integer> ports, String... options) {
        return new DemoRun(folder, temporary, ports, List.of(options));
    }

    String bootstrapServers() {
        return "127.0.0.1:" + ports.get(0);
    }

    String registryUrl() {
        return "http://127.0.0.1:" + ports.get(1) + "/apis/ccompat/v7";
    }

    /** The processes that it runs on this machine now. */
    List<ProcessHandle> parts() {
        return ProcessHandle.of(process.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end; returns the exit code. */
    int awaitEnd() {
        await().alias("the end of the demo").atMost(TIMEOUT).until(() -> !process.isAlive());
        return process.exitCode().orElseThrow();
    }

    /** Waits until it has shown its answers and goes on serving. */
    void awaitServing() {
        await().alias("the demo to serve")
                .atMost(TIMEOUT)
                .until(() -> !process.isAlive() || output().contains("READY"));
    }

    /** Interrupts it, as a user does who has seen enough. */
    void interrupt() {
        process.stop(TIMEOUT);
    }

    String output() {
        return process.logTail(200);
    }

    JsonNode report() throws IOException {
        return JSON.readTree(Files.readString(report));
    }

    @Override
    public void close() {
        process.close();
    }
}
