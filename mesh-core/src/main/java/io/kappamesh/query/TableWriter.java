package io.kappamesh.query;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Puts the records of a published table into the store that is asked, the later one in the place of the earlier. */
final class TableWriter extends ContextualProcessor<byte[], byte[], Void, Void> {
    private final String storeName;
    private final HeldPartitions held;

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private KeyValueStore<Bytes, byte @Nullable []> store;

    TableWriter(String storeName, HeldPartitions held) {
        this.storeName = storeName;
        this.held = held;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        super.init(context);
        store = context.getStateStore(storeName);
        held.began(context.taskId().partition());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (record.key() != null) { // Brokers refuse others: the topic is compacted.
            store.put(Bytes.wrap(record.key()), record.value());
        }
        context()
                .recordMetadata()
                .ifPresent(from -> held.processed(context().taskId().partition(), from.offset()));
    }

    @Override
    public void close() {
        held.ended(context().taskId().partition());
    }
}
