package io.kappamesh.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StartupChecksTest {
    @Test
    void topicsThatMeetHaveAsManyPartitionsAsEachOther() {
        Map<String, Integer> partitions = Map.of("a", 4, "b", 4, "c", 3);

        assertThat(StartupChecks.coPartitioning(List.of(Set.of("a", "b")), partitions))
                .isEmpty();
        assertThat(StartupChecks.coPartitioning(List.of(Set.of("a", "b", "c"), Set.of("a", "b")), partitions))
                .singleElement()
                .asString()
                .contains("{a=4, b=4, c=3}");
    }

    @Test
    void internalTopicsAreMadeToFitAndNotJudged() {
        assertThat(StartupChecks.coPartitioning(List.of(Set.of("a", "sales.orders.g1-repartition")), Map.of("a", 4)))
                .isEmpty();
    }
}
