package io.kappamesh.failure;

import java.util.Arrays;

/**
 * How a process ended, for whoever restarts it. The numbers are those of {@code sysexits.h}: a shell (126 and up), a signal (128 and
 * up) and a JVM that dies on its own (1, 134, 137, 143) use none of them.
 */
public enum ExitCode {
    /** Stopped because it was asked to. */
    OK(0),
    /** A setting or a declaration does not hold; a restart does not help. {@code EX_CONFIG}. */
    CONFIGURATION(78),
    /** Brokers, registry or an input were waited for as long as {@code mesh.platform.timeout} allows. {@code EX_UNAVAILABLE}. */
    PLATFORM(69),
    /** What stands on the platform is not what was declared: a drifted topic, an incompatible schema. {@code EX_DATAERR}. */
    CONTRACT(65),
    /** A fault of the program behind the intake; nothing of the open transaction is committed. {@code EX_SOFTWARE}. */
    BUG(70);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The code of a number; one that is none of ours is a {@link #BUG}. */
    public static ExitCode of(int number) {
        return Arrays.stream(values())
                .filter(code -> code.number == number)
                .findFirst()
                .orElse(BUG);
    }

    /** What to hand to {@link System#exit(int)}. */
    public int number() {
        return number;
    }
}
