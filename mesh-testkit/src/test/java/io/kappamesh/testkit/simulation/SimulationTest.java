package io.kappamesh.testkit.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.Suppressed.BufferConfig;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is known of Kafka Streams, seen in the simulation. */
class SimulationTest {
    private static final int PARTITIONS = 3;
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final List<Happening> happened = new ArrayList<>();
    private final List<Simulation> started = new ArrayList<>();

    @AfterEach
    void close() {
        started.forEach(Simulation::close);
    }

    @Test
    void everyPartitionHasATaskAndEveryKeyIsCounted() {
        Simulation simulation = start(SimulationTest::count, 0);

        for (int round = 0; round < 3; round++) {
            arrive(simulation, "a", "b", "c", "d", "e");
        }
        simulation.settle();

        assertThat(simulation.tasks()).containsExactly(new TaskId(0, 0), new TaskId(0, 1), new TaskId(0, 2));
        assertThat(table(simulation)).isEqualTo(Map.of("a", "3", "b", "3", "c", "3", "d", "3", "e", "3"));
        assertThat(partitions(simulation.log("out")))
                .as("partitions that were written")
                .hasSizeGreaterThan(1);
    }

    @Test
    void aCacheHoldsIntermediateResultsBackUntilTheCommit() {
        Simulation cached = start(SimulationTest::count, 1_000_000);
        Simulation uncached = start(SimulationTest::count, 0);

        for (Simulation simulation : List.of(cached, uncached)) {
            arrive(simulation, "a", "a", "a");
            simulation.settle();
        }

        assertThat(values(cached.log("out"))).containsExactly("3");
        assertThat(values(uncached.log("out"))).containsExactly("1", "2", "3");
    }

    @Test
    void whatIsNotCommittedIsNotSeen() {
        Simulation simulation = start(SimulationTest::count, 0);
        arrive(simulation, "a");

        each(simulation, (task, source) -> simulation.fetch(task, source, 10));
        each(simulation, (task, source) -> simulation.process(task, 10));
        List<ConsumerRecord<byte[], byte[]>> before = simulation.log("out");
        each(simulation, (task, source) -> simulation.commit(task));

        assertThat(before).isEmpty();
        assertThat(values(simulation.log("out"))).containsExactly("1");
    }

    @Test
    void aCrashLosesNothingAndDoublesNothing() {
        Simulation simulation = start(SimulationTest::count, 1_000);
        arrive(simulation, "a", "b", "c");
        simulation.settle();
        arrive(simulation, "a", "b", "c");
        each(simulation, (task, source) -> simulation.fetch(task, source, 10));
        each(simulation, (task, source) -> simulation.process(task, 10));

        simulation.tasks().forEach(simulation::crash);
        simulation.settle();

        assertThat(processed("in")).as("the second half was processed twice").isEqualTo(9);
        assertThat(table(simulation)).isEqualTo(Map.of("a", "2", "b", "2", "c", "2"));
        assertThat(values(simulation.log("out"))).hasSize(6);
    }

    @Test
    void aRestartCommitsAndGoesOnFromRestoredState() {
        Simulation simulation = start(SimulationTest::count, 0);
        arrive(simulation, "a", "a");
        each(simulation, (task, source) -> simulation.fetch(task, source, 10));
        each(simulation, (task, source) -> simulation.process(task, 10));

        simulation.tasks().forEach(simulation::restart);
        arrive(simulation, "a");
        simulation.settle();

        assertThat(processed("in")).isEqualTo(3);
        assertThat(values(simulation.log("out"))).containsExactly("1", "2", "3");
    }

    @Test
    void compactionTakesAwayWhatIsReplacedAndWhoeverReadsOnSeesTheRest() {
        Simulation simulation = start(SimulationTest::count, 0);
        TopicPartition place = new TopicPartition("in", 0);
        for (String key : List.of("a", "b", "a", "c", "b")) {
            simulation.arrive(inFirst(key, "v"));
        }

        simulation.compact(place, true);
        simulation.settle();

        assertThat(happened).contains(new Happening.Compacted(place, List.of(0L, 1L)));
        assertThat(simulation.log("in")).extracting(ConsumerRecord::offset).containsExactly(2L, 3L, 4L);
        assertThat(table(simulation)).isEqualTo(Map.of("a", "1", "b", "1", "c", "1"));
        simulation.arrive(inFirst("c", "v"));
        simulation.settle();
        assertThat(table(simulation)).containsEntry("c", "2");
    }

    @Test
    void whoStoppedBeforeAGapGoesOnBehindItAlsoAfterARestart() {
        Simulation simulation = start(SimulationTest::count, 0);
        TopicPartition place = new TopicPartition("in", 0);
        TaskId task = new TaskId(0, 0);
        for (String key : List.of("a", "b", "c", "b", "c", "d")) {
            simulation.arrive(inFirst(key, "v"));
        }

        simulation.fetch(task, place, 1);
        simulation.process(task, 1);
        simulation.commit(task);
        simulation.compact(place, false);
        simulation.crash(task);
        simulation.fetch(task, place, 2);
        simulation.process(task, 2);
        simulation.restart(task);
        simulation.settle();

        assertThat(happened).contains(new Happening.Compacted(place, List.of(1L, 2L)));
        assertThat(processed("in")).isEqualTo(4);
        assertThat(table(simulation)).isEqualTo(Map.of("a", "1", "b", "1", "c", "1", "d", "1"));
    }

    @Test
    void deletionsGoOnlyAsLongAsNobodyHasBegunToRead() {
        Simulation unread = start(SimulationTest::count, 0);
        Simulation begun = start(SimulationTest::count, 0);
        TopicPartition place = new TopicPartition("in", 0);
        for (Simulation simulation : List.of(unread, begun)) {
            simulation.arrive(inFirst("a", "v"));
        }
        begun.settle();
        for (Simulation simulation : List.of(unread, begun)) {
            simulation.arrive(inFirst("a", null));
            simulation.compact(place, true);
        }

        assertThat(unread.log("in")).isEmpty();
        assertThat(begun.log("in")).extracting(ConsumerRecord::offset).containsExactly(1L);
        unread.settle();
        assertThat(unread.log("out")).isEmpty();
    }

    @Test
    void aRepartitionRoutesByKey() {
        Simulation simulation = start(
                builder -> in(builder)
                        .map((key, value) -> KeyValue.pair(value, key), Named.as("turn"))
                        .groupByKey(Grouped.with("by-value", Serdes.String(), Serdes.String()))
                        .count(Materialized.as("counts"))
                        .toStream(Named.as("stream"))
                        .mapValues(count -> Long.toString(count), Named.as("text"))
                        .to(
                                "out",
                                Produced.with(Serdes.String(), Serdes.String()).withName("sink")),
                0);

        for (int key = 0; key < 30; key++) {
            simulation.arrive(record("in", "k" + key, "v" + key % 4, 0));
        }
        simulation.settle();

        assertThat(simulation.tasks()).hasSize(2 * PARTITIONS);
        List<ConsumerRecord<byte[], byte[]>> repartitioned = simulation.log("app-by-value-repartition");
        assertThat(repartitioned)
                .hasSize(30)
                .allSatisfy(record -> assertThat(record.partition())
                        .isEqualTo(Utils.toPositive(Utils.murmur2(record.key())) % PARTITIONS));
        assertThat(partitions(repartitioned)).hasSizeGreaterThan(1);
        assertThat(table(simulation)).isEqualTo(Map.of("v0", "8", "v1", "8", "v2", "7", "v3", "7"));
    }

    @Test
    void windowsAreRestored() {
        Simulation simulation = start(
                builder -> in(builder)
                        .groupByKey(Grouped.with("by-key", Serdes.String(), Serdes.String()))
                        .windowedBy(TimeWindows.ofSizeAndGrace(WINDOW, WINDOW))
                        .count(Materialized.<String, Long, WindowStore<Bytes, byte[]>>as("windows")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(Serdes.Long()))
                        .toStream(Named.as("stream"))
                        .map(
                                (window, count) -> KeyValue.pair(
                                        window.key() + "@" + window.window().start(), Long.toString(count)),
                                Named.as("flat"))
                        .to(
                                "out",
                                Produced.with(Serdes.String(), Serdes.String()).withName("sink")),
                1_000);
        simulation.arrive(record("in", "a", "", 1_000));
        simulation.arrive(record("in", "a", "", 2_000));
        simulation.arrive(record("in", "a", "", 11_000));
        simulation.settle();

        simulation.tasks().forEach(simulation::crash);
        simulation.arrive(record("in", "a", "", 3_000));
        simulation.settle();

        assertThat(table(simulation)).isEqualTo(Map.of("a@0", "3", "a@10000", "1"));
    }

    @Test
    void versionsAreRestored() {
        Simulation simulation = start(
                builder -> in(builder)
                        .join(
                                builder.table(
                                        "table",
                                        Consumed.with(Serdes.String(), Serdes.String())
                                                .withName("table-source"),
                                        Materialized.<String, String>as(Stores.persistentVersionedKeyValueStore(
                                                        "versions", Duration.ofHours(1)))
                                                .withKeySerde(Serdes.String())
                                                .withValueSerde(Serdes.String())),
                                (left, right) -> left + right)
                        .to(
                                "out",
                                Produced.with(Serdes.String(), Serdes.String()).withName("sink")),
                0);
        simulation.arrive(record("table", "a", "old", 1_000));
        simulation.arrive(record("table", "a", "new", 5_000));
        simulation.settle();

        simulation.tasks().forEach(simulation::crash);
        simulation.arrive(record("in", "a", "is ", 2_000));
        simulation.arrive(record("in", "a", "is ", 6_000));
        simulation.settle();

        assertThat(values(simulation.log("out"))).containsExactly("is old", "is new");
    }

    @Test
    void whatIsSuppressedIsRestored() {
        Simulation simulation = start(
                builder -> in(builder)
                        .toTable(
                                Named.as("latest"),
                                Materialized.<String, String, KeyValueStore<Bytes, byte[]>>as("latest-store")
                                        .withKeySerde(Serdes.String())
                                        .withValueSerde(Serdes.String()))
                        .suppress(Suppressed.<String>untilTimeLimit(WINDOW, BufferConfig.unbounded())
                                .withName("held"))
                        .toStream(Named.as("stream"))
                        .to(
                                "out",
                                Produced.with(Serdes.String(), Serdes.String()).withName("sink")),
                0);
        simulation.arrive(record("in", "a", "first", 1_000));
        simulation.settle();
        List<ConsumerRecord<byte[], byte[]>> before = simulation.log("out");

        simulation.tasks().forEach(simulation::crash);
        simulation.arrive(record("in", "a", "second", 20_000));
        simulation.settle();

        assertThat(before).isEmpty();
        assertThat(values(simulation.log("out"))).containsExactly("second");
    }

    @Test
    void ofTwoSourcesTheEarlierRecordIsTakenAndNothingBeforeBothAreKnown() {
        Simulation simulation = start(
                builder -> builder.stream(
                                List.of("left", "right"),
                                Consumed.with(Serdes.String(), Serdes.String()).withName("both"))
                        .to(
                                "out",
                                Produced.with(Serdes.String(), Serdes.String()).withName("sink")),
                0);
        TaskId task = simulation.tasks().get(0);
        simulation.arrive(new ProducerRecord<>("left", 0, 2_000L, utf8("a"), utf8("later")));
        simulation.arrive(new ProducerRecord<>("right", 0, 1_000L, utf8("a"), utf8("earlier")));

        simulation.fetch(task, new TopicPartition("left", 0), 10);
        simulation.process(task, 10);
        boolean waited = happened.stream().noneMatch(Happening.Processed.class::isInstance);
        simulation.settle();

        assertThat(waited).as("it waits for the source that it has not asked").isTrue();
        assertThat(values(simulation.log("out"))).containsExactly("earlier", "later");
    }

    @Test
    void aGlobalTableIsFilledOutsideTheOrderOfTheLog() {
        List<List<String>> joined = new ArrayList<>();
        for (boolean first : List.of(true, false)) {
            Simulation simulation = start(
                    builder -> in(builder)
                            .leftJoin(
                                    builder.globalTable(
                                            "global",
                                            Consumed.with(Serdes.String(), Serdes.String())
                                                    .withName("global-source"),
                                            Materialized.<String, String, KeyValueStore<Bytes, byte[]>>as(
                                                            "global-store")
                                                    .withKeySerde(Serdes.String())
                                                    .withValueSerde(Serdes.String())),
                                    (key, value) -> key,
                                    (left, right) -> left + right,
                                    Named.as("joined"))
                            .to(
                                    "out",
                                    Produced.with(Serdes.String(), Serdes.String())
                                            .withName("sink")),
                    0);
            simulation.arrive(record("global", "a", "there", 1_000));
            simulation.arrive(record("in", "a", "is ", 2_000));

            if (first) {
                simulation.fillGlobalTables(1);
            }
            each(simulation, (task, source) -> simulation.fetch(task, source, 10));
            each(simulation, (task, source) -> simulation.process(task, 10));
            simulation.settle();
            joined.add(values(simulation.log("out")));
        }

        assertThat(joined).containsExactly(List.of("is there"), List.of("is null"));
    }

    private Simulation start(Consumer<StreamsBuilder> wiring, long cacheBytes) {
        Map<String, Object> config = new HashMap<>(Simulation.config("app"));
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, cacheBytes);
        StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(config)));
        wiring.accept(builder);
        Simulation simulation = Simulation.start(builder.build(), config, PARTITIONS, happened::add);
        started.add(simulation);
        return simulation;
    }

    private static KStream<String, String> in(StreamsBuilder builder) {
        return builder.stream(
                "in", Consumed.with(Serdes.String(), Serdes.String()).withName("source"));
    }

    private static void count(StreamsBuilder builder) {
        in(builder)
                .groupByKey(Grouped.with("by-key", Serdes.String(), Serdes.String()))
                .count(Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("counts")
                        .withKeySerde(Serdes.String())
                        .withValueSerde(Serdes.Long()))
                .toStream(Named.as("stream"))
                .mapValues(count -> Long.toString(count), Named.as("text"))
                .to("out", Produced.with(Serdes.String(), Serdes.String()).withName("sink"));
    }

    private static void arrive(Simulation simulation, String... keys) {
        for (String key : keys) {
            simulation.arrive(record("in", key, "", 0));
        }
    }

    /** A record of the first partition; a null value deletes. */
    private static ProducerRecord<byte[], byte[]> inFirst(String key, @Nullable String value) {
        byte[] bytes = value == null ? null : value.getBytes(UTF_8);
        return new ProducerRecord<>("in", 0, 0L, key.getBytes(UTF_8), bytes);
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, String value, long timestamp) {
        return new ProducerRecord<>(topic, null, timestamp, utf8(key), utf8(value));
    }

    private static void each(Simulation simulation, BiConsumer<TaskId, TopicPartition> step) {
        simulation.tasks().forEach(task -> simulation.sources(task).forEach(source -> step.accept(task, source)));
    }

    private long processed(String topic) {
        return happened.stream()
                .filter(happening -> happening instanceof Happening.Processed processed
                        && processed.place().topic().equals(topic))
                .count();
    }

    private static Map<String, String> table(Simulation simulation) {
        Map<String, String> table = new LinkedHashMap<>();
        simulation.log("out").forEach(record -> table.put(text(record.key()), text(record.value())));
        return table;
    }

    private static Set<Integer> partitions(List<ConsumerRecord<byte[], byte[]>> records) {
        Set<Integer> partitions = new TreeSet<>();
        records.forEach(record -> partitions.add(record.partition()));
        return partitions;
    }

    private static List<String> values(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(record -> text(record.value())).toList();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
