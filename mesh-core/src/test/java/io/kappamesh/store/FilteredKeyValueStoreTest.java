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
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.DslStoreFormat;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.internals.RecordBatchingStateRestoreCallback;
import org.apache.kafka.streams.query.Position;
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
    private static final TopicPartition CHANGELOG = new TopicPartition("changelog", 0);

    @TempDir
    Path directory;

    private final Map<String, Object> config = new HashMap<>();
    private final KeyValueStore<Bytes, byte[]> store = supplied(DslStoreFormat.PLAIN);
    private @Nullable RecordBatchingStateRestoreCallback restoration;
    private @Nullable StateStoreContext task;
    private @Nullable MockProcessorContext<Void, Void> mock;

    private static KeyValueStore<Bytes, byte[]> supplied(DslStoreFormat format) {
        return new FilteredStores()
                .keyValueStore(new DslKeyValueParams("orders", format))
                .get();
    }

    private void open() {
        open(store);
    }

    private void open(KeyValueStore<Bytes, byte[]> store) {
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
            mock = new MockProcessorContext<>(new Properties(), new TaskId(0, 0), directory.toFile());
            task = mock.getStateStoreContext();
        }
        return task;
    }

    @AfterEach
    void close() {
        store.close();
    }

    /**
     * Whatever happens to a store, in whatever order, it answers as a map would: one that goes back to what was committed when it is closed, if it is
     * transactional. Each seed is a history of its own.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void answersAsTheStoreInsideWould(long seed) {
        Random random = new Random(seed);
        boolean isTransactional = seed % 2 == 0;
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, isTransactional);
        Map<String, String> committed = new TreeMap<>();
        Map<String, String> expected = new TreeMap<>();
        // Some histories outgrow their filter.
        config.putAll(new KeyFilterMemory(random.nextBoolean() ? 1 << 20 : 0).config());
        open();
        for (int step = 0; step < 2_000; step++) {
            String key = "key-" + random.nextInt(KEYS);
            String value = "value-" + step;
            switch (random.nextInt(random.nextInt(20) == 0 ? 10 : 7)) {
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
                    // Kafka Streams restores into a store that has nothing open.
                    commit(step);
                    restore(key, value);
                    expected.put(key, value);
                    replace(committed, expected);
                }
                case 7 -> assertThat(contents(store, random.nextInt(5))).isEqualTo(expected);
                case 8 -> {
                    commit(step);
                    replace(committed, expected);
                }
                default -> {
                    store.close();
                    open();
                    if (isTransactional) {
                        replace(expected, committed);
                    }
                }
            }
        }
        assertThat(contents()).isEqualTo(expected);
    }

    private void commit(long offset) {
        store.commit(Map.of(CHANGELOG, offset));
        assertThat(store.committedOffset(CHANGELOG)).isEqualTo(offset);
        assertThat(store.approximateNumUncommittedBytes()).isLessThan(100);
    }

    private static void replace(Map<String, String> old, Map<String, String> by) {
        old.clear();
        old.putAll(by);
    }

    @Test
    void othersSeeWhatIsCommitted() throws Exception {
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
        open();
        store.put(bytes("a"), raw("1"));
        commit(1);
        store.put(bytes("a"), raw("2"));
        List<byte @Nullable []> seen = new ArrayList<>();

        ofAnotherThread(() -> seen.add(store.get(bytes("a"))));
        assertThat(store.get(bytes("a"))).isEqualTo(raw("2"));
        commit(2);
        ofAnotherThread(() -> seen.add(store.get(bytes("a"))));

        assertThat(seen).containsExactly(raw("1"), raw("2"));
    }

    @Test
    void readersOfWhatIsCommittedSeeNothingElseAfterAScan() throws Exception {
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
        open();
        store.put(bytes("a"), raw("1"));
        commit(1);
        store.put(bytes("a"), raw("2"));
        assertThat(contents()).containsEntry("a", "2");
        store.put(bytes("a"), raw("3"));
        List<byte @Nullable []> seen = new ArrayList<>();

        ofAnotherThread(
                () -> seen.add(store.readOnly(IsolationLevel.READ_COMMITTED).get(bytes("a"))));
        commit(2);
        ofAnotherThread(
                () -> seen.add(store.readOnly(IsolationLevel.READ_COMMITTED).get(bytes("a"))));

        assertThat(seen).containsExactly(raw("1"), raw("3"));
    }

    /** Rows of a store that had no timestamps are converted when they are read, which writes the older value inside. */
    @Test
    void newerValueIsKeptWhereReadingConvertsTheOlderOne() throws Exception {
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
        open();
        for (String key : List.of("changed", "deleted", "read", "read-by-others")) {
            store.put(bytes(key), raw("old"));
        }
        commit(1);
        store.close();
        task = null;
        KeyValueStore<Bytes, byte[]> timestamped = supplied(DslStoreFormat.TIMESTAMPED);
        open(timestamped);
        byte[] converted = timestamped.get(bytes("changed"));
        assertThat(converted).endsWith(raw("old")).hasSize(8 + 3);

        timestamped.put(bytes("changed"), raw("00000000new"));
        timestamped.delete(bytes("deleted"));
        timestamped.get(bytes("read"));
        timestamped.put(bytes("read-by-others"), raw("00000000new"));
        ofAnotherThread(() -> timestamped.get(bytes("read-by-others")));
        timestamped.commit(Map.of(CHANGELOG, 2L));
        Map<String, String> found = contents(timestamped, 0);
        timestamped.close();

        assertThat(found)
                .containsOnly(
                        Map.entry("changed", "00000000new"),
                        Map.entry("read", new String(converted, StandardCharsets.UTF_8)),
                        Map.entry("read-by-others", "00000000new"));
    }

    @Test
    void whatWaitsIsCounted() {
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
        open();
        store.put(bytes("a"), raw("1"));
        store.delete(bytes("a"));
        long nothing = store.approximateNumUncommittedBytes();
        store.put(bytes("a"), new byte[1_000]);
        long value = store.approximateNumUncommittedBytes();
        store.put(bytes("a"), new byte[300]);
        long smaller = store.approximateNumUncommittedBytes();
        store.put(bytes("b".repeat(500)), new byte[0]);
        long two = store.approximateNumUncommittedBytes();

        assertThat(value).isEqualTo(nothing + 1_000);
        assertThat(smaller).isEqualTo(nothing + 300);
        assertThat(two).isBetween(smaller + 500, smaller + 700);
    }

    /** A corrupted task is closed so, after its transaction was aborted: Kafka Streams deletes its state then. */
    @Test
    void offsetsAreForgottenWithWhatWasNotCommitted() {
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
        open();
        store.put(bytes("a"), raw("1"));
        commit(1);
        store.put(bytes("a"), raw("2"));

        store.commit(Map.of());

        assertThat(store.committedOffset(CHANGELOG)).isNull();
        assertThat(store.get(bytes("a"))).isEqualTo(raw("2"));
    }

    /** What is open is the writer's own, also where its iterator was opened before. */
    @Test
    void iteratorsSeeWhatWasWrittenBeforeThem() {
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
        open();
        store.put(bytes("a"), raw("1"));
        store.put(bytes("b"), raw("2"));
        commit(1);
        store.put(bytes("c"), raw("3"));
        store.delete(bytes("a"));

        List<String> found = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> records = store.all()) {
            while (records.hasNext()) {
                KeyValue<Bytes, byte[]> record = records.next();
                found.add(new String(record.key.get(), StandardCharsets.UTF_8));
                store.delete(record.key);
                store.put(bytes("z"), raw("4"));
            }
        }

        assertThat(found).containsExactly("b", "c");
        assertThat(contents()).containsOnlyKeys("z");
        commit(2);
        assertThat(contents()).containsOnlyKeys("z");
        store.close();
        open();
        assertThat(contents()).containsOnlyKeys("z");
    }

    @Test
    void emptyValueIsNotADeletedOne() {
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
        open();
        store.put(bytes("empty"), new byte[0]);
        store.put(bytes("deleted"), raw("1"));
        store.put(bytes("deleted"), null);

        assertThat(store.get(bytes("empty"))).isEmpty();
        assertThat(store.get(bytes("deleted"))).isNull();
        commit(1);
        assertThat(store.get(bytes("empty"))).isEmpty();
        assertThat(store.get(bytes("deleted"))).isNull();
    }

    /** Queries may ask for a store that has come up to a position. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void positionsOfWritesAreKnownOnceTheyAreCommitted(boolean isScanned) {
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
        open();
        recordOf("left", 0, 7);
        store.put(bytes("a"), raw("1"));
        recordOf("right", 2, 3);
        store.put(bytes("b"), raw("2"));
        recordOf("left", 0, 8);
        store.put(bytes("c"), raw("3"));
        if (isScanned) {
            assertThat(contents()).hasSize(3);
        } else {
            assertThat(store.getPosition()).isEqualTo(Position.emptyPosition());
        }

        commit(1);

        assertThat(store.getPosition())
                .isEqualTo(Position.emptyPosition().withComponent("left", 0, 8).withComponent("right", 2, 3));
        assertThat(contents()).containsOnly(Map.entry("a", "1"), Map.entry("b", "2"), Map.entry("c", "3"));
    }

    private void recordOf(String topic, int partition, long offset) {
        contextOfTask();
        assertThat(mock).isNotNull();
        mock.setRecordMetadata(topic, partition, offset);
    }

    private Map<String, String> contents() {
        return contents(store, 0);
    }

    /** @param scan which of those that a store has */
    private static Map<String, String> contents(KeyValueStore<Bytes, byte[]> store, int scan) {
        Map<String, String> found = new TreeMap<>();
        try (KeyValueIterator<Bytes, byte[]> all = switch (scan) {
            case 0 -> store.all();
            case 1 -> store.reverseAll();
            case 2 -> store.range(null, null);
            case 3 -> store.reverseRange(null, null);
            default -> store.prefixScan("key", new StringSerializer());
        }) {
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
