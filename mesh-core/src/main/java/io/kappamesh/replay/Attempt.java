package io.kappamesh.replay;

import io.kappamesh.control.TakenOverException;
import io.kappamesh.control.UndecidedException;
import io.kappamesh.runtime.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;

/** One attempt at something on the platform: no command waits for brokers longer than Kafka's clients do. */
final class Attempt {
    private Attempt() {}

    /**
     * The result of some work.
     *
     * @param what it is about, to stand before the reason: {@code sales.orders.g2: deleting its topics}
     * @throws LifecycleException when it fails by no fault of the program
     */
    static <T> T at(String what, Callable<T> work) {
        try {
            return work.call();
        } catch (Exception failed) {
            throw translated(what, unwrapped(failed));
        }
    }

    private static RuntimeException translated(String what, Throwable fault) {
        if (fault instanceof InterruptedException || fault instanceof InterruptException) {
            Thread.currentThread().interrupt();
            return new LifecycleException(
                    ExitCode.PLATFORM, what + ": interrupted; what is done stays done, run the same again", fault);
        }
        for (Throwable at = fault; at != null; at = at.getCause()) {
            if (at instanceof AuthenticationException || at instanceof AuthorizationException) {
                return new LifecycleException(
                        ExitCode.CONFIGURATION,
                        what + ": access is refused (" + at.getMessage() + "); check credentials and ACLs",
                        fault);
            }
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

    private static Throwable unwrapped(Throwable fault) {
        Throwable cause = fault.getCause();
        boolean wrapper = fault instanceof ExecutionException || fault instanceof CompletionException;
        return wrapper && cause != null ? unwrapped(cause) : fault;
    }
}
