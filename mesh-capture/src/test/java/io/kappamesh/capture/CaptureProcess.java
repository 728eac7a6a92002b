package io.kappamesh.capture;

import io.kappamesh.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A capture in a process of its own, which can be killed and paused. */
final class CaptureProcess implements AutoCloseable {
    private final Process process;

    private CaptureProcess(Process process) {
        this.process = process;
    }

    /** What the process runs: {@code BROKERS REGISTRY DATABASE NAME RECORDS_OF_A_TRANSACTION}. */
    public static void main(String[] arguments) {
        Settings settings =
                Settings.of(Map.of("bootstrap.servers", arguments[0], "schema.registry.url", arguments[1]), Map.of());
        try (PortCapture capture = PortCapture.builder(settings, CaptureLab.port(arguments[3]))
                .jdbc(arguments[2])
                .table("public." + arguments[3])
                .transactionRecords(Integer.parseInt(arguments[4]))
                .commitEvery(Duration.ofMillis(20))
                .build()) {
            capture.run();
        }
    }

    static CaptureProcess start(CaptureLab lab, String name, int records) throws IOException {
        return new CaptureProcess(new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CaptureProcess.class.getName(),
                        lab.settings().bootstrapServers(),
                        lab.settings().registryUrl(),
                        lab.postgres().url(),
                        name,
                        Integer.toString(records)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/capture-process.log")))
                .start());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it some time from now: the moment is the test's subject, and no result depends on it. */
    void killAfter(Duration delay) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(delay.toMillis());
        process.destroyForcibly().waitFor();
    }

    int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    void signal(String name) throws IOException, InterruptedException {
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
