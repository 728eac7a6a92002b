package io.kappamesh.ingest;

import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Which faults of an ingest are waited for, and what to do about the others. Stateless. */
final class IngestFaults {
    private IngestFaults() {}

    /** Whether another ingest of the port has begun, or the brokers have ended a transaction that took too long. */
    static boolean isFenced(Throwable fault) {
        return Causes.chain(fault)
                .anyMatch(at -> at instanceof ProducerFencedException || at instanceof InvalidProducerEpochException);
    }

    /** What is waited for, in words; empty = waiting does not help. */
    static Optional<String> waitedFor(Throwable fault) {
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

    /** Why an ingest cannot go on, and what to do. */
    static RuntimeException ending(String where, Throwable fault) {
        if (fault instanceof LifecycleException || fault instanceof StartupException) {
            return (RuntimeException) fault;
        }
        if (isFenced(fault)) {
            return new LifecycleException(
                    ExitCode.PLATFORM,
                    where
                            + "another ingest of this port has begun, or this one stood still for longer than a transaction"
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
                where + Causes.of(fault) + "; start the ingest again: it goes on where it was committed",
                fault);
    }
}
