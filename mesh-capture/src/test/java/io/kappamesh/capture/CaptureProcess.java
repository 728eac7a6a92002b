package io.kappamesh.capture;

import io.kappamesh.fixture.KillableProcess;
import io.kappamesh.settings.Settings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A capture in a process of its own, which can be killed and paused. Stateless. */
final class CaptureProcess {
    private CaptureProcess() {}

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

    static KillableProcess start(CaptureLab lab, String name, int records) throws IOException {
        return KillableProcess.start(
                "capture-process",
                CaptureProcess.class,
                List.of(
                        lab.settings().bootstrapServers(),
                        lab.settings().registryUrl(),
                        lab.postgres().url(),
                        name,
                        Integer.toString(records)));
    }
}
