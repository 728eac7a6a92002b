package io.kappamesh.lint;

import io.kappamesh.Internal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.ConnectedStoreProvider;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorWrapper;
import org.apache.kafka.streams.processor.api.WrappedFixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.WrappedProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Sees every processor as a topology is built, and changes nothing: what a wrapper that was configured before makes of it stands. It is
 * used for the topology that is looked at, never for the one that runs. Kafka Streams makes it itself, hence the public constructor
 * and the way over the configuration (KIP-1112).
 */
@Internal
public final class TopologyProbe implements ProcessorWrapper {
    private static final String SEEN = "io.kappamesh.lint.seen";
    private static final String BEFORE = "io.kappamesh.lint.wrapper";

    private Seen seen = new Seen();
    private @Nullable ProcessorWrapper before;

    /** What was seen: processors and what supplies them, in the order of the topology. Not thread-safe. */
    static final class Seen {
        private final Map<String, ConnectedStoreProvider> suppliers = new LinkedHashMap<>();

        void clear() {
            suppliers.clear();
        }

        Map<String, ConnectedStoreProvider> suppliers() {
            return suppliers;
        }

        /** The stores that a processor brings along; others it may be connected with. */
        Set<String> ownStores(String processor) {
            Set<String> names = new TreeSet<>();
            stores(suppliers.get(processor)).forEach(store -> names.add(store.name()));
            return names;
        }

        /** What builds a store; empty = no processor brings it along. */
        Optional<StoreBuilder<?>> store(String name) {
            for (ConnectedStoreProvider supplier : suppliers.values()) {
                for (StoreBuilder<?> store : stores(supplier)) {
                    if (store.name().equals(name)) {
                        return Optional.of(store);
                    }
                }
            }
            return Optional.empty();
        }

        private static Set<StoreBuilder<?>> stores(@Nullable ConnectedStoreProvider supplier) {
            @Nullable Set<StoreBuilder<?>> stores = supplier == null ? null : supplier.stores();
            return stores == null ? Set.of() : stores;
        }
    }

    /** The configuration with a witness in it. */
    static Map<String, Object> configured(Map<String, Object> config, Seen seen) {
        Map<String, Object> witnessed = new HashMap<>(config);
        Object wrapper = config.get(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG);
        if (wrapper != null) {
            witnessed.put(BEFORE, wrapper);
        }
        witnessed.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, TopologyProbe.class);
        witnessed.put(SEEN, seen);
        return witnessed;
    }

    @Override
    public void configure(Map<String, ?> configs) {
        if (configs.get(SEEN) instanceof Seen given) {
            seen = given;
        }
        Object wrapper = configs.get(BEFORE);
        if (wrapper != null) {
            before = made(wrapper);
            before.configure(configs);
        }
    }

    @Override
    public <KIn, VIn, KOut, VOut> WrappedProcessorSupplier<KIn, VIn, KOut, VOut> wrapProcessorSupplier(
            String name, ProcessorSupplier<KIn, VIn, KOut, VOut> supplier) {
        seen.suppliers.put(name, supplier);
        return before == null ? ProcessorWrapper.asWrapped(supplier) : before.wrapProcessorSupplier(name, supplier);
    }

    @Override
    public <KIn, VIn, VOut> WrappedFixedKeyProcessorSupplier<KIn, VIn, VOut> wrapFixedKeyProcessorSupplier(
            String name, FixedKeyProcessorSupplier<KIn, VIn, VOut> supplier) {
        seen.suppliers.put(name, supplier);
        return before == null
                ? ProcessorWrapper.asWrappedFixedKey(supplier)
                : before.wrapFixedKeyProcessorSupplier(name, supplier);
    }

    private static ProcessorWrapper made(Object wrapper) {
        try {
            return wrapper instanceof Class<?> type
                    ? Utils.newInstance(type.asSubclass(ProcessorWrapper.class))
                    : Utils.newInstance(wrapper.toString(), ProcessorWrapper.class);
        } catch (ClassNotFoundException unknown) {
            throw new IllegalArgumentException(
                    StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG + ": there is no class " + wrapper, unknown);
        }
    }
}
