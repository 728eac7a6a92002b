package io.kappamesh.brokers;

import io.kappamesh.failure.Causes;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A topic that somebody else has made. Brokers hear late of one that was just made, so that it is asked for again for some seconds, and no longer: a name may be
 * misspelt. One thread.
 */
public final class AwaitedTopic {
    private static final Duration TO_APPEAR = Duration.ofSeconds(10);

    private final String topic;
    private final String missing;
    private long missingSince;

    /** @param missing what is said if it does not exist, and what to do */
    public AwaitedTopic(String topic, String missing) {
        this.topic = topic;
        this.missing = missing;
    }

    /**
     * What it is; to be called by a {@link RetryPolicy}.
     *
     * @throws LifecycleException when it does not exist; with a cause that passes as long as it may still appear
     */
    public TopicDescription description(Admin admin) throws ExecutionException, InterruptedException {
        try {
            return Objects.requireNonNull(
                    TopicAdmin.descriptions(admin, List.of(topic)).get(topic), topic);
        } catch (ExecutionException failed) {
            if (Causes.chain(failed).noneMatch(UnknownTopicOrPartitionException.class::isInstance)) {
                throw failed;
            }
            if (missingSince == 0) {
                missingSince = System.nanoTime();
            }
            throw System.nanoTime() - missingSince < TO_APPEAR.toNanos()
                    ? new LifecycleException(ExitCode.CONTRACT, missing, failed)
                    : new LifecycleException(ExitCode.CONTRACT, missing);
        }
    }
}
