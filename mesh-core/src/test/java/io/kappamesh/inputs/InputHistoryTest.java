package io.kappamesh.inputs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.generation.Generation;
import io.kappamesh.generation.Origin;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InputHistoryTest {
    private static final Generation G1 = Generation.of("a.p.g1");
    private static final TopicPartition ZERO = new TopicPartition("a.in.v1", 0);
    private static final TopicPartition ONE = new TopicPartition("a.in.v1", 1);
    private static final Origin BEGUN = Origin.of(Map.of("a.in.v1", "id1"), Map.of(ZERO, 0L, ONE, 5L));

    @Test
    void theSameTopicMayBeginLater() {
        Origin now = Origin.of(Map.of("a.in.v1", "id1"), Map.of(ZERO, 100L, ONE, 5L));

        assertThat(InputHistory.changed(G1, BEGUN, now)).isEmpty();
    }

    @Test
    void anotherTopicOfTheSameNameIsAnotherTopic() {
        Origin now = Origin.of(Map.of("a.in.v1", "id2"), Map.of(ZERO, 0L, ONE, 0L));

        assertThat(InputHistory.changed(G1, BEGUN, now))
                .singleElement()
                .asString()
                .contains("a.p.g1", "a.in.v1", "id1", "id2");
    }

    @Test
    void anotherNumberOfPartitionsIsAnotherPlaceForKeys() {
        Origin now =
                Origin.of(Map.of("a.in.v1", "id1"), Map.of(ZERO, 0L, ONE, 5L, new TopicPartition("a.in.v1", 2), 0L));

        assertThat(InputHistory.changed(G1, BEGUN, now))
                .singleElement()
                .asString()
                .contains("had 2 partitions", "has 3");
    }

    @Test
    void anInputThatIsNotThereNowIsWaitedFor() {
        assertThat(InputHistory.changed(G1, BEGUN, Origin.of(Map.of(), Map.of())))
                .isEmpty();
    }

    @Test
    void aPositionIsGoodFromTheBeginningToTheEndBothIncluded() {
        assertThat(at(5L, 5, 9).problem(G1)).isEmpty();
        assertThat(at(9L, 5, 9).problem(G1)).isEmpty();
    }

    @Test
    void aPositionOutsideTellsWhatIsMissing() {
        assertThat(at(4L, 5, 9).problem(G1)).get().asString().contains("offset 4", "begins at 5", "1 offsets are gone");
        assertThat(at(10L, 5, 9).problem(G1)).get().asString().contains("offset 10", "ends at 9");
        assertThat(at(null, 0, 9).problem(G1)).get().asString().contains("a.in.v1, partition 0", "no position");
    }

    private static Position at(@Nullable Long committed, long beginning, long end) {
        return new Position(ZERO, committed, beginning, end);
    }
}
