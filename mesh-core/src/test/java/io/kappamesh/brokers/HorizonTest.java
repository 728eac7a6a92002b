package io.kappamesh.brokers;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.Horizon;
import io.kappamesh.generation.Origin;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class HorizonTest {
    private static final ProductName PRODUCT = ProductName.of("sales.orders");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration MONTH = Duration.ofDays(30);

    @Test
    void theFirstGenerationOfAProductHasLostNothingWhereverItsInputsBegin() {
        Horizon first = Horizon.begun(ProductLifecycle.empty(PRODUCT), origin("a", 7, 0), NOW, Map.of());

        assertThat(first.lost()).isEmpty();
        assertThat(first.of("sales.orders.v1")).isEqualTo(Instant.MIN);
    }

    @Test
    void whatWasReadBeforeAndIsGoneIsLostAlsoToAllThatComeLater() {
        ProductLifecycle one = begun(ProductLifecycle.empty(PRODUCT), origin("a", 7, 0), Role.SERVING);
        ProductLifecycle same = begun(one, origin("a", 7, 0), Role.CANDIDATE);
        ProductLifecycle less = begun(one, origin("a", 7, 5), Role.CANDIDATE);
        ProductLifecycle later = begun(less.promoted(1, 2), origin("a", 7, 5), Role.CANDIDATE);

        assertThat(horizon(same, 2).lost()).isEmpty();
        assertThat(horizon(less, 2).lost()).isEqualTo(Map.of("in-1", 5L));
        assertThat(horizon(later, 3).lost())
                .as("what g1 said may still be public")
                .isEqualTo(Map.of("in-1", 5L));
        assertThat(horizon(less, 2).of("sales.orders.v1")).isEqualTo(NOW.plus(MONTH));
        assertThat(horizon(less, 2).of("sales.totals.v1")).isEqualTo(Instant.MAX);
    }

    @Test
    void aTopicThatWasMadeAnewHasLostEverything() {
        ProductLifecycle one = begun(ProductLifecycle.empty(PRODUCT), origin("a", 0, 0), Role.SERVING);
        ProductLifecycle anew = begun(one, origin("b", 0, 0), Role.CANDIDATE);
        ProductLifecycle later = begun(anew.promoted(1, 2), origin("b", 0, 0), Role.CANDIDATE);

        assertThat(horizon(anew, 2).lost()).containsOnlyKeys("in-0", "in-1");
        assertThat(horizon(later, 3).lost()).containsOnlyKeys("in-0", "in-1");
    }

    @Test
    void ofAGenerationOfWhichNothingWasWrittenDownEverythingMayHaveBeenRead() {
        ProductLifecycle old = ProductLifecycle.empty(PRODUCT)
                .with(GenerationRecord.begun(
                        1,
                        Role.SERVING,
                        Computation.of("b1", List.of(), List.of()),
                        new PortTopics(List.of("in"), List.of()),
                        History.upTo(Map.of(), NOW.toString())));

        assertThat(Horizon.begun(old, origin("a", 0, 5), NOW, Map.of()).lost()).isEqualTo(Map.of("in-1", 5L));
    }

    @Test
    void aReachIsBelievedOnlyWhereTheFirstRecordThatIsLeftIsOlder() {
        long twoMonthsAgo = NOW.minus(MONTH).minus(MONTH).toEpochMilli();

        assertThat(InputReach.completeFrom(NOW, OptionalLong.of(twoMonthsAgo), List.of(MONTH)))
                .isEqualTo(NOW.minus(MONTH));
        assertThat(InputReach.completeFrom(NOW, OptionalLong.of(twoMonthsAgo), List.of(MONTH, YEAR)))
                .isEqualTo(NOW.minus(MONTH));
        assertThat(InputReach.completeFrom(NOW, OptionalLong.of(twoMonthsAgo), List.of(YEAR)))
                .as("somebody deleted more than the retention did")
                .isEqualTo(NOW);
        assertThat(InputReach.completeFrom(NOW, OptionalLong.empty(), List.of(MONTH)))
                .isEqualTo(NOW);
        assertThat(InputReach.completeFrom(NOW, OptionalLong.of(twoMonthsAgo), List.of()))
                .isEqualTo(NOW);
    }

    private static ProductLifecycle begun(ProductLifecycle before, Origin origin, Role role) {
        Horizon horizon = Horizon.begun(before, origin, NOW, Map.of("sales.orders.v1", MONTH));
        return before.with(GenerationRecord.begun(
                        before.nextNumber(),
                        role,
                        Computation.of("b" + before.nextNumber(), List.of(), List.of()),
                        new PortTopics(List.of("in"), List.of("sales.orders.v1")),
                        History.upTo(Map.of(), NOW.toString()))
                .within(horizon));
    }

    private static Horizon horizon(ProductLifecycle product, int number) {
        return product.generation(number).orElseThrow().history().horizon();
    }

    private static Origin origin(String id, long first, long second) {
        return Origin.of(
                Map.of("in", id), Map.of(new TopicPartition("in", 0), first, new TopicPartition("in", 1), second));
    }
}
