package io.kappamesh.stack;

import static io.kappamesh.stack.Records.committed;
import static io.kappamesh.stack.Records.createTopic;
import static io.kappamesh.stack.Records.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LocalKafkaClusterIT {

    @Test
    void clusterServesWhileOneBrokerIsAwayAndTakesItBack() throws Exception {
        try (LocalKafka kafka =
                LocalKafka.builder().brokers(2).heapMebibytes(256).start()) {
            assertThat(kafka.brokerIds()).containsExactlyInAnyOrder(1, 2);
            createTopic(kafka, "orders", 2);
            send(kafka, "orders", "both", true);

            kafka.stop(1);
            send(kafka, "orders", "without the first", true);
            kafka.start(1);
            kafka.kill(2);
            send(kafka, "orders", "without the second", true);

            assertThat(committed(kafka, "orders", 3))
                    .containsExactly("both", "without the first", "without the second");
            assertThatThrownBy(() -> kafka.start(1)).hasMessageContaining("runs already");
            assertThatThrownBy(() -> kafka.stop(3)).hasMessageContaining("brokers are [1, 2]");
        }
    }
}
