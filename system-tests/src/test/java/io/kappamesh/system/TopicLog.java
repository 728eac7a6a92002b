package io.kappamesh.system;

import io.kappamesh.avro.AvroType;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/** What stands in topics, read as any consumer would: from the beginning, committed records only. */
final class TopicLog {
    private final String bootstrapServers;
    private final SchemaRegistry registry;

    TopicLog(String bootstrapServers, SchemaRegistry registry) {
        this.bootstrapServers = bootstrapServers;
        this.registry = registry;
    }

    /** All records of a topic up to its present end, those of each partition in their order. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return records(bootstrapServers, topic);
    }

    /** The same where no schema is needed. */
    static List<ConsumerRecord<byte[], byte[]>> records(String bootstrapServers, String topic) {
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    /** Every value that a key ever had, in the order of the topic; a deletion is null. */
    <V extends SpecificRecord> Map<String, List<V>> history(String topic, Class<V> type) {
        Deserializer<V> values = new AvroDecoder<>(AvroType.of(type), registry).asDeserializer();
        Map<String, List<V>> history = new LinkedHashMap<>();
        records(topic)
                .forEach(record -> history.computeIfAbsent(
                                new String(record.key(), StandardCharsets.UTF_8), key -> new ArrayList<>())
                        .add(values.deserialize(topic, record.value())));
        return history;
    }

    /** The latest value per key; deleted keys are left out. */
    <V extends SpecificRecord> Map<String, V> table(String topic, Class<V> type) {
        Map<String, V> table = new LinkedHashMap<>();
        history(topic, type).forEach((key, values) -> {
            V last = values.get(values.size() - 1);
            if (last != null) {
                table.put(key, last);
            }
        });
        return table;
    }
}
