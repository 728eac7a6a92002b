package io.kappamesh.testkit.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.apache.kafka.streams.processor.internals.RecordCollector;
import org.jspecify.annotations.Nullable;

/** What a task has written since its last commit. Nobody sees it before the commit, and nobody ever does after a crash. */
final class Transaction implements RecordCollector {
    private final Logs logs;
    private final List<Written> written = new ArrayList<>();

    /** A record, and the one that a task processed when it wrote it; there is none for changelogs and punctuations. */
    private record Written(
            ProducerRecord<byte[], byte[]> record, @Nullable ProcessorRecordContext cause) {}

    Transaction(Logs logs) {
        this.logs = logs;
    }

    void commit(Consumer<Happening> observer) {
        for (Written each : written) {
            TopicPartition place = logs.append(each.record());
            ProcessorRecordContext cause = each.cause();
            if (cause != null && cause.topic() != null) {
                observer.accept(new Happening.Written(
                        place,
                        logs.end(place) - 1,
                        new TopicPartition(cause.topic(), cause.partition()),
                        cause.offset()));
            }
        }
        written.clear();
    }

    void abort() {
        written.clear();
    }

    @Override
    public <K, V> void send(
            String topic,
            K key,
            V value,
            Headers headers,
            @Nullable Integer partition,
            Long timestamp,
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer,
            String processorNodeId,
            @Nullable InternalProcessorContext<Void, Void> context) {
        Headers own = headers == null ? new RecordHeaders() : new RecordHeaders(headers.toArray());
        byte[] keyBytes = keySerializer.serialize(topic, own, key);
        byte[] valueBytes = valueSerializer.serialize(topic, own, value);
        written.add(new Written(
                new ProducerRecord<>(topic, partition, timestamp, keyBytes, valueBytes, own),
                context == null ? null : context.recordContext()));
    }

    @Override
    public <K, V> void send(
            String topic,
            K key,
            V value,
            Headers headers,
            Long timestamp,
            Serializer<K> keySerializer,
            Serializer<V> valueSerializer,
            String processorNodeId,
            InternalProcessorContext<Void, Void> context,
            @Nullable StreamPartitioner<? super K, ? super V> partitioner) {
        Set<Integer> chosen = partitioner == null
                ? null
                : partitioner
                        .partitions(topic, key, value, headers, logs.partitions(topic))
                        .orElse(null);
        if (chosen == null) {
            send(topic, key, value, headers, null, timestamp, keySerializer, valueSerializer, processorNodeId, context);
        } else {
            chosen.forEach(partition -> send(
                    topic,
                    key,
                    value,
                    headers,
                    partition,
                    timestamp,
                    keySerializer,
                    valueSerializer,
                    processorNodeId,
                    context));
        }
    }

    @Override
    public <K, V> void send(
            K key,
            V value,
            String processorNodeId,
            InternalProcessorContext<?, ?> context,
            ProducerRecord<byte[], byte[]> serialized) {
        written.add(new Written(serialized, null));
    }

    @Override
    public Map<TopicPartition, Long> offsets() {
        return Map.of();
    }

    @Override
    public void initialize() {}

    @Override
    public void flush() {}

    @Override
    public void closeClean() {}

    @Override
    public void closeDirty() {}
}
