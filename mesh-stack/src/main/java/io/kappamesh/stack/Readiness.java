package io.kappamesh.stack;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Waits until a child process answers; gives up at the deadline, and at once when the process has ended. */
final class Readiness {

    private static final Duration BETWEEN_PROBES = Duration.ofMillis(50);
    private static final int TAIL_LINES = 30;

    /** One question to the process. An exception means "not yet", and is told if it stays that way. */
    @FunctionalInterface
    interface Probe {
        boolean answers() throws Exception;
    }

    private Readiness() {}

    static void await(JavaProcess process, Duration limit, Probe probe) {
        long deadline = System.nanoTime() + limit.toNanos();
        @Nullable Exception last = null;
        while (System.nanoTime() < deadline) {
            if (process.endedWithin(BETWEEN_PROBES)) {
                throw failure(
                        process,
                        "ended with exit code " + process.exitCode().orElseThrow() + " before it answered",
                        null);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw failure(process, "was not ready when this thread was interrupted", null);
            }
            try {
                if (probe.answers()) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                last = e;
            }
        }
        throw failure(process, "did not answer within " + limit + (last == null ? "" : ", lately: " + last), last);
    }

    private static StartException failure(JavaProcess process, String what, @Nullable Exception cause) {
        return new StartException(
                process + " " + what + "; last lines of " + process.logFile() + ":\n" + process.logTail(TAIL_LINES),
                cause);
    }
}
