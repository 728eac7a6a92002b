package io.kappamesh.compare;

import static io.kappamesh.tables.Purchases.line;
import static io.kappamesh.tables.Purchases.purchase;
import static io.kappamesh.tables.TestTopics.record;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contracts.avrotest.Purchase;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.generation.Generation;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.tables.KeyScope;
import io.kappamesh.tables.LatestRecords;
import io.kappamesh.tables.ReadProgress;
import io.kappamesh.tables.TestTopics;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Seeds differences of every kind between two topics, and looks whether each is found. */
@Timeout(180)
class PortComparisonIT {
    private static final long AT = 1_000;
    private static final Generation GENERATION = Generation.of("sales.purchases.g2");

    private static InJvmBroker broker;
    private static TestTopics topics;
    private static int made;

    @TempDir
    Path directory;

    private final SchemaRegistry registry = SchemaRegistry.over(new MockSchemaRegistryClient());
    private final List<String> visited = new ArrayList<>();
    private PortHorizon horizon = PortHorizon.NONE;
    private PortAddress port;
    private String serving;
    private String candidate;
    private LatestRecords records;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = InJvmBroker.start();
        topics = new TestTopics(broker, "port-comparison");
    }

    @AfterAll
    static void stopBroker() throws Exception {
        topics.close();
        broker.stop();
    }

    @BeforeEach
    void open() {
        port = PortAddress.of("sales.purchases" + ++made + ".v1");
        serving = topics.create(port.topic(), 2, Map.of());
        candidate = topics.create(port.topic() + ".g2", 2, Map.of());
        records = LatestRecords.open(directory, topics.consumerConfig());
        topics.commit(to -> {
            for (int id = 0; id < 100; id++) {
                to.write(record(serving, id % 2, AT, "p" + id, bytes(id, same -> {})));
                to.write(record(candidate, id % 2, AT, "p" + id, bytes(id, same -> {})));
            }
        });
    }

    @AfterEach
    void close() {
        records.close();
        registry.close();
    }

    @Test
    void twoGenerationsThatSayTheSameAgree() {
        PortReport report = compare(KeyScope.ALL);

        assertThat(report.agrees()).isTrue();
        assertThat(report.equal()).isEqualTo(100);
        assertThat(report.servingKeys()).isEqualTo(100);
        assertThat(report.candidateKeys()).isEqualTo(100);
        assertThat(report.samples()).isEmpty();
        assertThat(visited).isEmpty();
    }

    @Test
    void everyKindOfDifferenceIsFound() {
        topics.commit(to -> seed(to::write));
        topics.abort(to -> to.write(record(candidate, 0, AT, "p0", bytes(0, p -> p.setCustomer("aborted")))));

        PortReport report = compare(KeyScope.ALL);

        assertThat(report.changed()).isEqualTo(3);
        assertThat(report.timestampOnly()).isEqualTo(1);
        assertThat(report.onlyServing()).isEqualTo(2);
        assertThat(report.onlyCandidate()).isEqualTo(1);
        assertThat(report.undecodable()).isEqualTo(1);
        assertThat(report.equal()).isEqualTo(93);
        assertThat(report.unexpected()).isEqualTo(8);
        assertThat(report.fields())
                .isEqualTo(Map.of("total", 1L, "lines[].quantity", 1L, "lines[].part", 1L, "channel", 1L));
        assertThat(visited)
                .containsExactly(
                        "p10 CHANGED",
                        "p16 UNDECODABLE",
                        "p20 TIMESTAMP",
                        "p30 ONLY_SERVING",
                        "p40 ONLY_SERVING",
                        "new ONLY_CANDIDATE",
                        "p11 CHANGED",
                        "p13 CHANGED");
        assertThat(report.samples().get(0).fields()).containsExactly(new FieldDifference("total", "10.00", "99.00"));
    }

    @Test
    void severalPartitionsAtOnceGiveTheSameReport() {
        topics.commit(to -> seed(to::write));
        PortReport inOrder = compare(KeyScope.ALL);

        PortReport atOnce = PortComparison.of(port, candidate, PortChange.NONE, horizon, registry, List.of())
                .compare(records, KeyScope.ALL);

        assertThat(inOrder.samples()).hasSizeGreaterThan(5);
        assertThat(atOnce).isEqualTo(inOrder);
    }

    @Test
    void declaredDifferencesAreExpected() {
        topics.commit(to -> seed(to::write));

        PortReport report = compare(
                KeyScope.ALL,
                "changed:total",
                port + "/only-serving",
                "changed:lines[].quantity",
                "sales.other.v1/timestamp");

        assertThat(report.expected()).isEqualTo(3);
        assertThat(report.onlyServing()).isZero();
        assertThat(report.changed())
                .as("a field of p11, and all of p13's, are not declared")
                .isEqualTo(2);
        assertThat(report.timestampOnly()).isEqualTo(1);
        assertThat(visited).contains("p10 CHANGED expected", "p30 ONLY_SERVING expected", "p11 CHANGED");
    }

    @Test
    void theTailHasWhatChangedAndWhatDiffered() {
        topics.commit(to -> seed(to::write));
        PortReport first = compare(KeyScope.ALL);
        records.settle();
        topics.commit(to -> {
            to.write(record(serving, 0, AT, "p10", bytes(10, p -> p.setTotal(new BigDecimal("99.00")))));
            to.write(record(serving, 0, AT, "p0", null));
            to.write(record(serving, 0, AT, "p2", bytes(2, p -> p.setCustomer("both"))));
            to.write(record(candidate, 0, AT, "p2", bytes(2, p -> p.setCustomer("both"))));
        });
        visited.clear();

        PortReport tail = compare(KeyScope.TOUCHED);

        assertThat(first.unexpected()).isEqualTo(8);
        assertThat(tail.equal()).as("p2 and the corrected p10").isEqualTo(2);
        assertThat(visited)
                .containsExactly(
                        "p0 ONLY_CANDIDATE",
                        "p16 UNDECODABLE",
                        "p20 TIMESTAMP",
                        "p30 ONLY_SERVING",
                        "p40 ONLY_SERVING",
                        "new ONLY_CANDIDATE",
                        "p11 CHANGED",
                        "p13 CHANGED");
        records.settle();
        assertThat(compare(KeyScope.TOUCHED).unexpected()).as("still the same").isEqualTo(8);
    }

    @Test
    void aCorrectionMayBeLaterThanWhatTheCandidateSays() {
        ProducerRecord<byte[], byte[]> correction = record(serving, 0, AT + 50, "p20", bytes(20, p -> p.setId(5)));
        correction.headers().add(LatestRecords.CORRECTION_HEADER, "g2".getBytes(UTF_8));
        topics.commit(to -> {
            to.write(correction);
            to.write(record(candidate, 0, AT + 1, "p20", bytes(20, p -> p.setId(5))));
        });

        PortReport report = compare(KeyScope.ALL);

        assertThat(report.agrees()).isTrue();
    }

    @Test
    void aKeyThatIsMissingAtTheCutAndWasWrittenBehindItIsOvertakenAndComesAgain() {
        topics.commit(to -> {
            to.write(record(candidate, 0, AT, "hot", bytes(7, same -> {})));
            to.write(record(candidate, 0, AT, "new", bytes(7, same -> {})));
        });
        Map<Integer, Long> cut = topics.ends(serving);
        topics.commit(to -> to.write(record(serving, 0, AT, "hot", bytes(7, same -> {}))));
        records.read(serving, cut, ReadProgress.NONE);
        records.read(candidate, topics.ends(candidate), ReadProgress.NONE);
        records.readLater(serving, ReadProgress.NONE);
        records.readLater(candidate, ReadProgress.NONE);

        PortReport report = compareOnly(KeyScope.ALL);
        records.settle();
        PortReport tail = compare(KeyScope.TOUCHED);

        assertThat(report.overtaken()).isEqualTo(1);
        assertThat(report.onlyCandidate()).isEqualTo(1);
        assertThat(report.equal()).isEqualTo(100);
        assertThat(tail.overtaken()).isZero();
        assertThat(tail.equal()).as("what was overtaken").isEqualTo(1);
        assertThat(tail.onlyCandidate()).isEqualTo(1);
    }

    /** Compaction in the middle of a reading can leave an older value on one of the two, or on both. */
    @Test
    void aKeyThatDiffersAndWasWrittenBehindTheCutIsNotSaidToDiffer() {
        topics.commit(to -> {
            to.write(record(candidate, 0, AT, "p0", bytes(0, p -> p.setCustomer("stale"))));
            to.write(record(candidate, 0, AT, "p2", bytes(2, p -> p.setCustomer("differs"))));
        });
        Map<Integer, Long> cut = topics.ends(candidate);
        topics.commit(to -> to.write(record(candidate, 0, AT, "p0", bytes(0, same -> {}))));
        records.read(serving, topics.ends(serving), ReadProgress.NONE);
        records.read(candidate, cut, ReadProgress.NONE);
        records.readLater(serving, ReadProgress.NONE);
        records.readLater(candidate, ReadProgress.NONE);

        PortReport report = compareOnly(KeyScope.ALL);
        records.settle();
        PortReport tail = compare(KeyScope.TOUCHED);

        assertThat(report.changed()).as("p2, and not p0").isEqualTo(1);
        assertThat(report.overtaken()).isEqualTo(1);
        assertThat(tail.changed()).isEqualTo(1);
        assertThat(tail.equal()).isEqualTo(1);
        assertThat(visited).containsExactly("p2 CHANGED", "p2 CHANGED");
    }

    /** In both directions, and whether the deletion was read before or after a first comparison. */
    @Test
    void aCorrectionIsNotOlderThanTheValueOrTheDeletionThatItReplaces() {
        topics.commit(to -> {
            to.write(record(serving, 0, AT, "early", bytes(7, same -> {})));
            to.write(record(serving, 0, AT + 100, "early", null));
            to.write(record(candidate, 0, AT + 50, "early", bytes(7, same -> {})));
            to.write(record(serving, 0, AT, "late", bytes(8, same -> {})));
            to.write(record(candidate, 0, AT + 50, "late", bytes(8, p -> p.setCustomer("differs"))));
            to.write(record(serving, 0, AT + 70, "gone", bytes(9, same -> {})));
            to.write(record(candidate, 0, AT + 60, "gone", bytes(9, same -> {})));
            to.write(record(candidate, 0, AT + 90, "gone", null));
        });
        compare(KeyScope.ALL);
        records.settle();
        topics.commit(to -> to.write(record(serving, 0, AT + 100, "late", null)));
        records.read(serving, topics.ends(serving), ReadProgress.NONE);

        Map<String, ProducerRecord<byte[], byte[]>> corrections = new TreeMap<>();
        PortComparison.of(port, candidate, PortChange.NONE, horizon, registry, List.of())
                .compare(records, KeyScope.TOUCHED, difference -> {
                    ProducerRecord<byte[], byte[]> correction = Corrections.of(difference, port, GENERATION);
                    corrections.put(new String(correction.key(), UTF_8), correction);
                });

        assertThat(corrections).containsOnlyKeys("early", "gone", "late");
        assertThat(corrections.get("early").timestamp()).isEqualTo(AT + 100);
        assertThat(corrections.get("late").timestamp()).isEqualTo(AT + 100);
        assertThat(corrections.get("gone").value()).isNull();
        assertThat(corrections.get("gone").timestamp()).isBetween(AT + 70, AT + 90);
    }

    @Test
    void whatIsBeyondTheHorizonIsCountedAndLeftAlone() {
        horizon = new PortHorizon(Instant.ofEpochMilli(AT + 10), Optional.empty(), List.of("a test says so"));
        topics.commit(to -> {
            seed(to::write);
            to.write(record(serving, 0, AT + 10, "p50", bytes(50, same -> {})));
            to.write(record(candidate, 0, AT + 10, "p50", bytes(50, p -> p.setCustomer("corrected"))));
            to.write(record(serving, 0, AT + 10, "gone", bytes(51, same -> {})));
            to.write(record(candidate, 0, AT + 10, "come", bytes(52, same -> {})));
            to.write(record(candidate, 0, AT + 10, "p52", bytes(52, p -> p.setCustomer("its old value is beyond"))));
        });

        PortReport report = compare(KeyScope.ALL);

        assertThat(visited).containsExactly("come ONLY_CANDIDATE", "gone ONLY_SERVING", "p50 CHANGED");
        assertThat(report.unexpected()).isEqualTo(3);
        assertThat(report.beyondHorizon()).isEqualTo(9);
        assertThat(report.horizon())
                .isEqualTo(new HorizonReport("1970-01-01T00:00:01.010Z", List.of("a test says so"), 9));
        records.settle();
        visited.clear();
        assertThat(compare(KeyScope.TOUCHED).beyondHorizon())
                .as("not even marked")
                .isZero();
        assertThat(visited).hasSize(3);
    }

    /** A new major version: nothing is published yet that has to be protected from a candidate who knows less. */
    @Test
    void whatANewPortSaysIsAllWrittenWhateverTheHorizon() {
        horizon = new PortHorizon(Instant.MAX, Optional.empty(), List.of("a test says so"));
        topics.commit(to -> to.write(record(candidate, 0, AT, "new", bytes(1, same -> {}))));
        records.read(serving, topics.ends(serving), ReadProgress.NONE);
        records.read(candidate, topics.ends(candidate), ReadProgress.NONE);

        PortReport report = PortComparison.of(port, candidate, PortChange.ADDED, horizon, registry, List.of())
                .compare(records, KeyScope.ALL, difference -> visited.add(new String(difference.key(), UTF_8)));

        assertThat(visited).containsExactly("new");
        assertThat(report.unexpected()).isZero();
        assertThat(report.beyondHorizon()).isZero();
    }

    /** Eight keys that differ. */
    private void seed(Consumer<ProducerRecord<byte[], byte[]>> to) {
        to.accept(record(candidate, 0, AT, "p10", bytes(10, p -> p.setTotal(new BigDecimal("99.00")))));
        to.accept(record(
                candidate, 1, AT, "p11", bytes(11, p -> p.setLines(List.of(line("bolt", 1), line("screw", 7))))));
        to.accept(record(candidate, 1, AT, "p13", underANewerSchema(13)));
        to.accept(record(candidate, 0, AT, "p16", new byte[] {0, 0, 0}));
        to.accept(record(candidate, 0, AT + 1, "p20", bytes(20, same -> {})));
        to.accept(record(candidate, 0, AT, "p30", null));
        to.accept(record(serving, 0, AT, "p4000", bytes(1, same -> {})));
        to.accept(record(serving, 0, AT, "p4000", null));
        to.accept(record(candidate, 0, AT, "p40", null));
        to.accept(record(candidate, 1, AT, "new", bytes(1, same -> {})));
    }

    private PortReport compare(KeyScope scope, String... expected) {
        records.read(serving, topics.ends(serving), ReadProgress.NONE);
        records.read(candidate, topics.ends(candidate), ReadProgress.NONE);
        return compareOnly(scope, expected);
    }

    private PortReport compareOnly(KeyScope scope, String... expected) {
        List<Expectation> expectations =
                List.of(expected).stream().map(Expectation::parse).toList();
        return PortComparison.of(port, candidate, PortChange.NONE, horizon, registry, expectations)
                .compare(
                        records,
                        scope,
                        difference -> visited.add(new String(difference.key(), UTF_8) + " " + difference.kind()
                                + (difference.expected() ? " expected" : "")));
    }

    private byte[] bytes(long id, Consumer<Purchase> change) {
        Purchase purchase = purchase(id);
        change.accept(purchase);
        return new AvroEncoder<>(AvroType.of(Purchase.class), register(Purchase.getClassSchema())).encode(purchase);
    }

    /** A field more, which says something else than its default. */
    private byte[] underANewerSchema(long id) {
        String widened = Purchase.getClassSchema()
                .toString()
                .replace(
                        "\"fields\":[{\"name\":\"id\"",
                        "\"fields\":[{\"name\":\"channel\",\"type\":\"string\",\"default\":\"web\"},{\"name\":\"id\"");
        Schema schema = new Schema.Parser().parse(widened);
        Purchase old = purchase(id);
        GenericRecordBuilder builder = new GenericRecordBuilder(schema).set("channel", "shop");
        Purchase.getClassSchema().getFields().forEach(field -> builder.set(field.name(), old.get(field.pos())));
        GenericRecord value = builder.build();
        return new AvroEncoder<>(AvroType.generic(schema), register(schema)).encode(value);
    }

    private int register(Schema schema) {
        return registry.register(port.valueSubject(), schema, Compatibility.FULL_TRANSITIVE);
    }
}
