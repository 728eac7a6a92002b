package io.kappamesh.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kappamesh.avro.AvroType;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.catalog.FieldMeaning;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads a few of the newest records of a published port, in no group. One thread at a time. */
final class PortSampler {
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration TO_READ = Duration.ofSeconds(10);

    /** Where a partition ends in markers of transactions and deletions, more of it is read. */
    private static final List<Long> DEPTHS = List.of(20L, 2_000L, 50_000L);

    private final Map<String, Object> client;
    private final SchemaRegistry registry;

    PortSampler(Map<String, Object> client, SchemaRegistry registry) {
        this.client = client;
        this.registry = registry;
    }

    /**
     * The newest records that are committed, the newest first; deletions are none.
     *
     * @param most how many, at the most
     */
    List<SampledRecord> newest(OutputDescription port, int most) {
        @Nullable
        Schema published = Optional.ofNullable(port.records().schema())
                .flatMap(FieldMeaning::parsed)
                .orElse(null);
        Map<Integer, Optional<AvroDecoder<GenericRecord>>> decoders = new HashMap<>();
        return raw(port.address(), most).stream()
                .map(record -> sampled(record, port, published, decoders))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> raw(String topic, int most) {
        try (KafkaConsumer<byte[], byte[]> consumer = CommittedReaders.consumer(client)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(topic, one.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            consumer.assign(partitions);
            long giveUp = System.nanoTime() + TO_READ.toNanos();
            List<ConsumerRecord<byte[], byte[]>> found = List.of();
            for (long depth : DEPTHS) {
                ends.forEach((partition, end) ->
                        consumer.seek(partition, Math.max(beginnings.getOrDefault(partition, 0L), end - depth)));
                found = last(consumer, ends, most, giveUp);
                if (found.size() >= most || System.nanoTime() > giveUp) {
                    break;
                }
            }
            return found;
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> last(
            KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends, int most, long giveUp) {
        Map<Integer, Deque<ConsumerRecord<byte[], byte[]>>> last = new HashMap<>();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())
                && System.nanoTime() < giveUp) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(GLANCE)) {
                if (record.value() != null) {
                    Deque<ConsumerRecord<byte[], byte[]>> some =
                            last.computeIfAbsent(record.partition(), partition -> new ArrayDeque<>());
                    some.addLast(record);
                    if (some.size() > most) {
                        some.removeFirst();
                    }
                }
            }
        }
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        last.values().forEach(all::addAll);
        return all.stream()
                .sorted(Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
                        .thenComparingLong(ConsumerRecord::offset)
                        .reversed())
                .limit(most)
                .collect(Collectors.toList());
    }

    private SampledRecord sampled(
            ConsumerRecord<byte[], byte[]> record,
            OutputDescription port,
            @Nullable Schema published,
            Map<Integer, Optional<AvroDecoder<GenericRecord>>> decoders) {
        OptionalInt id = AvroDecoder.schemaId(record.value());
        Optional<AvroDecoder<GenericRecord>> decoder =
                id.isPresent() ? decoders.computeIfAbsent(id.getAsInt(), this::decoder) : Optional.empty();
        return decoder.map(known -> known.decode(record.value())
                        .<SampledRecord>fold(
                                value -> at(
                                        record,
                                        ShownKey.isShown(port.records(), value.getSchema(), published),
                                        Masking.of(value, published)),
                                reason -> at(record, false, new TextNode("(cannot be read: " + reason + ")")),
                                (schema, cause) -> at(record, false, new TextNode("(the registry does not answer)"))))
                .orElseGet(() -> at(record, false, new TextNode("(its schema is not known)")));
    }

    private Optional<AvroDecoder<GenericRecord>> decoder(int id) {
        return registry.lookup(id)
                .fold(
                        schema -> schema.getType() == Schema.Type.RECORD
                                ? Optional.of(new AvroDecoder<>(AvroType.generic(schema), registry))
                                : Optional.empty(),
                        missing -> Optional.empty(),
                        away -> Optional.empty());
    }

    private static SampledRecord at(ConsumerRecord<byte[], byte[]> record, boolean showsKey, JsonNode value) {
        return new SampledRecord(
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                showsKey ? ShownKey.text(record.key()) : Masking.MASK,
                value);
    }
}
