package io.kappamesh.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.DslStoreFormat;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.state.DslKeyValueParams;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedBytesStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real store of Kafka Streams inside, opened, written, restored and closed as Kafka Streams does. */
class FilteredKeyValueStoreTest {
    private static final int KEYS = 60;

    @TempDir
    Path directory;

    private final Map<String, Object> config = new HashMap<>();
    private final KeyValueStore<Bytes, byte[]> store = supplied(DslStoreFormat.PLAIN);
    private @Nullable RecordBatchingStateRestoreCallback restoration;
    private @Nullable StateStoreContext task;

    private static KeyValueStore<Bytes, byte[]> supplied(DslStoreFormat format) {
        return new FilteredStores()
                .keyValueStore(new DslKeyValueParams("orders", format))
                .get();
    }

    private void open() {
        StateStoreContext context = contextOfTask();
        StateStoreContext capturing = (StateStoreContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {StateStoreContext.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("register")) {
                        restoration = (RecordBatchingStateRestoreCallback) arguments[1];
                        return null;
                    }
                    if (method.getName().equals("appConfigs")) {
                        Map<String, Object> all = new HashMap<>(context.appConfigs());
                        all.putAll(config);
                        return all;
                    }
                    return method.invoke(context, arguments);
                });
        store.init(capturing, store);
    }

    /** One for the life of the store: Kafka's metrics insist. */
    private StateStoreContext contextOfTask() {
        if (task == null) {
            task = new MockProcessorContext<Void, Void>(new Properties(), new TaskId(0, 0), directory.toFile())
                    .getStateStoreContext();
        }
        return task;
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Whatever happens to a store, in whatever order, it answers as a map would. Each seed is a history of its own. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersAsTheStoreInsideWould(long seed) {
        Random random = new Random(seed);
        Map<String, String> expected = new TreeMap<>();
        // Some histories outgrow their filter.
        config.putAll(new KeyFilterMemory(random.nextBoolean() ? 1 << 20 : 0).config());
        open();
        for (int step = 0; step < 2_000; step++) {
            String key = "key-" + random.nextInt(KEYS);
            String value = "value-" + step;
            switch (random.nextInt(random.nextInt(20) == 0 ? 9 : 7)) {
                case 0, 1 -> assertThat(store.get(bytes(key))).isEqualTo(raw(expected.get(key)));
                case 2 -> {
                    store.put(bytes(key), raw(value));
                    expected.put(key, value);
                }
                case 3 -> {
                    assertThat(store.putIfAbsent(bytes(key), raw(value))).isEqualTo(raw(expected.get(key)));
                    expected.putIfAbsent(key, value);
                }
                case 4 -> assertThat(store.delete(bytes(key))).isEqualTo(raw(expected.remove(key)));
                case 5 -> {
                    String other = "key-" + random.nextInt(KEYS);
                    store.putAll(List.of(
                            KeyValue.pair(bytes(key), raw(value)), KeyValue.pair(bytes(other), raw(value + "b"))));
                    expected.put(key, value);
                    expected.put(other, value + "b");
                }
                case 6 -> {
                    restore(key, value);
                    expected.put(key, value);
                }
                case 7 -> assertThat(contents()).isEqualTo(expected);
                default -> {
                    store.close();
                    open();
                }
            }
        }
        assertThat(contents()).isEqualTo(expected);
    }

    private Map<String, String> contents() {
        Map<String, String> found = new TreeMap<>();
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            all.forEachRemaining(record -> found.put(
                    new String(record.key.get(), StandardCharsets.UTF_8),
                    new String(record.value, StandardCharsets.UTF_8)));
        }
        return found;
    }

    /** A task that was active, became a standby and is active again: Kafka Streams opens its stores once. */
    @Test
    void keysThatWereRestoredBehindTheFilterAreFound() {
        open();
        store.put(bytes("written"), raw("1"));
        restore("restored", "2");

        assertThat(store.get(bytes("restored"))).isEqualTo(raw("2"));
        assertThat(store.get(bytes("written"))).isEqualTo(raw("1"));
    }

    @Test
    void asksTheStoreInsideForNoKeyThatItNeverHeld() {
        CountingStore counting =
                new CountingStore(Stores.persistentKeyValueStore("orders").get());
        FilteredKeyValueStore filtered = new FilteredKeyValueStore(counting);
        filtered.init(contextOfTask(), filtered);
        filtered.put(bytes("held"), raw("1"));

        for (int i = 0; i < 100; i++) {
            assertThat(filtered.get(bytes("never-" + i))).isNull();
        }
        assertThat(filtered.get(bytes("held"))).isEqualTo(raw("1"));
        filtered.close();

        assertThat(counting.asked).contains("held").hasSizeLessThan(5);
    }

    /** RocksDB's batch is freed at a commit and at the end: a thread that reads metrics then ended the process. */
    @Test
    void onlyTheThreadThatWritesAsksForUncommittedBytes() throws Exception {
        CountingStore counting =
                new CountingStore(Stores.persistentKeyValueStore("orders").get());
        FilteredKeyValueStore filtered = new FilteredKeyValueStore(counting);
        filtered.init(contextOfTask(), filtered);
        filtered.put(bytes("held"), raw("1"));
        long[] seen = {-1, -1};

        ofAnotherThread(() -> seen[0] = filtered.approximateNumUncommittedBytes());
        assertThat(counting.sized).isZero();
        long own = filtered.approximateNumUncommittedBytes();
        ofAnotherThread(() -> seen[1] = filtered.approximateNumUncommittedBytes());
        filtered.close();

        assertThat(counting.sized).isEqualTo(1);
        assertThat(seen).containsExactly(0, own);
    }

    private static void ofAnotherThread(Runnable asking) throws InterruptedException {
        Thread other = new Thread(asking);
        other.start();
        other.join();
    }

    @Test
    void aStoreThatIsClosedStillSaysSo() {
        open();
        store.close();

        assertThatThrownBy(() -> store.get(bytes("a"))).isInstanceOf(InvalidStateStoreException.class);
    }

    @Test
    void keepsTheFormThatKafkaStreamsTellsByInterfaces() {
        assertThat(supplied(DslStoreFormat.TIMESTAMPED)).isInstanceOf(TimestampedBytesStore.class);
        assertThat(supplied(DslStoreFormat.PLAIN)).isNotInstanceOf(TimestampedBytesStore.class);
        assertThat(supplied(DslStoreFormat.HEADERS)).isNotInstanceOf(FilteredKeyValueStore.class);
        assertThat(store.persistent()).isTrue();
    }

    private void restore(String key, String value) {
        assertThat(restoration).isNotNull();
        restoration.restoreBatch(
                List.of(new ConsumerRecord<>("changelog", 0, 0, key.getBytes(StandardCharsets.UTF_8), raw(value))));
    }

    private static Bytes bytes(String key) {
        return Bytes.wrap(key.getBytes(StandardCharsets.UTF_8));
    }

    private static byte @Nullable [] raw(@Nullable String value) {
        return value == null ? null : value.getBytes(StandardCharsets.UTF_8);
    }

    /** Remembers which keys it was asked for. */
    private static final class CountingStore extends FilteredKeyValueStore {
        private final List<String> asked = new ArrayList<>();
        private int sized;

        CountingStore(KeyValueStore<Bytes, byte[]> inside) {
            super(inside);
        }

        @Override
        public long approximateNumUncommittedBytes() {
            sized++;
            return super.approximateNumUncommittedBytes();
        }

        @Override
        public byte @Nullable [] get(Bytes key) {
            asked.add(new String(key.get(), StandardCharsets.UTF_8));
            return super.get(key);
        }
    }
}
