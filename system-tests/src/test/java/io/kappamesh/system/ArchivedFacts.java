package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.stack.LocalKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A source port into which an archive of numbered rows is ingested while its brokers fail. Stateless. */
final class ArchivedFacts {
    static final ProductName PRODUCT = ProductName.of("archive.all");

    private static final String TOPIC = "archive.facts.v1";
    private static final int PARTITIONS = 3;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private ArchivedFacts() {}

    /** @param texts fields between the number of the row, {@code id}, and its time, {@code at} */
    static SourcePort<GenericRecord> port(String... texts) {
        SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("Fact")
                .namespace("io.kappamesh.system.archive")
                .fields()
                .requiredString("id");
        for (String text : texts) {
            fields.requiredString(text);
        }
        Schema schema = fields.name("at")
                .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
                .noDefault()
                .endRecord();
        return SourcePort.events(TOPIC, GenericRecord.class)
                .schema(schema)
                .eventTime("at")
                .key("id")
                .describedAs("Facts of a test")
                .build();
    }

    /** Makes its topics, which keep what is of years ago. */
    static void provision(LocalKafka kafka) throws Exception {
        Map<String, String> forEver = Map.of("retention.ms", "-1");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic(TOPIC, PARTITIONS, (short) 1).configs(forEver),
                            new NewTopic(PRODUCT.deadLetterTopic(), 1, (short) 1).configs(forEver)))
                    .all()
                    .get();
        }
    }

    /** Each row is there once, and in each partition they are in the order of time. */
    static void assertEachOnce(LocalKafka kafka, int rows) {
        Map<Integer, List<Integer>> byPartition = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "isolation.level",
                        "read_committed",
                        "max.poll.records",
                        50_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().atMost(TIMEOUT).until(() -> {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    byPartition
                            .computeIfAbsent(record.partition(), partition -> new ArrayList<>())
                            .add(Integer.parseInt(new String(record.key(), StandardCharsets.UTF_8)));
                }
                return consumer.endOffsets(partitions).entrySet().stream()
                        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
        assertThat(byPartition.values())
                .allSatisfy(numbers -> assertThat(numbers).isSorted());
        assertThat(byPartition.values().stream().flatMap(List::stream))
                .hasSize(rows)
                .doesNotHaveDuplicates();
    }
}
