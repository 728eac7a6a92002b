package io.kappamesh.stack;

import static io.kappamesh.stack.Records.committed;
import static io.kappamesh.stack.Records.createTopic;
import static io.kappamesh.stack.Records.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaIT {

    @TempDir
    Path directory;

    @Test
    void oneBrokerTakesTransactionsWithTheNewestFeatures() throws Exception {
        try (LocalKafka kafka = LocalKafka.builder().start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Map<String, FinalizedVersionRange> features =
                    admin.describeFeatures().featureMetadata().get().finalizedFeatures();
            assertThat(features.get("transaction.version").maxVersionLevel()).isEqualTo((short) 2);
            assertThat(features.get("group.version").maxVersionLevel()).isEqualTo((short) 1);
            assertThat(features.get("streams.version").maxVersionLevel()).isEqualTo((short) 1);

            createTopic(kafka, "orders", 1);
            send(kafka, "orders", "first", true);
            send(kafka, "orders", "given up", false);
            send(kafka, "orders", "second", true);

            assertThat(committed(kafka, "orders", 2)).containsExactly("first", "second");
        }
    }

    @Test
    void killedBrokerStartsAgainWithItsRecordsOnItsPort() throws Exception {
        try (LocalKafka kafka = LocalKafka.builder().start()) {
            String address = kafka.bootstrapServers();
            createTopic(kafka, "orders", 1);
            send(kafka, "orders", "before", true);
            // A commit is answered before its markers are written, and a lone broker that is killed in between and
            // comes back within
            // its session takes the partition for deleted and never writes them: Kafka 4.3 says so in its log.
            assertThat(committed(kafka, "orders", 1)).containsExactly("before");

            kafka.kill(1);
            assertThat(kafka.process(1).exitCode()).hasValue(137);
            kafka.start(1);

            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            send(kafka, "orders", "after", true);
            assertThat(committed(kafka, "orders", 2)).containsExactly("before", "after");
        }
    }

    @Test
    void directoryKeepsTheRecordsForALaterCluster() throws Exception {
        try (LocalKafka kafka = LocalKafka.builder().directory(directory).start()) {
            createTopic(kafka, "orders", 1);
            send(kafka, "orders", "kept", true);
        }
        try (LocalKafka kafka = LocalKafka.builder().directory(directory).start()) {
            assertThat(committed(kafka, "orders", 1)).containsExactly("kept");
        }
    }

    @Test
    void closeLeavesNoProcessAndNoTemporaryFiles() {
        LocalKafka kafka = LocalKafka.builder().start();
        ProcessHandle broker = ProcessHandle.of(kafka.process(1).pid()).orElseThrow();
        Path log = kafka.process(1).logFile();
        assertThat(log).exists();

        kafka.close();
        kafka.close();

        assertThat(broker.isAlive()).isFalse();
        assertThat(log.getParent().getParent()).doesNotExist();
    }

    @Test
    void brokerThatCannotStartTellsWhyAndLeavesNothingBehind() {
        // A process of its own, which comes with the first child and stays.
        assertThat(ProcessGuard.here()).isNotNull();
        long before = ProcessHandle.current().children().count();

        assertThatThrownBy(() -> LocalKafka.builder()
                        .directory(directory)
                        .property("log.retention.ms", "often")
                        .start())
                .isInstanceOf(StartException.class)
                .hasMessageContaining("broker 1 (pid ")
                .hasMessageContaining("ended with exit code")
                .hasMessageContaining("Invalid value often for configuration log.retention.ms");
        assertThat(ProcessHandle.current().children().count()).isEqualTo(before);
    }

    @Test
    void logGoesToTheFileOfTheNode() throws Exception {
        try (LocalKafka kafka = LocalKafka.builder().directory(directory).start()) {
            assertThat(Files.readString(kafka.process(1).logFile())).contains("Kafka Server started");
        }
    }
}
