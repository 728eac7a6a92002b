package io.kappamesh.runtime;

import static io.kappamesh.fixture.Stall.NOON;
import static io.kappamesh.fixture.Stall.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.contracts.topologytest.BasketItem;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.fixture.CapturedOutput;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.Stall;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.intake.TruncatedPart;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Products on a real broker, with a registry over HTTP. Each test has a domain of its own. */
@Timeout(180)
class MeshRuntimeIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static InJvmBroker broker;
    private static FakeRegistry registry;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        broker = InJvmBroker.start();
        registry = new FakeRegistry();
    }

    @AfterAll
    static void stop() throws Exception {
        registry.close();
        broker.stop();
    }

    @Test
    void aProductStartsWorksAndTellsHowItIs() throws Exception {
        Stall stall = new Stall("works");
        MeterRegistry meters = new SimpleMeterRegistry();
        MeshRuntime runtime = MeshRuntime.builder(List.of(stall.totals(stall.raw.asInput(), UnaryOperator.identity())))
                .meters(meters)
                .start(settings("one", Map.of()));
        try (runtime) {
            awaitLive(runtime);
            broker.writeAll(List.of(
                    stall.record(registry, "b1", basket(NOON, "pen", 2)),
                    stall.record(registry, "b2", basket(NOON, "pen", 3)),
                    new ProducerRecord<>("works.raw.v1", utf8("b3"), utf8("garbage"))));

            await().atMost(TIMEOUT).untilAsserted(() -> {
                assertThat(quantities(stall.totals)).isEqualTo(Map.of("pen", 5));
                assertThat(broker.committed("works.totals.dead-letters")).hasSize(1);
            });
            DeadLetter letter =
                    DeadLetter.of(broker.committed("works.totals.dead-letters").get(0));
            assertThat(letter.reason()).isEqualTo(Reason.UNDECODABLE);
            assertThat(letter.value()).isEqualTo(utf8("garbage"));
            assertThat(runtime.health().isReady()).isTrue();
            assertThat(runtime.health().isLive()).isTrue();
            Tags tags = Tags.of("product", "works.totals", "generation", "g1");
            assertThat(meters.get("mesh.records.in")
                            .tags(tags)
                            .functionCounter()
                            .count())
                    .isEqualTo(2);
            assertThat(meters.get("mesh.dead.letters")
                            .tags(tags.and("reason", "undecodable"))
                            .counter()
                            .count())
                    .isEqualTo(1);
            assertThat(meters.get("mesh.lag.records").tags(tags).gauge().value())
                    .isNotNegative();
            assertThat(meters.getMeters())
                    .anyMatch(meter -> meter.getId().getName().startsWith("kafka.stream."));
        }

        assertThat(runtime.awaitEnd()).isEqualTo(new MeshRuntime.End(ExitCode.OK, List.of()));
        assertThat(runtime.products().get(0).state()).isEqualTo(ProductState.STOPPED);
    }

    /** Commits that take longer than their interval come one after the other, each with what came in between: that has to be much. */
    @Test
    void commitsThatOutlastTheirIntervalLeaveTimeForManyRecordsEach() throws Exception {
        Stall stall = new Stall("paced");
        List<ProducerRecord<byte[], byte[]>> history = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            history.add(stall.record(registry, "b" + i, basket(NOON, "pen", 1)));
        }
        List<StreamingProduct> copy = List.of(stall.copy(stall.raw));
        Settings settings =
                settings("one", Map.of("mesh.commit.interval.live", "1ms", "mesh.replay.lag.records", "10000000"));
        MeshRuntime.provision(settings, copy);
        broker.writeAll(history);

        try (MeshRuntime runtime = MeshRuntime.start(settings, copy)) {
            awaitLive(runtime);
            await().atMost(TIMEOUT)
                    .untilAsserted(() ->
                            assertThat(broker.committed("paced.baskets.v1")).hasSize(history.size()));
        }

        assertThat((double) history.size() / markers(stall.baskets)).isGreaterThan(20);
    }

    @Test
    void aProductThatHasNothingToDoCommitsNothing() throws Exception {
        Stall stall = new Stall("idle");
        MeterRegistry meters = new SimpleMeterRegistry();
        try (MeshRuntime runtime = MeshRuntime.builder(
                        List.of(stall.totals(stall.raw.asInput(), UnaryOperator.identity())))
                .meters(meters)
                .start(settings("one", Map.of()))) {
            awaitLive(runtime);
            broker.write(stall.record(registry, "b1", basket(NOON, "pen", 2)));
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(quantities(stall.totals)).isEqualTo(Map.of("pen", 2)));
            // What that leaves behind, the markers of its own transactions, is committed within the long interval.
            awaitPolls(meters, 60);
            double before = total(meters, "kafka.stream.thread.commit.total");

            awaitPolls(meters, 20);

            assertThat(total(meters, "kafka.stream.thread.commit.total")).isEqualTo(before);
        }
    }

    private static void awaitPolls(MeterRegistry meters, int more) {
        double from = total(meters, "kafka.stream.thread.poll.total");
        await().atMost(TIMEOUT).until(() -> total(meters, "kafka.stream.thread.poll.total") >= from + more);
    }

    private static double total(MeterRegistry meters, String name) {
        return meters.find(name).meters().stream()
                .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false))
                .mapToDouble(Measurement::getValue)
                .sum();
    }

    /** Keys, values and credentials, whatever becomes of a record. */
    @Test
    void nothingOfARecordOrASecretIsToldAnywhereButInTopics() throws Exception {
        String canary = "k4n4Ry";
        Stall stall = new Stall("secrets");
        Map<String, String> more = new HashMap<>();
        more.put("schema.registry.url", registry.url().replace("://", "://u:" + canary + "@"));
        StringBuilder told = new StringBuilder();
        try (CapturedOutput captured = new CapturedOutput()) {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            try (MeshRuntime runtime = MeshRuntime.builder(
                            List.of(stall.totals(stall.raw.asInput(), UnaryOperator.identity())))
                    .meters(meters)
                    .start(settings("one", more))) {
                awaitLive(runtime);
                ProducerRecord<byte[], byte[]> cut = stall.record(registry, canary, basket(NOON, canary, 4));
                broker.writeAll(List.of(
                        stall.record(registry, canary + "-1", basket(NOON, canary, 2)),
                        new ProducerRecord<>("secrets.raw.v1", utf8(canary), utf8(canary)),
                        new ProducerRecord<>("secrets.raw.v1", utf8(canary + "\u0000".repeat(9_000)), utf8(canary)),
                        new ProducerRecord<>("secrets.raw.v1", utf8(canary), Arrays.copyOf(cut.value(), 9)),
                        stall.record(registry, canary, basket(Instant.EPOCH.minusSeconds(1), canary, 1)),
                        new ProducerRecord<>("secrets.raw.v1", null, cut.value())));
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(broker.committed("secrets.totals.dead-letters"))
                                .hasSizeGreaterThanOrEqualTo(4));
                told.append(runtime.products()).append(meters.getMetersAsString());
                broker.committed("secrets.totals.dead-letters")
                        .forEach(letter -> letter.headers()
                                .forEach(header -> told.append(new String(header.value(), StandardCharsets.UTF_8))));
                broker.committed("secrets.totals.mesh.control")
                        .forEach(record -> told.append(new String(record.key(), StandardCharsets.UTF_8))
                                .append(
                                        record.value() == null
                                                ? ""
                                                : new String(record.value(), StandardCharsets.UTF_8)));
            }
            told.append(captured.text());
        }

        assertThat(told).hasSizeGreaterThan(100_000);
        assertThat(told.toString().lines().filter(line -> line.contains(canary)))
                .isEmpty();
    }

    /** Zeroes, and what repeats itself only beyond the 64 KiB that LZ4 remembers: each is small in the input, which zstd packs. */
    @Test
    void whatSomebodyElsesCompressionMadeSmallDoesNotStopTheProduct() {
        Stall stall = new Stall("bombs");
        byte[] zeroes = new byte[20 << 20];
        byte[] repeating = repeating(15 << 20);
        byte[] tooManyHeaders = repeating(17 << 20);
        try (MeshRuntime runtime = run("one", stall.copy(stall.raw))) {
            awaitLive(runtime);
            ProducerRecord<byte[], byte[]> headers = new ProducerRecord<>("bombs.raw.v1", utf8("h"), utf8("garbage"));
            headers.headers().add("large", tooManyHeaders);
            broker.writeAsZstd(List.of(
                    new ProducerRecord<>("bombs.raw.v1", utf8("z"), zeroes),
                    new ProducerRecord<>("bombs.raw.v1", utf8("r"), repeating),
                    new ProducerRecord<>("bombs.raw.v1", zeroes, utf8("garbage")),
                    headers));
            broker.write(stall.record(registry, "b1", basket(NOON, "pen", 2)));

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(keys(stall.baskets)).containsExactly("b1"));
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(broker.committed("bombs.copy.dead-letters"))
                            .hasSize(4));
            assertThat(runtime.products().get(0).state()).isEqualTo(ProductState.LIVE);
        }
        List<DeadLetter> letters = broker.committed("bombs.copy.dead-letters").stream()
                .map(DeadLetter::of)
                .toList();
        assertThat(letters)
                .extracting(
                        letter ->
                                letter.cuts().stream().map(TruncatedPart::part).toList(),
                        DeadLetter::reason)
                .containsExactlyInAnyOrder(
                        tuple(List.of(TruncatedPart.Part.VALUE), Reason.TOO_LARGE),
                        tuple(List.of(), Reason.TOO_LARGE),
                        tuple(List.of(TruncatedPart.Part.KEY), Reason.UNDECODABLE),
                        tuple(List.of(TruncatedPart.Part.HEADERS), Reason.UNDECODABLE));
        assertThat(letters)
                .filteredOn(letter -> letter.cuts().isEmpty())
                .singleElement()
                .satisfies(letter -> assertThat(letter.value()).isEqualTo(repeating));
    }

    @Test
    void whatAPortHoldsItsProductCanWriteIntoItsStateAndThePort() {
        Stall stall = new Stall("large");
        OutputPort<Basket> large = OutputPort.table("large.copies.v1", Basket.class)
                .eventTime("at")
                .describedAs("Large baskets.")
                .partitions(2)
                .maxRecordBytes(20 << 20)
                .build();
        SourcePort<Basket> raw = SourcePort.table("large.rows.v1", Basket.class)
                .eventTime("at")
                .describedAs("Large baskets as they come.")
                .partitions(2)
                .maxRecordBytes(20 << 20)
                .build();
        Random random = new Random(7);
        String note = random.ints(18 << 20, 0, 128)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        Basket basket = new Basket(NOON, note, List.of());
        StreamingProduct product = new StreamingProduct(
                stall.declared("copies").reads(raw).publishes(large).build(),
                ports -> ports.publish(large, ports.read(raw).table("rows").toStream(Named.as("row-changes"))));
        try (MeshRuntime runtime = run("one", product)) {
            awaitLive(runtime);
            broker.writeAsZstd(List.of(stall.record(raw, registry, "b1", basket)));

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(latest(large, Basket.class)).isEqualTo(Map.of("b1", basket)));
        }
    }

    /** Some slices of facts, each in a transaction of its own: every one of them leaves a marker in the topic. */
    @Test
    void whatFollowsFromOneVersionOfManyFactsComesInSeveralTransactions() {
        int facts = 12_500;
        Stall stall = new Stall("hot");
        StreamingProduct product = stall.charged();
        try (MeshRuntime runtime = run("one", product)) {
            awaitLive(runtime);
            broker.writeAll(stall.facts(registry, "k", facts));
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(quantities(stall.totals)).hasSize(facts));
            long before = markers(stall.totals);

            broker.write(stall.record(stall.rates, registry, "k", basket(NOON, "pen", 7)));

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(quantities(stall.totals).values())
                            .hasSize(facts)
                            .containsOnly(7));
            assertThat(broker.committed(stall.totals.address().topic())).hasSize(2 * facts);
            assertThat(markers(stall.totals) - before).isGreaterThanOrEqualTo(4);
        }
    }

    private static long markers(OutputPort<?> port) {
        String topic = port.address().topic();
        return broker.committedEnds(topic).values().stream()
                        .mapToLong(Long::longValue)
                        .sum()
                - broker.committed(topic).size();
    }

    private static byte[] repeating(int length) {
        byte[] once = new byte[256 << 10];
        new Random(1).nextBytes(once);
        once[0] = 'x';
        byte[] all = new byte[length];
        for (int i = 0; i < length; i++) {
            all[i] = once[i % once.length];
        }
        return all;
    }

    @Test
    void aStepThatThrowsBehindARepartitionHalfAppliesNothingAndTheFixGoesOn() {
        Stall stall = new Stall("behind");
        List<ProducerRecord<byte[], byte[]>> history = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            history.add(stall.record(registry, "b" + i, basket(NOON.plusSeconds(i), "sku-" + i % 7, i)));
        }
        history.add(120, stall.record(registry, "boom", basket(NOON, "boom", 1)));
        StreamingProduct broken =
                stall.totals(stall.raw.asInput(), item -> item.getSku().equals("boom") ? thrown(item) : item);

        assertBug(broken, history);

        assertThat(quantities(stall.totals)).doesNotContainKey("boom");
        Map<String, Integer> expected = new TreeMap<>(Map.of("boom", 1));
        for (int i = 0; i < 200; i++) {
            expected.merge("sku-" + i % 7, i, Integer::sum);
        }
        try (MeshRuntime fixed = run("one", stall.totals(stall.raw.asInput(), UnaryOperator.identity()))) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(quantities(stall.totals)).isEqualTo(expected));
            awaitLive(fixed);
        }
        assertThat(quantities(stall.totals)).isEqualTo(expected);
    }

    /** Also a rule that throws: it cannot tell, and does not hold. */
    @Test
    void aRuleThatStopsCommitsNothingOfItsRecordAndABuildThatTakesItGoesOn() throws Exception {
        Stall stall = new Stall("stopped");
        List<ProducerRecord<byte[], byte[]>> history = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            history.add(stall.record(registry, "same", basket(NOON.plusSeconds(i), i == 12 ? "odd" : "pen", i)));
        }
        try (MeshRuntime runtime = run("one", stall.copy(judged("stopped", RulePolicy.STOP)))) {
            awaitLive(runtime);
            broker.writeAll(history);

            MeshRuntime.End end = runtime.awaitEnd();

            assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
            assertThat(end.problems())
                    .singleElement()
                    .asString()
                    .contains("the record at offset 12 of stopped.raw.v1-", "rule no-odd does not hold")
                    .doesNotContain("value of a record");
        }
        assertThat(keys(stall.baskets)).hasSizeLessThanOrEqualTo(12);
        assertThat(read("stopped.copy.g1", stall.raw.address().topic()))
                .isEqualTo(keys(stall.baskets).size());
        assertThat(broker.committed("stopped.copy.dead-letters")).isEmpty();

        try (MeshRuntime fixed = run("one", stall.copy(judged("stopped", RulePolicy.WARN)))) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(keys(stall.baskets)).hasSize(20));
            awaitLive(fixed);
        }
        assertThat(keys(stall.baskets)).hasSize(20);
    }

    private static EventSource<Basket> judged(String domain, RulePolicy policy) {
        return SourcePort.events(domain + ".raw.v1", Basket.class)
                .eventTime("at")
                .describedAs("Baskets as they come.")
                .partitions(2)
                .promises(
                        "no-odd",
                        "nothing is odd",
                        basket -> basket.getItems().get(0).getSku().equals("odd") ? thrown(false) : true,
                        policy)
                .build();
    }

    @Test
    void aStepThatThrowsAfterAFirstOutputTakesThatOutputBackAndTheFixGoesOn() throws Exception {
        Stall stall = new Stall("after");
        List<ProducerRecord<byte[], byte[]>> history = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            history.add(stall.record(registry, "b" + i, basket(NOON.plusSeconds(i), "sku-" + i, i)));
        }
        history.add(30, stall.record(registry, "boom", basket(NOON, "boom", 1)));
        StreamingProduct broken =
                stall.both(basket -> basket.getItems().get(0).getSku().equals("boom") ? thrown(basket) : basket);

        assertBug(broken, history);

        assertThat(keys(stall.baskets)).isEqualTo(keys(stall.totals)).doesNotContain("boom");
        assertThat(read("after.both.g1", stall.raw.address().topic()))
                .isEqualTo(keys(stall.baskets).size());
        try (MeshRuntime fixed = run("one", stall.both(UnaryOperator.identity()))) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(keys(stall.totals)).hasSize(51));
            awaitLive(fixed);
        }
        assertThat(keys(stall.baskets)).hasSize(51).doesNotHaveDuplicates().contains("boom");
        assertThat(keys(stall.totals)).hasSize(51).doesNotHaveDuplicates();
    }

    @Test
    void productsOfOneProcessReadWhatTheOtherPublishes() {
        Stall stall = new Stall("chain");
        try (MeshRuntime runtime = run("one", stall.firstItems(stall.baskets.asInput()), stall.copy(stall.raw))) {
            awaitLive(runtime);

            broker.write(stall.record(registry, "b", basket(NOON, "pen", 4)));

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(quantities(stall.totals)).isEqualTo(Map.of("b", 4)));
            assertThat(runtime.products())
                    .extracting(product -> product.product().toString())
                    .containsExactly("chain.first-items", "chain.copy");
        }
    }

    @Test
    void instancesShareTheWorkAndAnotherOneTakesOver() {
        Stall stall = new Stall("shared");
        StreamingProduct product = stall.copy(stall.raw);
        try (MeshRuntime one = run("one", product)) {
            awaitLive(one);
            try (MeshRuntime two = run("two", product)) {
                awaitLive(two);
                await().atMost(TIMEOUT).until(() -> members("shared.copy.g1") == 2);
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    records.add(stall.record(registry, "b" + i, basket(NOON, "pen", i)));
                }

                broker.writeAll(records);

                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(keys(stall.baskets)).hasSize(40));
                assertThat(in(one)).isPositive();
                assertThat(in(two)).isPositive();
                assertThat(in(one) + in(two)).isEqualTo(40);
                awaitLive(one);
                awaitLive(two);
            }
            broker.writeAll(List.of(
                    stall.record(registry, "b1", basket(NOON, "late", 1)),
                    stall.record(registry, "b2", basket(NOON, "late", 1)),
                    stall.record(registry, "b3", basket(NOON, "late", 1))));
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(keys(stall.baskets)).hasSize(43));
        }
    }

    @Test
    void lateIsLateAfterARestartThatLostItsDisk() {
        Stall stall = new Stall("late");
        EventSource<Basket> input = stall.raw.allowingLateness(Duration.ofHours(1));
        try (MeshRuntime before = run("one", stall.copy(input))) {
            broker.write(stall.record(registry, "k", basket(NOON, "pen", 1)));
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(keys(stall.baskets)).hasSize(1));
            awaitLive(before);
        }

        try (MeshRuntime after = run("another-disk", stall.copy(input))) {
            broker.write(stall.record(registry, "k", basket(NOON.minusSeconds(3601), "late", 1)));
            broker.write(stall.record(registry, "k", basket(NOON.minusSeconds(3600), "in-time", 1)));

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(keys(stall.baskets)).hasSize(2));
            awaitLive(after);
        }
        assertThat(broker.committed("late.copy.dead-letters"))
                .singleElement()
                .satisfies(letter -> assertThat(DeadLetter.of(letter).reason()).isEqualTo(Reason.LATE));
    }

    @Test
    void aRegistryThatIsDownAtTheStartIsWaitedFor() {
        Stall stall = new Stall("waits");
        registry.goDown();
        try (MeshRuntime runtime = run("one", stall.copy(stall.raw))) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(runtime.products().get(0).waitingFor())
                            .hasValueSatisfying(words -> assertThat(words).contains("schema registry")));
            assertThat(runtime.products().get(0).state()).isEqualTo(ProductState.WAITING);

            registry.comeUp();

            awaitLive(runtime);
        } finally {
            registry.comeUp();
        }
    }

    @Test
    void waitThatTakesTooLongIsAFaultOfThePlatform() {
        Stall stall = new Stall("impatient");
        InputPort<Basket> nobodys = InputPort.table("nobody.baskets.v1", Basket.class)
                .eventTime("at")
                .build();
        MeshRuntime.End end = endOf(Map.of("mesh.platform.timeout", "5s"), stall.copy(nobodys));

        assertThat(end.code()).isEqualTo(ExitCode.PLATFORM);
        assertThat(end.problems()).singleElement().asString().contains("nobody.baskets.v1", "mesh.platform.timeout");
    }

    @Test
    void aDriftedTopicBreaksTheContract() throws Exception {
        Stall stall = new Stall("drift");
        broker.admin()
                .createTopics(List.of(new NewTopic("drift.raw.v1", 3, (short) 1)))
                .all()
                .get();

        MeshRuntime.End end = endOf(Map.of(), stall.copy(stall.raw));

        assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
        assertThat(end.problems())
                .anyMatch(problem -> problem.contains("drift.raw.v1: partitions must be 2 but are 3"));
    }

    @Test
    void aSchemaOfSomebodyElseThatDoesNotFitBreaksTheContract() {
        Stall owner = new Stall("taken");
        registry.register("taken.baskets.v1-value", somethingElse());

        MeshRuntime.End end = endOf(Map.of(), owner.copy(owner.raw));

        assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
        assertThat(end.problems()).anyMatch(problem -> problem.contains("taken.baskets.v1-value"));
    }

    @Test
    void anInputThatCannotBeReadBreaksTheContract() throws Exception {
        Stall reader = new Stall("reader");
        broker.admin()
                .createTopics(List.of(
                        new NewTopic("writer.baskets.v1", 2, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                .all()
                .get();
        registry.register("writer.baskets.v1-value", somethingElse());

        MeshRuntime.End end = endOf(
                Map.of(),
                reader.copy(InputPort.table("writer.baskets.v1", Basket.class)
                        .eventTime("at")
                        .build()));

        assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
        assertThat(end.problems())
                .singleElement()
                .asString()
                .contains("product reader.copy", "writer.baskets.v1-value", "version 1");
    }

    @Test
    void productsThatPublishOnePortDoNotStart() {
        Stall stall = new Stall("twice");
        StreamingProduct other = new StreamingProduct(
                stall.declared("other")
                        .reads(stall.raw)
                        .publishes(stall.baskets)
                        .build(),
                ports -> ports.publish(stall.baskets, ports.read(stall.raw).stream()));

        StartupException refused = catchThrowableOfType(
                StartupException.class,
                () -> run("one", stall.copy(stall.raw), other).close());

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(refused.problems())
                .singleElement()
                .asString()
                .contains("twice.baskets.v1: twice.copy and twice.other both own it");
    }

    @Test
    void aProductThatCannotGoOnIsReportedAndStopsNoOtherWhereTheSettingSaysSoWhateverTheProgramDoes() {
        Stall breaking = new Stall("breaking");
        Stall going = new Stall("going");
        List<ProductStatus> heard = new CopyOnWriteArrayList<>();
        try (MeshRuntime runtime = MeshRuntime.builder(bothOf(breaking, going))
                .listener(heard::add)
                .onFailure(FailurePolicy.STOP_ALL)
                .start(settings("one", Map.of("mesh.failure.policy", "stop-product")))) {
            awaitLive(runtime);
            broker.write(breaking.record(registry, "b1", basket(NOON, "pen", 1)));

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(heard)
                            .filteredOn(status -> status.state() == ProductState.FAILED)
                            .singleElement()
                            .satisfies(status -> {
                                assertThat(status.product()).hasToString("breaking.totals");
                                assertThat(status.failure()).get().asString().contains("a bug behind the intake");
                            }));
            broker.write(going.record(registry, "b1", basket(NOON, "pen", 1)));

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(keys(going.baskets)).containsExactly("b1"));
            assertThat(runtime.products())
                    .extracting(ProductStatus::state)
                    .containsExactly(ProductState.FAILED, ProductState.LIVE);
            assertThat(runtime.health().isLive()).isFalse();
            assertThat(runtime.awaitEnd(Duration.ofMillis(1))).isEmpty();
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
        // Told by a thread of its own, which no close waits for.
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(heard)
                        .filteredOn(status -> status.product().toString().equals("going.copy"))
                        .extracting(ProductStatus::state)
                        .startsWith(ProductState.WAITING)
                        .contains(ProductState.LIVE)
                        .endsWith(ProductState.STOPPED));
    }

    @Test
    void aProductThatCannotGoOnStopsAllWhereTheSettingSaysSo() {
        Stall breaking = new Stall("stopping");
        Stall going = new Stall("stopped");
        try (MeshRuntime runtime = MeshRuntime.builder(bothOf(breaking, going))
                .start(settings("one", Map.of("mesh.failure.policy", "stop-all")))) {
            awaitLive(runtime);
            broker.write(breaking.record(registry, "b1", basket(NOON, "pen", 1)));

            assertThat(runtime.awaitEnd().code()).isEqualTo(ExitCode.BUG);
            assertThat(runtime.products())
                    .extracting(ProductStatus::state)
                    .containsExactly(ProductState.FAILED, ProductState.STOPPED);
        }
    }

    private static List<StreamingProduct> bothOf(Stall breaking, Stall going) {
        return List.of(breaking.totals(breaking.raw.asInput(), MeshRuntimeIT::thrown), going.copy(going.raw));
    }

    private static Schema somethingElse() {
        return SchemaBuilder.record("io.kappamesh.contracts.topologytest.Basket")
                .fields()
                .requiredString("at")
                .endRecord();
    }

    /** Runs until it ends by itself, over the history given. */
    private void assertBug(StreamingProduct broken, List<ProducerRecord<byte[], byte[]>> history) {
        try (MeshRuntime runtime = run("one", broken)) {
            awaitLive(runtime);
            broker.writeAll(history);

            MeshRuntime.End end = runtime.awaitEnd();

            assertThat(end.code()).isEqualTo(ExitCode.BUG);
            assertThat(end.problems())
                    .singleElement()
                    .asString()
                    .contains("a bug behind the intake", "java.lang.IllegalStateException", "MeshRuntimeIT")
                    .doesNotContain("value of a record");
            assertThat(runtime.products().get(0).state()).isEqualTo(ProductState.FAILED);
        }
    }

    private static <T> T thrown(T value) {
        throw new IllegalStateException("value of a record " + value);
    }

    private MeshRuntime run(String disk, StreamingProduct... products) {
        return MeshRuntime.start(settings(disk, Map.of()), List.of(products));
    }

    private MeshRuntime.End endOf(Map<String, String> more, StreamingProduct product) {
        try (MeshRuntime runtime = MeshRuntime.start(settings("one", more), List.of(product))) {
            return runtime.awaitEnd();
        }
    }

    private Settings settings(String disk, Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.put("bootstrap.servers", broker.bootstrapServers());
        values.putIfAbsent("schema.registry.url", registry.url());
        values.put("mesh.state.dir", directory.resolve(disk).toString());
        return Settings.of(values, Map.of());
    }

    private static void awaitLive(MeshRuntime runtime) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(runtime.products())
                        .allSatisfy(product -> assertThat(product.state()).isEqualTo(ProductState.LIVE)));
    }

    private static long in(MeshRuntime runtime) {
        return runtime.products().get(0).recordsIn();
    }

    private static int members(String group) throws Exception {
        return (int) broker.admin().describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                .filter(member -> !member.assignment().topicPartitions().isEmpty())
                .count();
    }

    /** How many records of a topic a group has committed. */
    private static long read(String group, String topic) throws Exception {
        return broker.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                .filter(entry -> entry.getKey().topic().equals(topic))
                .mapToLong(entry -> entry.getValue().offset())
                .sum();
    }

    private static List<String> keys(OutputPort<?> port) {
        return broker.committed(port.address().topic()).stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }

    private static Map<String, Integer> quantities(OutputPort<BasketItem> port) {
        Map<String, Integer> quantities = new TreeMap<>();
        latest(port, BasketItem.class).forEach((sku, item) -> quantities.put(sku, item.getQuantity()));
        return quantities;
    }

    private static <V extends SpecificRecord> Map<String, V> latest(OutputPort<V> port, Class<V> type) {
        Map<String, V> latest = new HashMap<>();
        try (SchemaRegistry client = SchemaRegistry.connect(Map.of("schema.registry.url", registry.url()))) {
            AvroDecoder<V> decoder = new AvroDecoder<>(AvroType.of(type), client);
            for (ConsumerRecord<byte[], byte[]> record :
                    broker.committed(port.address().topic())) {
                latest.put(
                        new String(record.key(), StandardCharsets.UTF_8),
                        decoder.asDeserializer().deserialize(record.topic(), record.value()));
            }
        }
        return latest;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
