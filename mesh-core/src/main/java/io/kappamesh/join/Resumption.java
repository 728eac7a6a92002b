package io.kappamesh.join;

import io.kappamesh.Internal;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Brings the next slice of what follows from a version, to the task that has it.
 *
 * @param partition the task's partition: who writes a source decides where its keys are
 * @param from the event time of the version, in milliseconds since the epoch
 */
@Internal
public record Resumption(int partition, long from) {

    /** Thread-safe. */
    public static Serde<Resumption> serde() {
        return Serdes.serdeFrom(
                (topic, value) -> ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                        .putInt(value.partition())
                        .putLong(value.from())
                        .array(),
                (topic, bytes) -> {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    return new Resumption(buffer.getInt(), buffer.getLong());
                });
    }

    /** From Kafka 4.4 on a partitioner may see headers too; the method without them goes then, and is all that there is before. */
    @SuppressWarnings("removal")
    public static StreamPartitioner<String, Resumption> partitioner() {
        return (topic, key, value, partitions) -> Optional.of(Set.of(value.partition()));
    }
}
