package io.kappamesh.feed;

import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.postgres.DatabaseFault;
import io.kappamesh.postgres.Target;
import io.kappamesh.registry.IncompatibleSchemaException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Which faults of a load are waited for, and what to do about the others. Stateless. */
public final class LoadFaults {
    private LoadFaults() {}

    /** What is waited for, in words; empty = waiting does not help. */
    public static Optional<String> waitedFor(Throwable fault) {
        Optional<SQLException> database = DatabaseFault.in(fault);
        if (database.isPresent()) {
            return database.filter(DatabaseFault::isWaitedFor)
                    .map(known -> "PostgreSQL: " + DatabaseFault.words(known));
        }
        if (fault instanceof LifecycleException
                || fault instanceof StartupException
                || Causes.refusal(fault).isPresent()
                || Causes.chain(fault).anyMatch(UnknownTopicOrPartitionException.class::isInstance)) {
            return Optional.empty();
        }
        boolean passes = Causes.chain(fault)
                .anyMatch(at -> at instanceof RetriableException
                        || at instanceof IOException
                        || at instanceof InvalidReplicationFactorException
                        || LazyAdmin.isNotThereYet(at));
        return passes ? Optional.of(Causes.of(fault)) : Optional.empty();
    }

    /** Why a load cannot go on, and what to do. */
    public static RuntimeException ending(String where, Target target, String reload, Throwable fault) {
        if (fault instanceof LifecycleException || fault instanceof StartupException) {
            return (RuntimeException) fault;
        }
        Optional<SQLException> database = DatabaseFault.in(fault);
        if (database.isPresent()) {
            return DatabaseFault.explained(where, target, reload, database.get());
        }
        Optional<String> refusal = Causes.refusal(fault);
        if (refusal.isPresent()) {
            return new LifecycleException(ExitCode.CONFIGURATION, where + ": " + refusal.get(), fault);
        }
        if (Causes.chain(fault).anyMatch(UnknownTopicOrPartitionException.class::isInstance)) {
            return new LifecycleException(
                    ExitCode.CONTRACT,
                    where + ": the topic does not exist; check the port's address and bootstrap.servers, or provision"
                            + " its product",
                    fault);
        }
        if (fault instanceof IncompatibleSchemaException) {
            return new LifecycleException(ExitCode.CONTRACT, where + ": " + fault.getMessage(), fault);
        }
        if (fault instanceof ConfigException) {
            return new LifecycleException(ExitCode.CONFIGURATION, where + ": " + fault.getMessage(), fault);
        }
        Throwable cause = fault instanceof ExecutionException && fault.getCause() != null ? fault.getCause() : fault;
        return cause instanceof RuntimeException known ? known : new IllegalStateException(where, cause);
    }
}
