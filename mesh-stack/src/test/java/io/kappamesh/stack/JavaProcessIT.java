package io.kappamesh.stack;

import static io.kappamesh.stack.ParentProgram.program;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void stopEndsAProgramThatListens() {
        JavaProcess process = started("wait");

        process.stop(TIMEOUT);

        assertThat(process.isAlive()).isFalse();
        assertThat(process.exitCode()).hasValue(143);
    }

    @Test
    void stopKillsAProgramThatDoesNotListen() {
        JavaProcess process = started("stubborn");

        process.stop(Duration.ofMillis(200));

        assertThat(process.exitCode()).hasValue(137);
    }

    @Test
    void stopReachesAPausedProgram() {
        JavaProcess process = started("wait");
        process.pause();

        process.stop(TIMEOUT);

        assertThat(process.exitCode()).hasValue(143);
    }

    @Test
    void closeMayBeCalledAgain() {
        JavaProcess process = started("wait");

        process.close();
        process.close();
        process.kill();

        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void exitCodeIsThereWhenTheWaitForItEnds() {
        JavaProcess process = program(directory.resolve("fail.log"), "fail").start();

        assertThat(process.awaitExitCode()).isEqualTo(3);
        assertThat(process.exitCode()).hasValue(3);
    }

    @Test
    void signalToAnEndedProgramIsRefused() {
        JavaProcess process = started("wait");
        process.kill();

        assertThatThrownBy(process::pause)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void pausedProgramStandsStillUntilResumed() throws Exception {
        try (JavaProcess process = started("wait")) {
            process.pause();
            await().atMost(TIMEOUT).until(() -> standsStill(process));

            process.resume();

            await().atMost(TIMEOUT).until(() -> !standsStill(process));
            assertThat(process.isPaused()).isFalse();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void peakMemoryIsRememberedAfterTheEnd() {
        JavaProcess process = started("wait");

        process.stop(TIMEOUT);

        assertThat(process.peakMemoryBytes()).isPresent();
        assertThat(process.peakMemoryBytes().getAsLong()).isGreaterThan(10_000_000);
    }

    @Test
    void programThatEndsEarlyIsReportedWithCodeAndLog() {
        JavaProcess process = program(directory.resolve("fail.log"), "fail").start();

        assertThatThrownBy(() -> Readiness.await(process, TIMEOUT, () -> false))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("fail (pid " + process.pid() + ") ended with exit code 3")
                .hasMessageContaining("I was told to fail");
    }

    @Test
    void programThatNeverAnswersIsReportedWithTheLastReason() {
        try (JavaProcess process = started("wait")) {
            assertThatThrownBy(() -> Readiness.await(process, Duration.ofMillis(300), () -> {
                        throw new IllegalStateException("nobody home");
                    }))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("did not answer within PT0.3S")
                    .hasMessageContaining("nobody home");
        }
    }

    @Test
    void childEndsWithAParentThatIsStopped() {
        JavaProcess parent = program(directory.resolve("parent.log"), "child").start();
        ProcessHandle child = childOf(parent);

        parent.stop(TIMEOUT);

        await().atMost(TIMEOUT).until(() -> !child.isAlive());
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void childEndsWithAParentThatIsKilled() {
        JavaProcess parent = program(directory.resolve("parent.log"), "child").start();
        ProcessHandle child = childOf(parent);

        parent.kill();

        await().atMost(TIMEOUT).until(() -> !child.isAlive());
    }

    @Test
    void brokerEndsWithAParentThatIsKilled() {
        JavaProcess parent = program(directory.resolve("parent.log"), "broker").start();
        ProcessHandle broker = childOf(parent);

        parent.kill();

        await().atMost(TIMEOUT).until(() -> !broker.isAlive());
    }

    private JavaProcess started(String kind) {
        JavaProcess process = program(directory.resolve(kind + ".log"), kind).start();
        String ready = kind.equals("stubborn") ? "SIGKILL" : "waiting";
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(process.logTail(5)).contains(ready));
        return process;
    }

    private static ProcessHandle childOf(JavaProcess parent) {
        Pattern printed = Pattern.compile("child=(\\d+)");
        await().atMost(Duration.ofMinutes(2))
                .until(() -> printed.matcher(parent.logTail(50)).find());
        Matcher matcher = printed.matcher(parent.logTail(50));
        assertThat(matcher.find()).isTrue();
        return ProcessHandle.of(Long.parseLong(matcher.group(1))).orElseThrow();
    }

    private static boolean standsStill(JavaProcess process) throws Exception {
        return Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"))
                .contains("State:\tT");
    }
}
