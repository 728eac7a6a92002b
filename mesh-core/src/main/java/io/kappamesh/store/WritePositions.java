package io.kappamesh.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The context of a store that is written later than it should have been: it says which records caused the writes. A store keeps their positions for who queries
 * it with a bound (KIP-805). Only the thread that writes calls it, but for what is asked of the context itself.
 */
final class WritePositions extends WrappedContext {
    private final Map<TopicPartition, RecordMetadata> earlier = new HashMap<>();
    private @Nullable RecordMetadata last;
    private @Nullable RecordMetadata told;

    WritePositions(StateStoreContext context) {
        super(context);
    }

    /** The record that is processed now has written. */
    void isWritten() {
        RecordMetadata now = super.recordMetadata().orElse(null);
        if (now == null || now.topic() == null) {
            return;
        }
        RecordMetadata before = last;
        if (before != null
                && !(before.partition() == now.partition() && before.topic().equals(now.topic()))) {
            keep(before);
        }
        last = now;
    }

    private void keep(RecordMetadata record) {
        earlier.put(new TopicPartition(record.topic(), record.partition()), record);
    }

    /** Has the last record of each partition write. */
    void tell(Runnable write) {
        if (last != null) {
            keep(last);
        }
        try {
            for (RecordMetadata record : earlier.values()) {
                told = record;
                write.run();
            }
        } finally {
            told = null;
        }
        last = null;
        earlier.clear();
    }

    @Override
    public Optional<RecordMetadata> recordMetadata() {
        return told == null ? super.recordMetadata() : Optional.of(told);
    }
}
