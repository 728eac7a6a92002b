package io.kappamesh.benchmarks.lines;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records that are ready to be sent, packed in blocks of memory: as objects, millions of small ones would fill the heap, and the collector's work would be
 * measured. Headers are not kept. For one thread.
 */
final class ReadyRecords {
    private static final int BLOCK = 1 << 20;
    private static final int NUMBERS = Long.BYTES + 2 * Integer.BYTES;

    private final String topic;
    private final List<ByteBuffer> blocks = new ArrayList<>();
    private int size;

    ReadyRecords(String topic) {
        this.topic = topic;
    }

    void add(ProducerRecord<byte[], byte[]> record) {
        int bytes = NUMBERS + record.key().length + record.value().length;
        if (blocks.isEmpty() || blocks.get(blocks.size() - 1).remaining() < bytes) {
            blocks.add(ByteBuffer.allocate(Math.max(BLOCK, bytes)));
        }
        blocks.get(blocks.size() - 1)
                .putLong(record.timestamp())
                .putInt(record.key().length)
                .put(record.key())
                .putInt(record.value().length)
                .put(record.value());
        size++;
    }

    int size() {
        return size;
    }

    /** In the order in which they were added. */
    void forEach(Consumer<ProducerRecord<byte[], byte[]>> to) {
        for (ByteBuffer block : blocks) {
            ByteBuffer rest = block.duplicate().flip();
            while (rest.hasRemaining()) {
                long time = rest.getLong();
                byte[] key = bytes(rest);
                to.accept(new ProducerRecord<>(topic, null, time, key, bytes(rest)));
            }
        }
    }

    private static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[from.getInt()];
        from.get(bytes);
        return bytes;
    }
}
