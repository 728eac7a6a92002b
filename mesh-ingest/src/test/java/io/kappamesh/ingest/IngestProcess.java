package io.kappamesh.ingest;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An ingest in a process of its own, which can be killed and paused. */
final class IngestProcess implements AutoCloseable {
    private final Process process;

    private IngestProcess(Process process) {
        this.process = process;
    }

    /** What the process runs: {@code BROKERS REGISTRY DOMAIN ROWS_OF_A_TRANSACTION FILES…}. */
    public static void main(String[] arguments) throws InterruptedException {
        PortIngestBuilder<?> builder = PortIngest.builder(
                        IngestLab.settings(arguments[0], arguments[1]),
                        IngestLab.product(arguments[2]),
                        IngestLab.port(arguments[2]))
                .transactionRows(Integer.parseInt(arguments[3]))
                .commitEvery(Duration.ofMillis(50));
        for (int at = 4; at < arguments.length; at++) {
            builder.files(arguments[at]);
        }
        try (PortIngest<?> ingest = builder.build()) {
            IngestReport report = ingest.run();
            System.exit(report.isComplete() ? 0 : 1);
        }
    }

    static IngestProcess start(IngestLab lab, String domain, int rows, Path... files) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                IngestProcess.class.getName(),
                lab.broker().bootstrapServers(),
                lab.registry().url(),
                domain,
                Integer.toString(rows)));
        for (Path file : files) {
            command.add(file.toString());
        }
        return new IngestProcess(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target/ingest-process.log")))
                .start());
    }

    /** Waits until it has committed something. */
    void awaitRecords(IngestLab lab, String domain, int more) {
        await().atMost(IngestLab.TIMEOUT)
                .until(() -> !process.isAlive()
                        || lab.broker().committedEnds(domain + ".sales.v1").values().stream()
                                        .mapToLong(one -> one)
                                        .sum()
                                >= more);
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
