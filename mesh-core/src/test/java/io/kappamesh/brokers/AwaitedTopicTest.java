package io.kappamesh.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.failure.LifecycleException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class AwaitedTopicTest {
    private static final AwaitedTopic.Question MISSING = () -> {
        throw new ExecutionException(new UnknownTopicOrPartitionException("not here"));
    };

    private long nanoTime = 1;
    private final AwaitedTopic topic = new AwaitedTopic("sales", "topic sales does not exist", () -> nanoTime);

    @Test
    void topicThatIsMissingForSomeSecondsDoesNotExist() {
        requireStillAwaited();
        pass(9);
        requireStillAwaited();
        pass(1);

        assertThatThrownBy(() -> topic.answer(MISSING))
                .isInstanceOf(LifecycleException.class)
                .hasMessage("topic sales does not exist")
                .hasNoCause();
    }

    /** Brokers that are away in between may take minutes. */
    @Test
    void secondsCountAnewAfterEachOtherAnswer() throws Exception {
        TopicDescription sales = new TopicDescription("sales", false, List.of());
        requireStillAwaited();
        pass(9);
        assertThatThrownBy(() -> topic.answer(() -> {
                    throw new ExecutionException(new TimeoutException("no broker answers"));
                }))
                .isInstanceOf(ExecutionException.class);
        pass(9);
        requireStillAwaited();
        pass(9);
        assertThat(topic.answer(() -> sales)).isEqualTo(sales);
        pass(9);

        requireStillAwaited();
    }

    /** What passes as long as it may still appear has a cause that is waited for. */
    private void requireStillAwaited() {
        assertThatThrownBy(() -> topic.answer(MISSING))
                .isInstanceOf(LifecycleException.class)
                .hasRootCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    private void pass(int seconds) {
        nanoTime += Duration.ofSeconds(seconds).toNanos();
    }
}
