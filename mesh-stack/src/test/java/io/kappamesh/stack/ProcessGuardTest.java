package io.kappamesh.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs({OS.LINUX, OS.MAC})
class ProcessGuardTest {

    @Test
    void processesThatHadNotEndedAreKilledWhenThePipeEnds() throws Exception {
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                processes.add(new ProcessBuilder("sleep", "600").start());
            }
            Process guard = new ProcessBuilder("sh", "-c", ProcessGuard.SCRIPT).start();
            try (OutputStream pipe = guard.getOutputStream()) {
                for (Process process : processes) {
                    tell(pipe, "begun " + process.pid());
                }
                // The ids of processes that have ended may be those of others by now.
                tell(pipe, "ended " + processes.get(1).pid());
                tell(pipe, "ended 1");
            }

            assertThat(guard.waitFor()).isNotNegative();
            assertThat(processes.get(0).waitFor()).isEqualTo(137);
            assertThat(processes.get(2).waitFor()).isEqualTo(137);
            assertThat(processes.get(1).isAlive()).isTrue();
        } finally {
            for (Process process : processes) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private static void tell(OutputStream pipe, String line) throws Exception {
        pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        pipe.flush();
    }
}
