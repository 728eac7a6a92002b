package io.kappamesh.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HeldPartitionsTest {
    private static final TopicPartition ONE = new TopicPartition("sales.orders.v1", 1);
    private static final OptionalLong UNKNOWN = OptionalLong.empty();
    private static final OptionalLong NONE = OptionalLong.of(0);

    private final HeldPartitions held = new HeldPartitions();

    @Test
    void aPartitionThatIsRestoredIsHeldAndNotComplete() {
        polled(NONE);

        assertThat(held.holds(1)).isTrue();
        assertThat(held.isComplete(1)).isFalse();
        assertThat(held.holds(0)).isFalse();
    }

    @Test
    void aPartitionIsCompleteOnceWhatWasReadUpToAnEndIsInTheStore() {
        polled(UNKNOWN);
        held.began(1);
        assertThat(held.isComplete(1)).isFalse();

        polled(OptionalLong.of(1), 0, 1, 2);
        held.processed(1, 2);
        assertThat(held.isComplete(1)).as("one is still to come").isFalse();

        polled(NONE, 3);
        assertThat(held.isComplete(1)).as("it came and is not in the store").isFalse();
        held.processed(1, 3);
        assertThat(held.isComplete(1)).isTrue();
    }

    @Test
    void whatComesLaterDoesNotMakeAPartitionIncomplete() {
        held.began(1);
        polled(NONE);
        assertThat(held.isComplete(1)).isTrue();

        polled(OptionalLong.of(100), 0, 1);

        assertThat(held.isComplete(1)).isTrue();
    }

    @Test
    void aTaskThatBeginsAgainHasToReachAnEndAgain() {
        held.began(1);
        polled(NONE, 7);
        held.processed(1, 7);

        held.ended(1);
        assertThat(held.isComplete(1)).isFalse();
        polled(NONE);
        held.began(1);
        assertThat(held.isComplete(1)).isFalse();
        polled(NONE);
        assertThat(held.isComplete(1))
                .as("what it had before is in the store, and nothing came since")
                .isTrue();
    }

    @Test
    void aPartitionThatIsGivenAwayIsNotHeld() {
        held.began(1);
        polled(NONE);

        held.polled(Set.of(), ConsumerRecords.empty(), partition -> UNKNOWN);

        assertThat(held.holds(1)).isFalse();
        assertThat(held.isComplete(1)).isFalse();
    }

    @Test
    void aThreadThatEndsLateTakesNothingFromItsSuccessor() throws InterruptedException {
        held.began(1);
        polled(NONE);

        Thread successor = new Thread(() -> {
            held.began(1);
            polled(NONE);
        });
        successor.start();
        successor.join();
        held.ended(1);
        held.closed();

        assertThat(held.isComplete(1)).isTrue();
    }

    private void polled(OptionalLong lag, long... offsets) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (long offset : offsets) {
            records.add(new ConsumerRecord<>(ONE.topic(), ONE.partition(), offset, new byte[0], new byte[0]));
        }
        held.polled(
                Set.of(ONE),
                records.isEmpty() ? ConsumerRecords.empty() : new ConsumerRecords<>(Map.of(ONE, records), Map.of()),
                partition -> lag);
    }
}
