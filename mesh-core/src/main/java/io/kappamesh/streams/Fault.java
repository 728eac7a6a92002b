package io.kappamesh.streams;

import io.kappamesh.failure.Causes;
import io.kappamesh.inputs.InputLostException;
import io.kappamesh.rule.RuleStopException;
import java.io.IOException;
import java.util.Set;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.rocksdb.RocksDBException;

/** Whose fault it is when a stream thread dies. */
enum Fault {
    /** The platform's: brokers, network, registry, disk. It is waited for, and the thread is replaced. */
    PLATFORM,
    /** An input is not any more what was read so far: another topic, other partitions, records that are gone. */
    INPUT,
    /** A record came for which a rule does not hold whose policy is to stop. */
    RULE,
    /** Another process joined as this very instance and took its place. */
    DISPLACED,
    /** Ours, behind the intake: the product stops, nothing of the open transaction is committed, and the fix goes on from there. */
    BUG;

    private static final Set<Class<? extends Throwable>> OF_THE_PLATFORM = Set.of(
            RetriableException.class,
            AuthenticationException.class,
            AuthorizationException.class,
            ProducerFencedException.class,
            InvalidProducerEpochException.class,
            MissingSourceTopicException.class,
            RocksDBException.class,
            IOException.class);

    /** The verdict on an exception, by it and its causes. */
    static Fault of(Throwable thrown) {
        for (Throwable current : Causes.chain(thrown).toList()) {
            if (current instanceof InputLostException) {
                return INPUT;
            }
            if (current instanceof RuleStopException) {
                return RULE;
            }
            if (current instanceof FencedInstanceIdException) {
                return DISPLACED;
            }
            if (AccessRefusal.isRefusedCommit(current)) {
                return PLATFORM;
            }
            if (OF_THE_PLATFORM.stream().anyMatch(type -> type.isInstance(current))) {
                return PLATFORM;
            }
        }
        return BUG;
    }
}
