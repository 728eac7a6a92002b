package io.kappamesh.status;

import io.kappamesh.Internal;
import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.control.TakenOverException;
import io.kappamesh.control.UndecidedException;
import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.tables.ReadingFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;

/** One attempt at something on the platform: no command waits for brokers longer than Kafka's clients do. */
@Internal
public final class Attempt {
    private Attempt() {}

    /**
     * The result of some work.
     *
     * @param what it is about, to stand before the reason: {@code sales.orders.g2: deleting its topics}
     * @throws LifecycleException when it fails by no fault of the program
     */
    public static <T> T at(String what, Callable<T> work) {
        try {
            return work.call();
        } catch (Exception failed) {
            throw translated(what, Causes.unwrapped(failed));
        } catch (LinkageError broken) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    what + ": a native library cannot be loaded (" + Causes.of(broken)
                            + "); the directory java.io.tmpdir has to be there and mounted without noexec, or another one set"
                            + " with -Djava.io.tmpdir=DIRECTORY",
                    broken);
        }
    }

    private static RuntimeException translated(String what, Throwable fault) {
        if (fault instanceof InterruptedException || fault instanceof InterruptException) {
            Thread.currentThread().interrupt();
            return new LifecycleException(
                    ExitCode.PLATFORM, what + ": interrupted; what is done stays done, run the same again", fault);
        }
        Optional<String> refusal = Causes.refusal(fault);
        if (refusal.isPresent()) {
            return new LifecycleException(ExitCode.CONFIGURATION, what + ": " + refusal.get(), fault);
        }
        if (fault instanceof ConfigException && !LazyAdmin.isUnresolved(fault)) {
            return new LifecycleException(ExitCode.CONFIGURATION, what + ": " + fault.getMessage(), fault);
        }
        if (fault instanceof UndecidedException undecided && undecided.isUnreadable()) {
            return new LifecycleException(ExitCode.CONTRACT, what + ": " + undecided.getMessage(), undecided);
        }
        if (fault instanceof TakenOverException
                || fault instanceof KafkaException
                || fault instanceof IOException
                || fault instanceof UncheckedIOException
                || fault instanceof ReadingFailedException) {
            return new LifecycleException(
                    ExitCode.PLATFORM,
                    what + ": " + fault.getMessage() + "; what is done stays done, run the same again",
                    fault);
        }
        return fault instanceof RuntimeException known ? known : new IllegalStateException(what, fault);
    }
}
