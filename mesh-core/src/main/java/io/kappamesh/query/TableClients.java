package io.kappamesh.query;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** The clients that read a published table: the main consumer reports to {@link HeldPartitions} what it has come to. Thread-safe. */
final class TableClients extends DefaultKafkaClientSupplier {
    private static final Duration TO_CLOSE = Duration.ofSeconds(4);

    private final HeldPartitions held;

    TableClients(HeldPartitions held) {
        this.held = held;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
            @Override
            public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
                held.polled(assignment(), records, this::currentLag);
                return records;
            }

            /** A thread that is replaced never comes back under its name: the group need not wait for it. */
            @Override
            public void close(CloseOptions options) {
                held.closed();
                super.close(options.withTimeout(TO_CLOSE)
                        .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
            }
        };
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
            @Override
            public void close() {
                close(CloseOptions.timeout(TO_CLOSE));
            }
        };
    }
}
