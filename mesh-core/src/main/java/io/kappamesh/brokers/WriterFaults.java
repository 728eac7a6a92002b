package io.kappamesh.brokers;

import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Which faults of a {@link FencedWriter} are waited for, and what to do about the others. Immutable and thread-safe.
 *
 * @param where what messages begin with, such as {@code port sales.order-events.v1: }
 * @param what whoever writes, in a word: {@code ingest}
 */
public record WriterFaults(String where, String what) {

    /** Whether another writer of the same id has begun, or the brokers have ended a transaction that took too long. */
    public static boolean isFenced(Throwable fault) {
        return Causes.chain(fault)
                .anyMatch(at -> at instanceof ProducerFencedException || at instanceof InvalidProducerEpochException);
    }

    /** What is waited for, in words; empty = waiting does not help. */
    public static Optional<String> waitedFor(Throwable fault) {
        if (isFenced(fault)
                || Causes.refusal(fault).isPresent()
                || Causes.chain(fault)
                        .anyMatch(at -> at instanceof UnknownTopicOrPartitionException
                                || at instanceof RecordTooLargeException)) {
            return Optional.empty();
        }
        boolean passes = Causes.chain(fault)
                .anyMatch(at -> at instanceof RetriableException
                        || at instanceof TransactionAbortableException
                        || at instanceof IOException
                        || LazyAdmin.isNotThereYet(at));
        return passes ? Optional.of(Causes.of(fault)) : Optional.empty();
    }

    /** A commit whose end nobody knows. */
    LifecycleException unanswered(Duration waited, Throwable fault) {
        return new LifecycleException(
                ExitCode.PLATFORM,
                where + "the brokers have not answered a commit for " + waited.toSeconds()
                        + " s; repair them and start the " + what + " again: it goes on where it was committed",
                fault);
    }

    /** Why it cannot go on, and what to do. */
    public RuntimeException ending(Throwable fault) {
        if (fault instanceof LifecycleException || fault instanceof StartupException) {
            return (RuntimeException) fault;
        }
        if (isFenced(fault)) {
            return new LifecycleException(
                    ExitCode.PLATFORM,
                    where + "another " + what
                            + " of this port has begun, or this one stood still for longer than a transaction"
                            + " may take; it has written nothing since. Start it again if no other one runs: it goes on"
                            + " where it was committed",
                    fault);
        }
        Optional<String> refusal = Causes.refusal(fault);
        if (refusal.isPresent()) {
            return new LifecycleException(ExitCode.CONFIGURATION, where + refusal.get(), fault);
        }
        if (Causes.chain(fault).anyMatch(UnknownTopicOrPartitionException.class::isInstance)) {
            return new LifecycleException(
                    ExitCode.CONTRACT,
                    where + "a topic does not exist (" + Causes.of(fault)
                            + "); provision the product that reads the port",
                    fault);
        }
        if (Causes.chain(fault).anyMatch(RecordTooLargeException.class::isInstance)) {
            return new LifecycleException(
                    ExitCode.CONTRACT,
                    where + "a topic takes no record as large as one of the rows (" + Causes.of(fault)
                            + "); raise max.message.bytes of the topic, which the port's maxRecordBytes asks for",
                    fault);
        }
        return new LifecycleException(
                ExitCode.PLATFORM,
                where + Causes.of(fault) + "; start the " + what + " again: it goes on where it was committed",
                fault);
    }
}
