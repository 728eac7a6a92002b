package io.kappamesh.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.control.ControlTopic;
import io.kappamesh.generation.Generation;
import io.kappamesh.provision.ControlTopics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ControlTopicsTest {
    private static final String TOPIC = "sales.orders.mesh.control";

    @Test
    void aTopicAsItIsCreatedIsRight() {
        assertThat(problems(1, 3, 3, Map.of("min.insync.replicas", "2"))).isEmpty();
        assertThat(problems(1, 1, 1, Map.of("min.insync.replicas", "1"))).isEmpty();
    }

    @Test
    void whatLosesDecisionsIsRefusedWithTheRemedy() {
        assertThat(problems(1, 3, 3, Map.of("min.insync.replicas", "2", "cleanup.policy", "delete")))
                .singleElement()
                .asString()
                .contains(
                        "topic sales.orders.mesh.control: cleanup.policy must be compact but is delete",
                        "kafka-configs.sh --alter",
                        "cleanup.policy=compact");
        assertThat(problems(1, 3, 3, Map.of("min.insync.replicas", "1")))
                .singleElement()
                .asString()
                .contains("min.insync.replicas must be at least 2 but is 1", "min.insync.replicas=2");
        assertThat(problems(1, 1, 3, Map.of("min.insync.replicas", "1")))
                .singleElement()
                .asString()
                .contains("replicas must be at least 2 but are 1", "kafka-reassign-partitions.sh");
        assertThat(problems(2, 1, 1, Map.of("min.insync.replicas", "1")))
                .singleElement()
                .asString()
                .contains("partitions must be 1 but are 2", "recover");
    }

    @Test
    void moreInSyncReplicasThanThereAreDecideNothing() {
        assertThat(problems(1, 1, 1, Map.of("min.insync.replicas", "2")))
                .singleElement()
                .asString()
                .contains("2 of 1 replicas", "min.insync.replicas=1");
    }

    @Test
    void stateThatABuildDoesNotHaveShowsInTheNamesOfTopics() {
        Generation generation = Generation.of("sales.orders.g2");
        List<String> fingerprint = List.of(
                "keeps totals with x:1",
                "part 0 from sales.raw.v1 with stores none to by-sku-repartition",
                "part 1 from by-sku-repartition with stores intake, totals to none");

        assertThat(LostRecordCheck.misfits(
                        generation,
                        Set.of(
                                "sales.orders.g2-totals-changelog",
                                "sales.orders.g2-intake-changelog",
                                "sales.orders.g2-by-sku-repartition",
                                "sales.orders.g20-other-changelog"),
                        fingerprint))
                .isEmpty();
        assertThat(LostRecordCheck.misfits(generation, Set.of("sales.orders.g2-sums-changelog"), fingerprint))
                .containsExactly("sales.orders.g2-sums-changelog");
    }

    private static List<String> problems(int partitions, int replicas, int usual, Map<String, String> other) {
        Map<String, String> configs = new HashMap<>(ControlTopic.configs());
        configs.putAll(other);
        return ControlTopics.problems(TOPIC, partitions, replicas, usual, configs::get);
    }
}
