package io.kappamesh.console.demo;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.tpch.QueryAnswers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads product topics as any consumer would: from the beginning, committed records only, the latest value per key. */
public final class ProductTopics {
    private final String bootstrapServers;
    private final SchemaRegistry registry;

    public ProductTopics(String bootstrapServers, SchemaRegistry registry) {
        this.bootstrapServers = bootstrapServers;
        this.registry = registry;
    }

    /** The queries' answers out of {@code logistics.shipments.v1}. */
    public QueryAnswers answers() {
        Deserializer<Shipment> values = new AvroDecoder<>(AvroType.of(Shipment.class), registry).asDeserializer();
        String topic = WorkedProduct.SHIPMENTS.output();
        QueryAnswers answers = new QueryAnswers();
        latest(topic).values().forEach(bytes -> answers.add(values.deserialize(topic, bytes)));
        return answers;
    }

    /** The latest serialized value per key; deleted keys are left out. */
    public Map<String, byte[]> latest(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = PlainConsumer.of(bootstrapServers, new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<String, byte[]> table = new HashMap<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (record.value() == null) {
                        table.remove(record.key());
                    } else {
                        table.put(record.key(), record.value());
                    }
                });
            }
            return table;
        }
    }
}
