package io.kappamesh.load;

import static org.awaitility.Awaitility.await;

import io.kappamesh.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A loader in a process of its own, which can be killed and paused. */
final class LoaderProcess implements AutoCloseable {
    private final Process process;

    private LoaderProcess(Process process) {
        this.process = process;
    }

    /** What the process runs: {@code BROKERS REGISTRY STATE URL PORT}. */
    public static void main(String[] arguments) {
        Settings settings = Settings.of(
                Map.of(
                        "bootstrap.servers", arguments[0],
                        "schema.registry.url", arguments[1],
                        "mesh.state.dir", arguments[2]),
                Map.of());
        try (PortLoader loader = PortLoader.builder(settings, arguments[4])
                .jdbc(arguments[3])
                .lease(Duration.ofSeconds(3))
                .batchRecords(100)
                .writeEvery(Duration.ofMillis(5))
                .build()) {
            loader.run();
        }
    }

    static LoaderProcess start(LoadLab lab, String port) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LoaderProcess.class.getName()));
        Map<String, String> values = lab.values();
        command.addAll(List.of(
                values.get("bootstrap.servers"),
                values.get("schema.registry.url"),
                values.get("mesh.state.dir"),
                lab.postgres().url(),
                port));
        return new LoaderProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File("target/loader-process.log"))
                .start());
    }

    /** Waits until it has claimed the table. */
    void awaitOwner(LoadLab lab, String port) {
        String domain = port.substring(0, port.indexOf('.'));
        await().atMost(LoadLab.TIMEOUT)
                .ignoreExceptions()
                .until(() -> lab.postgres()
                        .value("SELECT count(*) FROM " + domain
                                + "._mesh_loads, pg_stat_activity WHERE pid = owner_pid")
                        .equals("1"));
    }

    /** Kills it some time from now: the moment is the test's subject, and no result depends on it. */
    void killAfter(Duration delay) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(delay.toMillis());
        process.destroyForcibly().waitFor();
    }

    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill -" + name + " ended with " + code);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
