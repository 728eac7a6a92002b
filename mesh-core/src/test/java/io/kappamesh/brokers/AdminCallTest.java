package io.kappamesh.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class AdminCallTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    @Test
    void aQuestionIsPutAgainWhenABrokerGoes() throws Exception {
        Queue<Exception> faults =
                new ArrayDeque<>(List.of(lost(), new CoordinatorNotAvailableException("moved"), lost()));

        assertThat(AdminCall.ask(() -> answer(faults.poll()), LONG, SHORT, SHORT))
                .isEqualTo("answer");
    }

    @Test
    void whatAnotherTryDoesNotHelpIsThrownAtOnce() {
        for (Exception fault :
                List.of(new TimeoutException("a minute has gone"), new TopicAuthorizationException("may not"))) {
            Queue<Exception> faults = new ArrayDeque<>(List.of(fault));

            assertThatThrownBy(() -> AdminCall.ask(() -> answer(faults.poll()), LONG, SHORT, SHORT))
                    .hasCause(fault);
        }
    }

    @Test
    void aTopicThatWasJustMadeIsAskedForAgainAndOneThatIsNotThereIsNot() throws Exception {
        Queue<Exception> faults = new ArrayDeque<>(List.of(new UnknownTopicOrPartitionException("not yet")));

        assertThat(AdminCall.ask(() -> answer(faults.poll()), LONG, LONG, SHORT))
                .isEqualTo("answer");
        assertThatThrownBy(() ->
                        AdminCall.ask(() -> answer(new UnknownTopicOrPartitionException("never")), LONG, SHORT, SHORT))
                .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void aClientThatNeverFindsItsWayIsAFaultOfThePlatform() {
        assertThatThrownBy(() -> AdminCall.ask(() -> answer(lost()), SHORT, SHORT, SHORT))
                .hasCauseInstanceOf(TimeoutException.class)
                .cause()
                .hasMessageContaining("see that all brokers are up");
    }

    private static Exception lost() {
        return new IllegalArgumentException("Unexpected key set: [BrokerKey]");
    }

    private static KafkaFuture<String> answer(Exception fault) {
        KafkaFutureImpl<String> future = new KafkaFutureImpl<>();
        if (fault == null) {
            future.complete("answer");
        } else {
            future.completeExceptionally(fault);
        }
        return future;
    }
}
