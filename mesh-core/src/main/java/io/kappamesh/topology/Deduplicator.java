package io.kappamesh.topology;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Lets the first record of each id pass, per key. The ids are kept for ever: one that is forgotten by some clock would be new again
 * for who replays slowly and known for who replays fast.
 */
final class Deduplicator<V> extends ContextualFixedKeyProcessor<String, V, V> {
    private static final byte[] SEEN = new byte[0];

    private final String storeName;
    private final Function<? super V, String> id;

    @SuppressWarnings("NullAway.Init") // set by init, before the first record
    private KeyValueStore<Bytes, byte[]> seen;

    private Deduplicator(String storeName, Function<? super V, String> id) {
        this.storeName = storeName;
        this.id = id;
    }

    static <V> FixedKeyProcessorSupplier<String, V, V> supplier(
            KeyValueBytesStoreSupplier store, Function<? super V, String> id) {
        return new FixedKeyProcessorSupplier<>() {
            @Override
            public FixedKeyProcessor<String, V, V> get() {
                return new Deduplicator<>(store.name(), id);
            }

            @Override
            public Set<StoreBuilder<?>> stores() {
                return Set.of(Stores.keyValueStoreBuilder(store, Serdes.Bytes(), Serdes.ByteArray()));
            }
        };
    }

    @Override
    public void init(FixedKeyProcessorContext<String, V> context) {
        super.init(context);
        seen = context.getStateStore(storeName);
    }

    @Override
    public void process(FixedKeyRecord<String, V> record) {
        if (record.value() == null) {
            context().forward(record); // It has no id to be known by.
            return;
        }
        byte[] key = record.key().getBytes(StandardCharsets.UTF_8);
        byte[] name = id.apply(record.value()).getBytes(StandardCharsets.UTF_8);
        Bytes both = Bytes.wrap(ByteBuffer.allocate(Integer.BYTES + key.length + name.length)
                .putInt(key.length)
                .put(key)
                .put(name)
                .array());
        if (seen.putIfAbsent(both, SEEN) == null) {
            context().forward(record);
        }
    }
}
