package io.kappamesh.deploy;

import io.kappamesh.avro.AvroType;
import io.kappamesh.avro.Decoded;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.deploy.DeployReport.History;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.AvroEncoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads all committed records of a port, in no group, and lets consumers judge each. One thread at a time. */
final class HistoryTrial {
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration STANDSTILL = Duration.ofSeconds(30);

    private final Map<String, Object> client;
    private final SchemaRegistry registry;

    HistoryTrial(Map<String, Object> client, SchemaRegistry registry) {
        this.client = client;
        this.registry = registry;
    }

    /** Judges the records of a port as a build's schema is going to have them. */
    History ofPort(String topic, Schema written, List<ConsumerTrial> consumers) {
        AvroType<GenericRecord> type = AvroType.generic(written);
        AvroDecoder<GenericRecord> decoder = new AvroDecoder<>(type, registry);
        AvroEncoder<GenericRecord> encoder = new AvroEncoder<>(type, 0);
        long[] unfit = new long[1];
        long records = read(topic, (record, value) -> {
            Decoded<GenericRecord> decoded = decoder.decode(value);
            if (decoded instanceof Decoded.Waiting<GenericRecord>) {
                throw new LifecycleException(
                        ExitCode.PLATFORM, "topic " + topic + ": the schema registry does not answer; try again");
            }
            if (decoded instanceof Decoded.Value<GenericRecord> known) {
                byte[] next = encoder.encode(known.value());
                consumers.forEach(consumer -> consumer.judge(record, value, next));
            } else {
                unfit[0]++;
            }
        });
        return new History(topic, records, false, unfit[0]);
    }

    /** Judges the records that a candidate wrote in place of a port. */
    History ofCandidate(String topic, String shadow, List<ConsumerTrial> consumers) {
        long unused = read(topic, (record, value) -> consumers.forEach(one -> one.look(record, value)));
        long records = read(shadow, (record, value) -> consumers.forEach(one -> one.judge(record, value)));
        return new History(shadow, records, true, 0);
    }

    /** All committed records of a topic that have a value. */
    long read(String topic, BiConsumer<ConsumerRecord<byte[], byte[]>, byte[]> each) {
        long records = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = CommittedReaders.consumer(client)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(topic, one.partition()))
                    .toList();
            Map<TopicPartition, Long> open = new HashMap<>(consumer.endOffsets(partitions));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long moved = System.nanoTime();
            long before = -1;
            while (true) {
                open.entrySet().removeIf(one -> consumer.position(one.getKey()) >= one.getValue());
                if (open.isEmpty()) {
                    return records;
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(GLANCE)) {
                    byte[] value = record.value();
                    if (value != null) {
                        records++;
                        each.accept(record, value);
                    }
                }
                long reached = partitions.stream().mapToLong(consumer::position).sum();
                moved = reached > before ? System.nanoTime() : moved;
                before = reached;
                if (System.nanoTime() - moved > STANDSTILL.toNanos()) {
                    throw new LifecycleException(
                            ExitCode.PLATFORM,
                            "topic " + topic + ": nothing came for " + STANDSTILL + " of " + open.keySet()
                                    + "; see whether its brokers are well, or whether a transaction is open, and try again");
                }
            }
        }
    }
}
