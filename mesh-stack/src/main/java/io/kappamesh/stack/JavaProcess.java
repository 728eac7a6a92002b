package io.kappamesh.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A running child JVM, addressed by its process id and never by a name. It does not outlive this JVM: while it lives, a
 * shutdown hook waits to stop it, and a {@link ProcessGuard} kills it if this JVM is killed. Thread-safe; whatever ends it may be called again and by several threads.
 */
public final class JavaProcess implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final String name;
    private final Process process;
    private final ProcessGuard guard;
    private final ProcessLog log;
    private final Thread hook;
    private volatile boolean paused;
    private volatile OptionalLong peakMemory = OptionalLong.empty();

    JavaProcess(String name, Process process, Path log, ProcessGuard guard) {
        this.name = name;
        this.process = process;
        this.guard = guard;
        this.log = new ProcessLog(log);
        this.hook = new Thread(() -> stop(TIMEOUT), "stop " + name);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            process.destroyForcibly();
            throw new StartException(name + ": this JVM is shutting down and starts no more processes", shuttingDown);
        }
        guard.begun(process.pid());
        CompletableFuture<Void> unused = process.onExit().thenRun(this::ended);
    }

    /** The name given by {@link JavaCommand}. */
    public String name() {
        return name;
    }

    /** The process id, also after the end. */
    public long pid() {
        return process.pid();
    }

    /** True until the process has ended; a paused one is alive. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** True between {@link #pause()} and {@link #resume()}. */
    public boolean isPaused() {
        return paused && isAlive();
    }

    /** The exit code (128 + signal after a signal), empty while the process is alive. */
    public OptionalInt exitCode() {
        return isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Asks the process to end (SIGTERM), waits, and kills it if it is still there after {@code timeout}. */
    public void stop(Duration timeout) {
        terminate();
        if (!endedWithin(timeout)) {
            kill();
        }
    }

    /** Asks the process to end (SIGTERM) without waiting for it. */
    void terminate() {
        peakMemoryBytes();
        // A stopped process would see the request only after it goes on.
        resume();
        process.destroy();
    }

    /** Ends the process at once (SIGKILL) and waits until it is gone. */
    public void kill() {
        peakMemoryBytes();
        process.destroyForcibly();
        awaitExitCode();
    }

    /** Pauses the process (SIGSTOP): its sockets stay open and nobody answers. */
    public void pause() {
        if (!isAlive()) {
            throw new IllegalStateException(this + " has ended: only a live process can be paused");
        }
        signal("STOP");
        paused = true;
    }

    /** Lets a paused process go on (SIGCONT); does nothing to one that is not paused. */
    public void resume() {
        if (isPaused()) {
            signal("CONT");
        }
        paused = false;
    }

    /** Waits for the end of the process, however long that takes: the exit code (128 + signal after a signal). */
    public int awaitExitCode() {
        return process.onExit().join().exitValue();
    }

    /** Waits for the end of the process; true if it has ended. */
    boolean endedWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !isAlive();
        }
    }

    /**
     * The most memory the process ever had resident, in bytes. Linux only, empty elsewhere; after the end the value
     * seen when it was stopped.
     */
    public OptionalLong peakMemoryBytes() {
        OptionalLong now = ProcFile.peakMemoryBytes(pid());
        if (now.isPresent()) {
            peakMemory = now;
        }
        return peakMemory;
    }

    /** The last {@code lines} lines that the process wrote. */
    public String logTail(int lines) {
        return log.tail(lines);
    }

    /** The file that takes output and errors. */
    public Path logFile() {
        return log.file();
    }

    /** Stops the process, with 15 s of timeout. */
    @Override
    public void close() {
        stop(TIMEOUT);
    }

    @Override
    public String toString() {
        return name + " (pid " + pid() + ")";
    }

    private void signal(String signal) {
        try {
            int code = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid())
                    .start()
                    .waitFor();
            // One that has just ended needs no signal any more.
            if (code != 0 && isAlive()) {
                throw new IllegalStateException("kill -" + signal + " " + this + " ended with exit code " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send SIG" + signal + " to " + this, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending SIG" + signal + " to " + this, e);
        }
    }

    private void ended() {
        guard.ended(pid());
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hooks are running: there is none to remove.
        }
    }
}
