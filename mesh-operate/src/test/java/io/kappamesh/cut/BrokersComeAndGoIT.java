package io.kappamesh.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.fixture.InJvmCluster;
import io.kappamesh.generation.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Two brokers, of which one goes and comes back while an operator asks. To start and restart them takes long. */
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
@Timeout(120)
class BrokersComeAndGoIT {
    private static final int IDS = 24;

    private InJvmCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = InJvmCluster.ofBrokers(
                2,
                Map.of(
                        "offsets.topic.num.partitions", "2",
                        "offsets.topic.replication.factor", "2",
                        "transaction.state.log.num.partitions", "4",
                        "transaction.state.log.replication.factor", "2",
                        "transaction.state.log.min.isr", "1"));
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    @Test
    void everyTransactionalIdIsFoundWhileCoordinatorsMove() throws Exception {
        Generation generation = Generation.of("moved.copy.g1");
        List<String> written = writeUnder(generation);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
            GenerationGroups groups = new GenerationGroups(admin);
            assertThat(groups.transactionalIds(generation)).containsExactlyInAnyOrderElementsOf(written);

            CompletableFuture<Void> restart = CompletableFuture.runAsync(this::restartOne);
            int asked = 0;
            while (!restart.isDone()) {
                assertThat(groups.transactionalIds(generation)).containsExactlyInAnyOrderElementsOf(written);
                asked++;
            }
            restart.join();

            assertThat(asked).isPositive();
            groups.fenceAllBut(generation, Set.of());
        }
    }

    private List<String> writeUnder(Generation generation) {
        List<String> ids = new ArrayList<>();
        for (int number = 0; number < IDS; number++) {
            String id = generation.applicationId() + "-" + number;
            Map<String, Object> config =
                    Map.of("bootstrap.servers", cluster.bootstrapServers(), "transactional.id", id);
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
                producer.initTransactions();
            }
            ids.add(id);
        }
        return List.copyOf(new TreeSet<>(ids));
    }

    private void restartOne() {
        cluster.stop(1);
        cluster.start(1);
    }
}
