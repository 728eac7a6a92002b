package io.kappamesh.ingest;

import static org.awaitility.Awaitility.await;

import io.kappamesh.fixture.KillableProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** An ingest in a process of its own, which can be killed and paused. Stateless. */
final class IngestProcess {
    private IngestProcess() {}

    /** What the process runs: {@code BROKERS REGISTRY DOMAIN WRITERS ROWS_OF_A_TRANSACTION FILES…}. */
    public static void main(String[] arguments) throws InterruptedException {
        PortIngestBuilder<?> builder = PortIngest.builder(
                        IngestLab.settings(arguments[0], arguments[1]),
                        IngestLab.product(arguments[2]),
                        IngestLab.port(arguments[2]))
                .writers(Integer.parseInt(arguments[3]))
                .transactionRows(Integer.parseInt(arguments[4]))
                .commitEvery(Duration.ofMillis(50));
        for (int at = 5; at < arguments.length; at++) {
            builder.files(arguments[at]);
        }
        try (PortIngest<?> ingest = builder.build()) {
            IngestReport report = ingest.run();
            System.exit(report.isComplete() ? 0 : 1);
        }
    }

    static KillableProcess start(IngestLab lab, String domain, int writers, int rows, Path... files)
            throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                lab.broker().bootstrapServers(),
                lab.registry().url(),
                domain,
                Integer.toString(writers),
                Integer.toString(rows)));
        for (Path file : files) {
            arguments.add(file.toString());
        }
        return KillableProcess.start("ingest-process", IngestProcess.class, arguments);
    }

    /** Waits until it has committed something. */
    static void awaitRecords(KillableProcess process, IngestLab lab, String domain, int more) {
        await().atMost(IngestLab.TIMEOUT)
                .until(() -> !process.isAlive()
                        || lab.broker().committedEnds(domain + ".sales.v1").values().stream()
                                        .mapToLong(one -> one)
                                        .sum()
                                >= more);
    }
}
