package io.kappamesh.tables;

import static io.kappamesh.tables.TestTopics.record;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.kappamesh.fixture.InJvmBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class LatestRecordsIT {
    private static final Duration SHORT = Duration.ofSeconds(5);

    private static InJvmBroker broker;
    private static TestTopics topics;
    private static int made;

    @TempDir
    Path directory;

    private String serving;
    private String candidate;
    private LatestRecords records;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = InJvmBroker.start();
        topics = new TestTopics(broker, "latest-records");
    }

    @AfterAll
    static void stopBroker() throws Exception {
        topics.close();
        broker.stop();
    }

    @BeforeEach
    void open() {
        made++;
        serving = topics.create("sales.orders" + made + ".v1", 2, Map.of());
        candidate = topics.create("sales.orders" + made + ".v1.g2", 2, Map.of());
        records = LatestRecords.open(directory, topics.consumerConfig());
    }

    @AfterEach
    void close() {
        records.close();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void theLatestCommittedRecordOfEachKeyIsKeptAndTombstonesRemoveIt() {
        topics.commit(to -> {
            to.write(record(serving, 0, "a", "old"));
            to.write(record(serving, 0, "a", "new"));
            to.write(record(serving, 1, "a", "another partition"));
            to.write(record(serving, 0, "gone", "x"));
            to.write(record(serving, 0, "gone", null));
            to.write(record(serving, 0, "back", "x"));
            to.write(record(serving, 0, "back", null));
            to.write(record(serving, 0, "back", "y"));
            to.write(record(candidate, 0, "a", "new"));
            to.write(record(candidate, 1, "b", "only here"));
        });
        topics.abort(to -> {
            to.write(record(serving, 0, "a", "aborted"));
            to.write(record(candidate, 0, "aborted", "x"));
        });

        readBoth();

        assertThat(pairs(KeyScope.ALL))
                .containsExactly("0 a new|new", "0 back y|-", "1 a another partition|-", "1 b -|only here");
    }

    @Test
    void keysAreInTheOrderOfTheirUnsignedBytes() {
        List<String> keys = List.of("", "a", "aa", "b", "é", "\uFFFD");
        topics.commit(to -> keys.forEach(key -> to.write(record(serving, 0, key, "x"))));
        topics.commit(to -> keys.forEach(key -> to.write(record(candidate, 0, key, "x"))));

        readBoth();

        List<String> visited = new ArrayList<>();
        records.forEachPair(
                serving, candidate, KeyScope.ALL, (partition, key, from, to) -> visited.add(new String(key, UTF_8)));
        assertThat(visited).isEqualTo(keys);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aReadingThatBeginsLaterSaysWhatItLacksAndFindsItInWhatIsBefore(int shards) {
        topics.commit(to -> List.of(serving, candidate)
                .forEach(topic -> List.of("both", "mine", "its", "left")
                        .forEach(key -> to.write(record(topic, key.equals("its") ? 1 : 0, key, "old")))));
        Map<Integer, Long> servingStart = topics.ends(serving);
        Map<Integer, Long> candidateStart = topics.ends(candidate);
        topics.commit(to -> {
            to.write(record(serving, 0, "both", "new"));
            to.write(record(candidate, 0, "both", null));
            to.write(record(serving, 0, "mine", "new"));
            to.write(record(candidate, 1, "its", null));
            to.write(record(candidate, 1, "first", "new"));
        });
        try (LatestRecords later = LatestRecords.open(
                directory, topics.consumerConfig(), LatestRecords.TIMEOUT, KeylessRecords.REFUSED, shards)) {
            later.settle();
            later.begin(serving, servingStart, Before.UNKNOWN);
            later.begin(candidate, candidateStart, Before.UNKNOWN);
            later.read(serving, topics.ends(serving), ReadProgress.NONE);
            later.read(candidate, topics.ends(candidate), ReadProgress.NONE);

            assertThat(visited(later, KeyScope.TOUCHED)).containsExactly("0 both true false");
            assertThat(later.lacking()).containsOnlyKeys(serving, candidate);
            assertThatThrownBy(() -> visited(later, KeyScope.ALL))
                    .hasMessageContaining("not read from their beginning");
            later.readBefore(serving, ReadProgress.NONE);
            assertThat(later.lacking()).containsOnlyKeys(candidate);
            later.settle();
            assertThat(later.lacking()).isEmpty();
            assertThat(visited(later, KeyScope.TOUCHED)).containsExactly("1 first false true", "1 its true false");
            assertThat(later.lacking()).containsOnlyKeys(candidate);
            later.readBefore(candidate, ReadProgress.NONE);
            assertThat(visited(later, KeyScope.TOUCHED))
                    .containsExactly("0 mine true true", "1 first false true", "1 its true false");
            assertThat(later.lacking()).isEmpty();
            assertThatThrownBy(() -> visited(later, KeyScope.ALL))
                    .hasMessageContaining("not read from their beginning");
        }
    }

    @Test
    void whatIsBeforeAReadingMayBeNothing() {
        topics.commit(to -> to.write(record(candidate, 0, "a", "old")));
        records.settle();
        records.begin(candidate, topics.ends(candidate), Before.NOTHING);
        topics.commit(to -> to.write(record(serving, 0, "a", "new")));

        readBoth();

        assertThat(pairs(KeyScope.TOUCHED)).containsExactly("0 a new|-");
        assertThat(records.lacking()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shardsSayTheSameAtOnceAndOneAfterTheOther(int shards) {
        serving = topics.create("sales.shards" + made + ".v1", 5, Map.of());
        candidate = topics.create("sales.shards" + made + ".v1.g2", 5, Map.of());
        String longKey = "k".repeat(1_000);
        String longValue = "v".repeat(20_000);
        topics.commit(to -> {
            for (int partition = 0; partition < 5; partition++) {
                for (String topic : List.of(serving, candidate)) {
                    to.write(record(topic, partition, "same", "x"));
                    to.write(record(topic, partition, longKey, longValue));
                    to.write(record(topic, partition, "deleted", null));
                    to.write(record(topic, partition, "\uFFFD", topic.equals(serving) ? "" : null));
                }
                to.write(record(candidate, partition, longKey + "2", longValue + "2"));
            }
        });
        try (LatestRecords sharded = LatestRecords.open(
                directory, topics.consumerConfig(), LatestRecords.TIMEOUT, KeylessRecords.REFUSED, shards)) {
            assertThatThrownBy(() -> sharded.isOvertaken(serving, 0, new byte[0]))
                    .hasMessageContaining("nothing was read of it");
            sharded.read(serving, topics.ends(serving), ReadProgress.NONE);
            sharded.read(candidate, topics.ends(candidate), ReadProgress.NONE);

            List<String> all = visited(sharded, KeyScope.ALL);
            assertThat(all).hasSize(5 * 4);
            assertThat(all.subList(0, 4))
                    .containsExactly(
                            "0 " + longKey + " true true",
                            "0 " + longKey + "2 false true",
                            "0 same true true",
                            "0 \uFFFD true false");
            assertThat(sharded.isOvertaken(serving, -1, new byte[0])).isFalse();
            sharded.mark(serving, 4, "same".getBytes(UTF_8));
            sharded.mark(candidate, 2, "same".getBytes(UTF_8));
            sharded.settle();

            assertThat(visited(sharded, KeyScope.TOUCHED)).containsExactly("2 same true true", "4 same true true");
        }
    }

    /** What is gone through one after the other, which has to be what is gone through at once. */
    private List<String> visited(LatestRecords sharded, KeyScope scope) {
        Visits inOrder = new Visits();
        sharded.forEachPair(serving, candidate, scope, inOrder);
        List<Visits> atOnce = sharded.forEachPairAtOnce(serving, candidate, scope, partition -> new Visits());
        assertThat(atOnce).hasSize(topics.ends(serving).size());
        assertThat(atOnce.stream().flatMap(visits -> visits.keys.stream())).isEqualTo(inOrder.keys);
        return inOrder.keys;
    }

    private static final class Visits implements PairVisitor {
        private final List<String> keys = new ArrayList<>();

        @Override
        public void visit(int partition, byte[] key, Latest from, Latest to) {
            keys.add("%d %s %s %s"
                    .formatted(partition, new String(key, UTF_8), Latest.hasValue(from), Latest.hasValue(to)));
        }
    }

    @Test
    void offsetTimestampAndTheMarkOfACorrectionAreKept() {
        ProducerRecord<byte[], byte[]> correction = record(serving, 0, 77, "a", "v".getBytes(UTF_8));
        correction.headers().add(LatestRecords.CORRECTION_HEADER, "g2".getBytes(UTF_8));
        topics.commit(to -> {
            to.write(record(serving, 0, "z", "v"));
            to.write(correction);
            to.write(record(candidate, 0, 55, "a", "v".getBytes(UTF_8)));
        });

        readBoth();

        records.forEachPair(serving, candidate, KeyScope.ALL, (partition, key, from, to) -> {
            if (to != null) {
                assertThat(from).usingRecursiveComparison().isEqualTo(new Latest(1, 77, true, "v".getBytes(UTF_8)));
                assertThat(to).usingRecursiveComparison().isEqualTo(new Latest(0, 55, false, "v".getBytes(UTF_8)));
            }
        });
        assertThat(pairs(KeyScope.ALL)).hasSize(2);
    }

    @Test
    void nothingBehindTheCutIsTakenUntilTheNext() {
        topics.commit(to -> to.write(record(serving, 0, "a", "at the cut")));
        Map<Integer, Long> cut = topics.ends(serving);
        topics.commit(to -> to.write(record(serving, 0, "a", "later")));
        records.read(candidate, topics.ends(candidate), ReadProgress.NONE);

        records.read(serving, cut, ReadProgress.NONE);
        List<String> atTheCut = pairs(KeyScope.ALL);
        records.read(serving, topics.ends(serving), ReadProgress.NONE);

        assertThat(atTheCut).containsExactly("0 a at the cut|-");
        assertThat(pairs(KeyScope.ALL)).containsExactly("0 a later|-");
    }

    @Test
    void aRangeThatEndsInAbortedRecordsAndMarkersIsReadToItsEnd() {
        topics.commit(to -> to.write(record(serving, 0, "a", "x")));
        topics.abort(to -> IntStream.range(0, 50).forEach(i -> to.write(record(serving, 0, "b" + i, "x"))));
        topics.abort(to -> to.write(record(serving, 1, "b", "x")));
        List<String> progress = new ArrayList<>();

        records.read(serving, topics.ends(serving), (done, target) -> progress.add(done + " of " + target));
        records.read(candidate, topics.ends(candidate), ReadProgress.NONE);

        assertThat(pairs(KeyScope.ALL)).containsExactly("0 a x|-");
        assertThat(progress)
                .allSatisfy(one -> assertThat(one).endsWith(" of 55"))
                .endsWith("55 of 55");
    }

    @Test
    void whatWasCompactedAwayIsPassed() throws Exception {
        String compacted = compacted();
        topics.commit(to -> to.write(record(compacted, 0, "first", "x")));
        for (int i = 0; i < 20; i++) {
            int round = i;
            topics.commit(to -> to.write(record(compacted, 0, "k", "value " + round)));
        }
        Map<Integer, Long> cut = topics.ends(compacted);
        topics.commit(to -> to.write(record(compacted, 0, "k", "later")));
        awaitCompaction(compacted);

        records.read(compacted, cut, ReadProgress.NONE);
        records.readLater(compacted, ReadProgress.NONE);
        records.read(candidate, topics.ends(candidate), ReadProgress.NONE);

        assertThat(pairs(compacted, KeyScope.ALL)).containsExactly("0 first x|-");
        assertThat(records.isOvertaken(compacted, 0, "k".getBytes(UTF_8))).isTrue();
        assertThat(records.isOvertaken(compacted, 0, "first".getBytes(UTF_8))).isFalse();
        records.read(compacted, topics.ends(compacted), ReadProgress.NONE);
        assertThat(pairs(compacted, KeyScope.ALL)).contains("0 k later|-");
        assertThat(records.isOvertaken(compacted, 0, "k".getBytes(UTF_8))).isFalse();
    }

    @Test
    void afterARoundOnlyWhatWasTouchedOrMarkedIsGoneThrough() {
        topics.commit(to -> List.of("a", "b", "c", "d", "e").forEach(key -> {
            to.write(record(serving, 0, key, "1"));
            to.write(record(candidate, 0, key, "1"));
        }));
        readBoth();
        assertThat(pairs(KeyScope.TOUCHED)).hasSize(5);
        records.mark(serving, 0, "e".getBytes(UTF_8));
        records.settle();
        topics.commit(to -> {
            to.write(record(serving, 0, "b", "2"));
            to.write(record(candidate, 0, "c", null));
        });

        readBoth();
        records.mark(candidate, 0, "d".getBytes(UTF_8));

        assertThat(pairs(KeyScope.TOUCHED)).containsExactly("0 b 2|1", "0 c 1|-", "0 d 1|1", "0 e 1|1");
        assertThat(latest("c").timestamp()).as("of the deletion").isEqualTo(1_000);
        records.settle();
        assertThat(pairs(KeyScope.TOUCHED)).containsExactly("0 d 1|1");
        records.settle();
        assertThat(pairs(KeyScope.TOUCHED)).isEmpty();
        assertThat(pairs(KeyScope.ALL)).hasSize(5);
    }

    @Test
    void aRecordWithoutAKeyIsRefusedWithItsPlace() {
        broker.write(new ProducerRecord<>(serving, 1, null, "x".getBytes(UTF_8)));

        IllegalStateException refused = catchThrowableOfType(
                IllegalStateException.class, () -> records.read(serving, topics.ends(serving), ReadProgress.NONE));

        assertThat(refused).hasMessageContaining(serving + " partition 1 offset 0: the record has no key");
    }

    @Test
    void aCutBeyondTheEndFailsAndSaysWhatIsThere() {
        topics.commit(to -> to.write(record(serving, 0, "a", "x")));
        try (LatestRecords impatient = LatestRecords.open(directory, topics.consumerConfig(), SHORT)) {

            IllegalStateException refused = catchThrowableOfType(
                    IllegalStateException.class,
                    () -> impatient.read(serving, Map.of(0, 9L, 1, 0L), ReadProgress.NONE));

            assertThat(refused)
                    .hasMessageContaining(
                            serving + " partition 0: the cut is at 9, but only what lies below 2 is committed");
            impatient.read(serving, Map.of(0, 2L, 1, 0L), ReadProgress.NONE);
        }
    }

    @Test
    void aTransactionThatHangsBeforeTheCutFails() {
        topics.begin(to -> to.write(record(serving, 0, "a", "x")));
        try (LatestRecords impatient = LatestRecords.open(directory, topics.consumerConfig(), SHORT)) {

            IllegalStateException refused = catchThrowableOfType(
                    IllegalStateException.class,
                    () -> impatient.read(serving, Map.of(0, 1L, 1, 0L), ReadProgress.NONE));

            assertThat(refused).hasMessageContaining("only what lies below 0 is committed");
        } finally {
            topics.abortOpen();
        }
    }

    @Test
    void aTopicThatIsNotThereFails() {
        IllegalStateException refused = catchThrowableOfType(
                IllegalStateException.class, () -> records.read("sales.nothing.v1", Map.of(0, 1L), ReadProgress.NONE));

        assertThat(refused).hasMessageContaining("topic sales.nothing.v1: does not exist");
    }

    @Test
    void aTopicThatIsDeletedWhileItIsReadFails() throws Exception {
        topics.commit(to -> to.write(record(serving, 0, "a", "x")));
        try (LatestRecords impatient = LatestRecords.open(directory, topics.consumerConfig(), SHORT)) {
            impatient.read(serving, topics.ends(serving), ReadProgress.NONE);

            IllegalStateException refused = catchThrowableOfType(
                    IllegalStateException.class,
                    () -> impatient.read(serving, Map.of(0, 9L, 1, 0L), (done, target) -> delete(serving)));

            assertThat(refused).hasMessageContaining("topic " + serving + ": does not exist");
        }
    }

    @Test
    void recordsThatWereDeletedBeforeTheyWereReadAreNoticed() throws Exception {
        topics.commit(to -> to.write(record(serving, 0, "a", "x")));
        Map<String, Object> config = new HashMap<>(topics.consumerConfig());
        // A fetch that still waits at the broker gets what comes next, before it is deleted: let that be one batch of
        // the two.
        config.put("max.partition.fetch.bytes", 1);
        try (LatestRecords reading = LatestRecords.open(directory, config)) {
            reading.read(serving, topics.ends(serving), ReadProgress.NONE);
            topics.commit(to -> to.write(record(serving, 0, "b", "x")));
            topics.commit(to -> to.write(record(serving, 0, "c", "x")));
            Map<Integer, Long> cut = topics.ends(serving);
            deleteBelow(serving, 6);

            IllegalStateException refused = catchThrowableOfType(
                    IllegalStateException.class, () -> reading.read(serving, cut, ReadProgress.NONE));

            assertThat(refused).hasMessageContainingAll(serving + "-0", "records were deleted");
        }
    }

    @Test
    void aCutNeedsAllPartitionsAndGoesForward() {
        topics.commit(to -> to.write(record(serving, 0, "a", "x")));
        records.read(serving, topics.ends(serving), ReadProgress.NONE);

        assertThat(refusedCut(Map.of(0, 5L))).contains("needs the ends of partitions [0, 1] but has those of [0]");
        assertThat(refusedCut(Map.of(0, 1L, 1, 0L))).contains("was read up to 2, and a cut at 1 is before that");
    }

    @Test
    void nothingOnTheHeapIsPerKey() {
        int keys = 300_000;
        byte[] value = new byte[200];
        for (String topic : List.of(serving, candidate)) {
            topics.commit(to -> IntStream.range(0, keys)
                    .forEach(i -> to.write(record(topic, i % 2, 1_000, "customer-order-" + i, value))));
        }
        Map<Integer, Long> servingEnds = topics.ends(serving);
        Map<Integer, Long> candidateEnds = topics.ends(candidate);
        long before = usedAfterCollection();

        records.read(serving, servingEnds, ReadProgress.NONE);
        records.read(candidate, candidateEnds, ReadProgress.NONE);
        Map<String, Long> seen = new HashMap<>();
        long[] highest = {0};
        records.forEachPair(serving, candidate, KeyScope.ALL, (partition, key, from, to) -> {
            long count = seen.merge(from != null && to != null ? "both" : "one", 1L, Long::sum);
            if (count % 100_000 == 0) {
                highest[0] = Math.max(highest[0], usedAfterCollection() - before);
            }
        });

        assertThat(seen).containsOnly(Map.entry("both", (long) keys));
        assertThat(highest[0]).as("bytes kept on the heap").isLessThan(50L * keys);
    }

    private static long usedAfterCollection() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void readBoth() {
        records.read(serving, topics.ends(serving), ReadProgress.NONE);
        records.read(candidate, topics.ends(candidate), ReadProgress.NONE);
    }

    private String refusedCut(Map<Integer, Long> ends) {
        return catchThrowableOfType(
                        IllegalArgumentException.class, () -> records.read(serving, ends, ReadProgress.NONE))
                .getMessage();
    }

    private List<String> pairs(KeyScope scope) {
        return pairs(serving, scope);
    }

    private List<String> pairs(String from, KeyScope scope) {
        List<String> pairs = new ArrayList<>();
        records.forEachPair(
                from,
                candidate,
                scope,
                (partition, key, one, other) ->
                        pairs.add("%d %s %s|%s".formatted(partition, new String(key, UTF_8), text(one), text(other))));
        return pairs;
    }

    private Latest latest(String key) {
        List<Latest> found = new ArrayList<>();
        records.forEachPair(serving, candidate, KeyScope.TOUCHED, (partition, bytes, one, other) -> {
            if (new String(bytes, UTF_8).equals(key)) {
                found.add(other);
            }
        });
        return found.get(0);
    }

    private static String text(Latest latest) {
        byte[] value = Latest.valueOf(latest);
        return value == null ? "-" : new String(value, UTF_8);
    }

    private static String compacted() {
        return topics.create(
                "sales.compacted" + made + ".v1",
                1,
                Map.of(
                        "cleanup.policy",
                        "compact",
                        "segment.ms",
                        "50",
                        "min.cleanable.dirty.ratio",
                        "0.001",
                        "max.compaction.lag.ms",
                        "100"));
    }

    /** Each record makes a segment, all but the last are compacted. */
    private static void awaitCompaction(String topic) {
        await().atMost(Duration.ofSeconds(100))
                .pollInterval(Duration.ofMillis(300))
                .untilAsserted(() -> {
                    topics.commit(to -> to.write(record(topic, 0, "roll", "x")));
                    assertThat(broker.committed(topic).stream().filter(one -> new String(one.key(), UTF_8).equals("k")))
                            .hasSize(1);
                });
    }

    private static void deleteBelow(String topic, long offset) throws Exception {
        broker.admin()
                .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
                .all()
                .get();
    }

    private static void delete(String topic) {
        try {
            broker.admin().deleteTopics(List.of(topic)).all().get();
        } catch (Exception again) {
            // it is gone already
        }
    }
}
