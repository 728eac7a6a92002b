package io.kappamesh.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.server.common.MetadataVersion;

/** One real broker in this JVM, with transactions of version 2. */
public final class InJvmBroker {
    private static final String SECURED = "SECURED";

    private final KafkaClusterTestKit cluster;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;

    private InJvmBroker(KafkaClusterTestKit cluster) {
        this.cluster = cluster;
        this.admin = cluster.admin();
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    public static InJvmBroker start() throws Exception {
        return start(Map.of());
    }

    /** With more of a broker's configuration. */
    public static InJvmBroker start(Map<String, String> more) throws Exception {
        BootstrapMetadata features = BootstrapMetadata.fromVersions(
                MetadataVersion.latestProduction(), Map.of("transaction.version", (short) 2), "test");
        TestKitNodes nodes = new TestKitNodes.Builder()
                .setBootstrapMetadata(features)
                .setCombined(true)
                .setNumBrokerNodes(1)
                .setNumControllerNodes(1)
                .build();
        KafkaClusterTestKit.Builder builder = new KafkaClusterTestKit.Builder(nodes)
                .setConfigProp("auto.create.topics.enable", "false")
                .setConfigProp("group.initial.rebalance.delay.ms", "0")
                .setConfigProp("offsets.topic.num.partitions", "2")
                .setConfigProp("offsets.topic.replication.factor", "1")
                .setConfigProp("transaction.state.log.num.partitions", "2")
                .setConfigProp("transaction.state.log.replication.factor", "1")
                .setConfigProp("transaction.state.log.min.isr", "1");
        more.forEach(builder::setConfigProp);
        KafkaClusterTestKit cluster = builder.build();
        cluster.format();
        cluster.startup();
        cluster.waitForReadyBrokers();
        return new InJvmBroker(cluster);
    }

    /**
     * With a second listener on which nobody may do anything but what rules grant, and users say who they are by SASL/PLAIN. The
     * password of each is its name.
     */
    public static InJvmBroker startSecured(Collection<String> users) throws Exception {
        String known = users.stream()
                .map(user -> " user_" + user + "=\"" + user + "\"")
                .collect(Collectors.joining(
                        "", "org.apache.kafka.common.security.plain.PlainLoginModule required", ";"));
        return start(Map.of(
                "listeners",
                "EXTERNAL://localhost:0," + SECURED + "://localhost:0,CONTROLLER://localhost:0",
                "listener.security.protocol.map",
                "EXTERNAL:PLAINTEXT," + SECURED + ":SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "listener.name.secured.sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.secured.plain.sasl.jaas.config",
                known,
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users",
                "User:ANONYMOUS"));
    }

    public String bootstrapServers() {
        return cluster.bootstrapServers();
    }

    /** How a user reaches the listener of {@link #startSecured}. */
    public Map<String, String> securedClient(String user) {
        return Map.of(
                "bootstrap.servers",
                "localhost:" + cluster.brokers().get(0).boundPort(new ListenerName(SECURED)),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + user + "\";");
    }

    public Admin admin() {
        return admin;
    }

    /** Returns when it is written. */
    public void write(ProducerRecord<byte[], byte[]> record) {
        writeAll(List.of(record));
    }

    /** Returns when all are written, each in a batch of its own that zstd has made small. */
    void writeAsZstd(Collection<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "compression.type",
                "zstd",
                "batch.size",
                0,
                "max.request.size",
                100 << 20,
                "buffer.memory",
                200L << 20);
        try (KafkaProducer<byte[], byte[]> packing =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            writeAll(packing, records);
        }
    }

    /** Returns when all are written. */
    public void writeAll(Collection<ProducerRecord<byte[], byte[]>> records) {
        writeAll(producer, records);
    }

    private static void writeAll(
            KafkaProducer<byte[], byte[]> producer, Collection<ProducerRecord<byte[], byte[]>> records) {
        try {
            List<Future<?>> sent = new ArrayList<>();
            records.forEach(record -> sent.add(producer.send(record)));
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** All committed records that a topic holds now, each partition in its order. */
    public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        Map<TopicPartition, Long> ends = committedEnds(topic);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(ends.keySet());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** The last stable offset of each partition. */
    public Map<TopicPartition, Long> committedEnds(String topic) {
        try {
            int partitions = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .size();
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            for (int partition = 0; partition < partitions; partition++) {
                asked.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
            return admin
                    .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get()
                    .entrySet()
                    .stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, end -> end.getValue().offset()));
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    public void stop() throws Exception {
        producer.close();
        admin.close();
        cluster.close();
    }
}
