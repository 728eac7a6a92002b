package io.kappamesh.testkit.proof;

import io.kappamesh.contract.InputPort;
import io.kappamesh.testkit.ProductWire;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One record of a history.
 *
 * @param number its place in the order of arrival, from 1
 * @param timestamp in milliseconds since the epoch
 * @param around where it came, and its headers
 */
@SuppressWarnings("ArrayRecordComponent") // bytes as they came; two inputs are never compared
record Input(int number, InputPort<?> port, byte @Nullable [] key, Content content, long timestamp, Around around) {

    /** What stands in the value. */
    sealed interface Content {
        byte @Nullable [] bytes(InputPort<?> port, ProductWire wire);

        String text();
    }

    /** A value written with a schema. */
    record Written(IndexedRecord value, Schema writer) implements Content {
        @Override
        public byte[] bytes(InputPort<?> port, ProductWire wire) {
            return wire.bytes(port, value, writer);
        }

        @Override
        public String text() {
            return Text.of(value);
        }
    }

    /** Bytes as they came; null deletes. */
    @SuppressWarnings("ArrayRecordComponent")
    record Raw(byte @Nullable [] value) implements Content {
        @Override
        public byte @Nullable [] bytes(InputPort<?> port, ProductWire wire) {
            return value;
        }

        @Override
        public String text() {
            return value == null ? "deleted" : value.length + " raw bytes";
        }
    }

    /** The same records, with places in the order of this list. */
    static List<Input> numbered(List<Input> inputs) {
        List<Input> numbered = new ArrayList<>();
        inputs.forEach(input -> numbered.add(new Input(
                numbered.size() + 1, input.port(), input.key(), input.content(), input.timestamp(), input.around())));
        return numbered;
    }

    Input with(Around other) {
        return new Input(number, port, key, content, timestamp, other);
    }

    String topic() {
        return around.topic();
    }

    /** Where it comes to stand when its topic has so many partitions. */
    int partition(int partitions) {
        if (around.partition().isPresent()) {
            return around.partition().getAsInt() % partitions;
        }
        return key == null ? 0 : BuiltInPartitioner.partitionForKey(key, partitions);
    }

    TopicPartition place(int partitions) {
        return new TopicPartition(topic(), partition(partitions));
    }

    ProducerRecord<byte[], byte[]> record(int partitions, ProductWire wire) {
        return new ProducerRecord<>(
                topic(), partition(partitions), timestamp, key, content.bytes(port, wire), around.recordHeaders());
    }

    String keyText() {
        return key == null ? "(no key)" : new String(key, StandardCharsets.UTF_8);
    }

    String timeText() {
        return Instant.ofEpochMilli(timestamp).toString();
    }
}
