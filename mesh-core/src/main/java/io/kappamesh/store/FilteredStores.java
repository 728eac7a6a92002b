package io.kappamesh.store;

import io.kappamesh.Internal;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.DslStoreFormat;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.DslKeyValueParams;
import org.apache.kafka.streams.state.DslSessionParams;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.apache.kafka.streams.state.DslWindowParams;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionBytesStoreSupplier;
import org.apache.kafka.streams.state.WindowBytesStoreSupplier;
import org.apache.kafka.streams.state.internals.RocksDBStore;

/**
 * The stores that Kafka Streams' DSL and this library use unless {@code streams.dsl.store.suppliers.class} names others: those of Kafka Streams in RocksDB, with
 * a filter of keys and a buffer of uncommitted writes in front of the key-value stores. Kafka Streams creates it, so it has a public constructor. Stateless and thread-safe.
 */
@Internal
public final class FilteredStores implements DslStoreSuppliers {
    private final DslStoreSuppliers inside = BuiltInDslStoreSuppliers.ROCKS_DB;

    /** What the configuration of a product needs so that its stores are these. */
    public static Map<String, Object> config() {
        return Map.of(StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, FilteredStores.class);
    }

    @Override
    public KeyValueBytesStoreSupplier keyValueStore(DslKeyValueParams params) {
        KeyValueBytesStoreSupplier supplier = inside.keyValueStore(params);
        return params.dslStoreFormat() == DslStoreFormat.HEADERS
                ? supplier
                : new Supplier(supplier, params.dslStoreFormat() == DslStoreFormat.TIMESTAMPED);
    }

    @Override
    public WindowBytesStoreSupplier windowStore(DslWindowParams params) {
        return inside.windowStore(params);
    }

    @Override
    public SessionBytesStoreSupplier sessionStore(DslSessionParams params) {
        return inside.sessionStore(params);
    }

    private record Supplier(KeyValueBytesStoreSupplier inside, boolean isTimestamped)
            implements KeyValueBytesStoreSupplier {
        @Override
        public String name() {
            return inside.name();
        }

        @Override
        public KeyValueStore<Bytes, byte[]> get() {
            KeyValueStore<Bytes, byte[]> staged = staged(inside.get());
            return isTimestamped ? new FilteredKeyValueStore.Timestamped(staged) : new FilteredKeyValueStore(staged);
        }

        private static KeyValueStore<Bytes, byte[]> staged(KeyValueStore<Bytes, byte[]> store) {
            return store instanceof RocksDBStore ofRocks ? new StagedKeyValueStore(ofRocks) : store;
        }

        @Override
        public String metricsScope() {
            return inside.metricsScope();
        }
    }
}
