package io.kappamesh.brokers;

import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A topic that somebody else has made. Of one that was just made, some brokers do not know yet. So it is asked for again for some seconds, and no longer: its name may
 * be misspelt. One thread.
 */
public final class AwaitedTopic {
    private static final Duration TO_APPEAR = Duration.ofSeconds(10);

    private final String topic;
    private final String missing;
    private final LongSupplier nanoTime;

    /** Since when all answers say that it does not exist; 0 = the last one did not. */
    private long missingSince;

    /** @param missing what is said if it does not exist, and what to do */
    public AwaitedTopic(String topic, String missing) {
        this(topic, missing, System::nanoTime);
    }

    AwaitedTopic(String topic, String missing, LongSupplier nanoTime) {
        this.topic = topic;
        this.missing = missing;
        this.nanoTime = nanoTime;
    }

    /** Puts the question once. */
    @FunctionalInterface
    interface Question {
        TopicDescription ask() throws ExecutionException, InterruptedException;
    }

    /**
     * Its partitions and its id; to be called by a {@link RetryPolicy}.
     *
     * @throws LifecycleException when it does not exist; with a cause that passes as long as it may still appear
     */
    public TopicDescription description(Admin admin) throws ExecutionException, InterruptedException {
        return answer(() -> Objects.requireNonNull(
                TopicAdmin.descriptions(admin, List.of(topic)).get(topic), topic));
    }

    TopicDescription answer(Question question) throws ExecutionException, InterruptedException {
        try {
            TopicDescription found = question.ask();
            missingSince = 0;
            return found;
        } catch (ExecutionException failed) {
            if (Causes.chain(failed).noneMatch(UnknownTopicOrPartitionException.class::isInstance)) {
                missingSince = 0;
                throw failed;
            }
            if (missingSince == 0) {
                missingSince = nanoTime.getAsLong();
            }
            throw nanoTime.getAsLong() - missingSince < TO_APPEAR.toNanos()
                    ? new LifecycleException(ExitCode.CONTRACT, missing, failed)
                    : new LifecycleException(ExitCode.CONTRACT, missing);
        }
    }
}
