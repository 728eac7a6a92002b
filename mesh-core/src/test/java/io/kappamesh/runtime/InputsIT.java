package io.kappamesh.runtime;

import static io.kappamesh.fixture.Stall.NOON;
import static io.kappamesh.fixture.Stall.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.control.ControlTopic;
import io.kappamesh.control.ControlView;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.ManualClock;
import io.kappamesh.fixture.Stall;
import io.kappamesh.generation.CaughtUp;
import io.kappamesh.generation.Generation;
import io.kappamesh.inputs.InputProgress;
import io.kappamesh.inputs.MissedDeletions;
import io.kappamesh.inputs.UncommittedRecords;
import io.kappamesh.observe.ProductMetrics;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.provision.OwnedTopics;
import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What becomes of a product whose inputs or positions are not any more what they were. Each test has a domain of its own. */
@Timeout(180)
class InputsIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static InJvmBroker broker;
    private static FakeRegistry registry;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        broker = InJvmBroker.start(Map.of(
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found",
                "true"));
        registry = new FakeRegistry();
    }

    @AfterAll
    static void stop() throws Exception {
        registry.close();
        broker.stop();
    }

    @Test
    void anInputThatWasCreatedAgainWhileTheProductStoodIsNotReadAsIfItWereTheSame() throws Exception {
        Stall stall = new Stall("again");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        stoppedAfter(stall, totals, 10);
        recreate(stall);
        write(stall, 10, 30);

        MeshRuntime.End end = endOf(totals);

        assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
        assertThat(end.problems())
                .singleElement()
                .asString()
                .contains("again.totals.g1", "again.raw.v1", "created again", "`replay again.totals`");
    }

    @Test
    void anInputThatIsCreatedAgainWhileTheProductRunsEndsIt() throws Exception {
        Stall stall = new Stall("under");
        StreamingProduct copy = stall.copy(stall.raw);
        try (MeshRuntime runtime = run("one", copy)) {
            awaitLive(runtime);
            write(stall, 0, 10);
            awaitKeys(stall.baskets, 10);
            recreate(stall);
            write(stall, 10, 60);

            MeshRuntime.End end = runtime.awaitEnd(TIMEOUT).orElseThrow();

            assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
            assertThat(end.problems()).singleElement().asString().contains("under.copy.g1", "under.raw.v1");
        }
    }

    @Test
    void recordsThatAreGoneBeforeTheyWereReadAreAnErrorThatNamesThem() throws Exception {
        Stall stall = new Stall("gone");
        StreamingProduct copy = stall.copy(stall.raw);
        stoppedAfter(stall, copy, 10);
        TopicPartition zero = new TopicPartition("gone.raw.v1", 0);
        long read = broker.admin()
                .listConsumerGroupOffsets("gone.copy.g1")
                .partitionsToOffsetAndMetadata()
                .get()
                .get(zero)
                .offset();
        write(stall, 10, 30);
        broker.admin()
                .deleteRecords(Map.of(zero, RecordsToDelete.beforeOffset(read + 3)))
                .all()
                .get();

        MeshRuntime.End end = endOf(copy);

        assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
        assertThat(end.problems())
                .singleElement()
                .asString()
                .contains(
                        "gone.copy.g1",
                        "gone.raw.v1, partition 0",
                        "offset " + read,
                        "begins at " + (read + 3),
                        "3 offsets are gone",
                        "replay gone.copy");
    }

    @Test
    void anEventThatLiesAheadOfTheClockGoesThroughStoresAndInternalTopics() throws Exception {
        Stall stall = new Stall("ahead");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        try (MeshRuntime runtime = run("one", totals)) {
            awaitLive(runtime);
            Instant tomorrow = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.MILLIS);
            broker.writeAll(List.of(stall.record(registry, "b1", basket(tomorrow, "pen", 1))));

            awaitKeys(stall.totals, 1);

            assertThat(runtime.products().get(0).failure()).isEmpty();
        }
    }

    @Test
    void positionsThatSomebodyDeletedAreNotTheBeginning() throws Exception {
        Stall stall = new Stall("deleted");
        StreamingProduct copy = stall.copy(stall.raw);
        stoppedAfter(stall, copy, 10);
        TopicPartition zero = new TopicPartition("deleted.raw.v1", 0);
        broker.admin()
                .deleteConsumerGroupOffsets("deleted.copy.g1", Set.of(zero))
                .all()
                .get();

        MeshRuntime.End end = endOf(copy);

        assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
        assertThat(end.problems()).singleElement().asString().contains("deleted.raw.v1, partition 0", "no position");
        assertThat(keys(stall.baskets)).hasSize(10);
    }

    @Test
    void anInputThatGainsPartitionsUnderStateIsNoBugOfTheProduct() throws Exception {
        Stall stall = new Stall("more");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());

        assertGaining("more.raw.v1", totals, "more.totals.g1", Map.of("streams.consumer.metadata.max.age.ms", "500"));
    }

    @Test
    void anInputThatGainsPartitionsIsNotReadInAnotherOrder() throws Exception {
        Stall stall = new Stall("widened");
        StreamingProduct copy = stall.copy(stall.raw);

        assertGaining("widened.raw.v1", copy, "widened.copy.g1", Map.of());
    }

    @Test
    void anotherInstanceStartsDuringTheFirstTransaction() throws Exception {
        Stall stall = new Stall("first");
        CountDownLatch goOn = new CountDownLatch(1);
        StreamingProduct slow = firstOfEach(stall, goOn);
        MeshRuntime.provision(settings("one"), List.of(slow));
        write(stall, 0, 10);
        try (MeshRuntime one = run("one", slow)) {
            await().dontCatchUncaughtExceptions()
                    .atMost(TIMEOUT)
                    .until(() -> isWritten("first.slow.g1-firsts-changelog"));
            try (MeshRuntime two = run("two", slow)) {
                await().dontCatchUncaughtExceptions()
                        .atMost(TIMEOUT)
                        .until(() -> two.products().get(0).state() != ProductState.WAITING
                                || two.products().get(0).failure().isPresent());
                assertThat(two.products().get(0).failure()).isEmpty();
                goOn.countDown();
                awaitKeys(stall.baskets, 10);
                assertThat(keys(stall.baskets)).doesNotHaveDuplicates();
                assertThat(one.products().get(0).failure()).isEmpty();
            } finally {
                goOn.countDown();
            }
        }
    }

    @Test
    void stateOfWhichNothingWasCommittedIsBegunAnewAlthoughItsOffsetsAreForgotten() throws Exception {
        Stall stall = new Stall("never");
        StreamingProduct firsts = firstOfEach(stall, new CountDownLatch(0));
        try (MeshRuntime runtime = run("one", firsts)) {
            awaitLive(runtime);
        }
        broker.admin().deleteConsumerGroups(List.of("never.slow.g1")).all().get();
        broker.write(new ProducerRecord<>("never.slow.mesh.control", utf8("rest/never.slow.g1"), null));
        writeAborted("never.slow.g1-firsts-changelog");
        write(stall, 0, 10);

        try (MeshRuntime again = run("one", firsts)) {
            awaitKeys(stall.baskets, 10);
            awaitLive(again);
        }
        assertThat(keys(stall.baskets)).doesNotHaveDuplicates();
    }

    @Test
    void aRightToWriteThatIsMissingIsSeenWhileItLastsAndEndsInTheName() throws Exception {
        Stall stall = new Stall("denied");
        StreamingProduct copy = stall.copy(stall.raw);
        String topic = stall.baskets.address().topic();
        MeterRegistry meters = new SimpleMeterRegistry();
        try (MeshRuntime runtime = MeshRuntime.builder(List.of(copy))
                .meters(meters)
                .start(settings("one", Map.of("mesh.platform.timeout", "8s")))) {
            awaitLive(runtime);
            deny(AclOperation.WRITE, topic);
            write(stall, 0, 10);

            await().dontCatchUncaughtExceptions().atMost(TIMEOUT).untilAsserted(() -> {
                ProductStatus status = runtime.products().get(0);
                assertThat(status.state()).isEqualTo(ProductState.WAITING);
                assertThat(status.waitingFor()).get().asString().contains("Write on topic " + topic);
            });
            assertThat(runtime.health().isReady()).isFalse();
            await().dontCatchUncaughtExceptions()
                    .atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(meters.get("mesh.troubled.seconds")
                                    .tags("product", "denied.copy", "generation", "g1")
                                    .gauge()
                                    .value())
                            .isPositive());
            MeshRuntime.End end = runtime.awaitEnd(TIMEOUT).orElseThrow();

            assertThat(end.code()).isEqualTo(ExitCode.CONFIGURATION);
            assertThat(end.problems()).singleElement().asString().contains("denied.copy", "Write on topic " + topic);
        }
    }

    @Test
    void aRightThatComesBackInTimeIsForgotten() throws Exception {
        Stall stall = new Stall("granted");
        StreamingProduct copy = stall.copy(stall.raw);
        String topic = stall.baskets.address().topic();
        try (MeshRuntime runtime = run("one", copy)) {
            awaitLive(runtime);
            AclBinding denied = deny(AclOperation.WRITE, topic);
            write(stall, 0, 10);
            await().dontCatchUncaughtExceptions()
                    .atMost(TIMEOUT)
                    .until(() -> runtime.products().get(0).state() == ProductState.WAITING);

            broker.admin().deleteAcls(List.of(denied.toFilter())).all().get();

            awaitKeys(stall.baskets, 10);
            awaitLive(runtime);
            assertThat(runtime.products().get(0).waitingFor()).isEmpty();
        }
    }

    @Test
    void whoStoodForLongerThanDeletionsAreKeptDoesNotGoOn() throws Exception {
        Stall stall = new Stall("stood");
        StreamingProduct readers = stall.firstItems(stall.baskets.asInput());
        MeshRuntime.provision(settings("owner"), List.of(stall.copy(stall.raw)));
        String topic = stall.baskets.address().topic();
        write(stall, topic, 0, 10);
        try (MeshRuntime first = run("one", readers)) {
            awaitLive(first);
            await().dontCatchUncaughtExceptions()
                    .atMost(TIMEOUT)
                    .until(() -> first.products().get(0).recordsIn() == 10);
        }
        long end = broker.committedEnds(topic).get(new TopicPartition(topic, 0));
        broker.write(new ProducerRecord<>(
                "stood.first-items.mesh.control",
                utf8("read/stood.first-items.g1"),
                utf8("{\"generation\":\"stood.first-items.g1\",\"partitions\":{\"" + topic
                        + "-0\":{\"at\":1,\"offset\":" + end + "}}}")));
        try (MeshRuntime nothingWasWritten = run("one", readers)) {
            awaitLive(nothingWasWritten);
        }
        broker.write(new ProducerRecord<>(
                "stood.first-items.mesh.control",
                utf8("read/stood.first-items.g1"),
                utf8("{\"generation\":\"stood.first-items.g1\",\"partitions\":{\"" + topic
                        + "-0\":{\"at\":1,\"offset\":" + end + "}}}")));
        write(stall, topic, 10, 30);

        MeshRuntime.End ended = endOf(readers);

        assertThat(ended.code()).isEqualTo(ExitCode.CONTRACT);
        assertThat(ended.problems())
                .singleElement()
                .asString()
                .contains(
                        "stood.first-items.g1",
                        topic + ", partition 0",
                        "1970-01-01T00:00:00.001Z",
                        "PT168H",
                        "replay stood.first-items");
    }

    @Test
    void theEndOfATableIsSeenAlsoWhereEventsFlowWithoutAPause() throws Exception {
        Generation generation = Generation.of("busy.reader.g1");
        TopicPartition zero = new TopicPartition("busy.in.v1", 0);
        broker.admin()
                .createTopics(
                        List.of(new NewTopic("busy.in.v1", 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                .all()
                .get();
        ControlTopic.ensure(broker.admin(), generation.product());
        for (int i = 0; i < 10; i++) {
            broker.write(new ProducerRecord<>("busy.in.v1", utf8("k" + i), utf8("v")));
        }
        ManualClock clock = new ManualClock();
        UncommittedRecords uncommitted = new UncommittedRecords();
        InputProgress progress = new InputProgress(
                Set.of("busy.in.v1"),
                1,
                uncommitted,
                new ProductMetrics(generation, new SimpleMeterRegistry(), clock),
                System::nanoTime);
        progress.begin(Map.of(zero, 0L), Map.of(zero, 10L));
        try (ControlView control =
                        ControlView.open(broker.admin(), Map.of("bootstrap.servers", broker.bootstrapServers()));
                MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none")) {
            MissedDeletions deletions =
                    new MissedDeletions(generation, broker.admin(), control, progress, uncommitted, clock);
            deletions.look(Set.of("busy.in.v1"));
            uncommitted.holds(consumer, Set.of(zero));
            consumer.assign(List.of(zero));
            stand(consumer, progress, uncommitted, zero, 4, 3);
            Instant asked = clock.instant();
            deletions.update();
            clock.advance(Duration.ofSeconds(31));
            stand(consumer, progress, uncommitted, zero, 15, 9);
            deletions.update();
            assertThat(control.caughtUp(generation)).isEmpty();
            clock.advance(Duration.ofSeconds(61));
            stand(consumer, progress, uncommitted, zero, 90, 10);

            deletions.update();

            await().dontCatchUncaughtExceptions()
                    .atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(control.caughtUp(generation).flatMap(known -> known.of(zero)))
                            .contains(new CaughtUp.Place(asked.toEpochMilli(), 10)));
        }
    }

    /** There is always more to read, and something that is not committed. */
    private static void stand(
            MockConsumer<byte[], byte[]> consumer,
            InputProgress progress,
            UncommittedRecords uncommitted,
            TopicPartition partition,
            long position,
            long committed) {
        consumer.updateEndOffsets(Map.of(partition, position + 1000));
        consumer.seek(partition, position);
        progress.update(consumer, consumer::currentLag);
        uncommitted.passed(partition, 0, position);
        uncommitted.committed(Map.of(partition, new OffsetAndMetadata(committed)));
    }

    private static void write(Stall stall, String topic, int from, int to) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            ProducerRecord<byte[], byte[]> one = stall.record(registry, "b" + i, basket(NOON.plusSeconds(i), "pen", 1));
            records.add(new ProducerRecord<>(topic, one.key(), one.value()));
        }
        broker.writeAll(records);
    }

    @Test
    void stateOfAProcessThatWasKilledIsTakenUpWithoutALotOfWords() throws Exception {
        Stall stall = new Stall("killed");
        StreamingProduct totals = stall.totals(stall.raw.asInput(), UnaryOperator.identity());
        try (MeshRuntime first = run("one", totals)) {
            awaitLive(first);
            write(stall, 0, 10);
            await().dontCatchUncaughtExceptions()
                    .atMost(TIMEOUT)
                    .until(() ->
                            !broker.committed(stall.totals.address().topic()).isEmpty());
            // What a process leaves behind that is killed at this moment.
            copy(directory.resolve("one"), directory.resolve("killed"));
        }
        write(stall, 10, 20);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        List<Logger> loud = List.of(logger("io.kappamesh"), logger("org.apache.kafka.streams.processor.internals"));
        List<Level> before = loud.stream().map(Logger::getLevel).toList();
        loud.forEach(logger -> logger.setLevel(Level.WARN));
        loud.forEach(logger -> logger.addAppender(log));
        try (MeshRuntime again = run("killed", totals)) {
            awaitLive(again);
            await().dontCatchUncaughtExceptions()
                    .atMost(TIMEOUT)
                    .until(() -> again.products().get(0).recordsIn() == 10
                            && again.products().get(0).recordsOut() > 0);
        } finally {
            for (int i = 0; i < loud.size(); i++) {
                loud.get(i).detachAppender(log);
                loud.get(i).setLevel(before.get(i));
            }
        }
        assertThat(List.copyOf(log.list))
                .filteredOn(event -> event.getThrowableProxy() != null)
                .as("stack traces")
                .isEmpty();
        assertThat(List.copyOf(log.list))
                .filteredOn(event -> event.getFormattedMessage().contains("was killed"))
                .singleElement()
                .asString()
                .contains("goes on with the state that it had committed");
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }

    @Test
    void aSecondProcessOnOneStateDirectoryIsTurnedAway() throws Exception {
        Stall stall = new Stall("twice");
        StreamingProduct copy = stall.copy(stall.raw);
        try (MeshRuntime first = run("one", copy)) {
            awaitLive(first);

            MeshRuntime.End end = endOf(copy);

            assertThat(end.code()).isEqualTo(ExitCode.CONFIGURATION);
            assertThat(end.problems()).singleElement().asString().contains("mesh.state.dir", "twice.copy.g1");
            assertThat(first.awaitEnd(Duration.ZERO)).isEmpty();
        }
    }

    private static AclBinding deny(AclOperation operation, String topic) throws Exception {
        AclBinding denied = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.DENY));
        AclBinding rest = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.ALLOW));
        broker.admin().createAcls(List.of(rest, denied)).all().get();
        // Answered before the broker acts on it.
        await().atMost(TIMEOUT)
                .until(() -> broker.admin()
                        .describeAcls(denied.toFilter())
                        .values()
                        .get()
                        .contains(denied));
        return denied;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    /** Keeps the first basket of each key in state, in the first subtopology, and then waits. */
    private static StreamingProduct firstOfEach(Stall stall, CountDownLatch goOn) {
        return new StreamingProduct(
                stall.declared("slow").reads(stall.raw).publishes(stall.baskets).build(),
                ports -> ports.publish(
                        stall.baskets,
                        ports.distinct(
                                        "firsts",
                                        ports.read(stall.raw).changes(),
                                        basket -> basket.getAt().toString())
                                .mapValues(
                                        basket -> {
                                            awaited(goOn);
                                            return basket;
                                        },
                                        Named.as("wait"))));
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void assertGaining(String topic, StreamingProduct product, String generation, Map<String, String> more)
            throws Exception {
        try (MeshRuntime runtime = MeshRuntime.start(settings("one", more), List.of(product))) {
            awaitLive(runtime);
            broker.admin()
                    .createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
                    .all()
                    .get();

            MeshRuntime.End end = runtime.awaitEnd(TIMEOUT).orElseThrow();

            assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
            assertThat(end.problems())
                    .singleElement()
                    .asString()
                    .contains(generation, topic, "had 2 partitions", "has 3");
        }
    }

    private void stoppedAfter(Stall stall, StreamingProduct product, int records) throws Exception {
        try (MeshRuntime first = run("one", product)) {
            awaitLive(first);
            write(stall, 0, records);
            OutputPort<?> output = product.product().outputs().get(0);
            await().dontCatchUncaughtExceptions()
                    .atMost(TIMEOUT)
                    .until(() -> !broker.committed(output.address().topic()).isEmpty()
                            && first.products().get(0).recordsIn() == records);
        }
    }

    private static void recreate(Stall stall) throws Exception {
        String topic = stall.raw.address().topic();
        broker.admin().deleteTopics(List.of(topic)).all().get();
        await().dontCatchUncaughtExceptions()
                .atMost(TIMEOUT)
                .until(() -> !broker.admin().listTopics().names().get().contains(topic));
        broker.admin()
                .createTopics(List.of(OwnedTopics.of(stall.raw.contract()).asNewTopic()))
                .all()
                .get();
    }

    private static boolean isWritten(String topic) {
        try {
            return TopicEnds.written(broker.admin(), List.of(topic)).values().stream()
                    .anyMatch(end -> end > 0);
        } catch (Exception notYet) {
            return false;
        }
    }

    private static void writeAborted(String topic) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "aborted-" + topic);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            Future<?> unused = producer.send(new ProducerRecord<>(topic, 0, utf8("k"), utf8("v")));
            producer.flush();
            producer.abortTransaction();
        }
    }

    private static void write(Stall stall, int from, int to) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(stall.record(registry, "b" + i, basket(NOON.plusSeconds(i), "pen", 1)));
        }
        broker.writeAll(records);
    }

    private MeshRuntime run(String disk, StreamingProduct product) {
        return MeshRuntime.start(settings(disk), List.of(product));
    }

    private MeshRuntime.End endOf(StreamingProduct product) throws Exception {
        try (MeshRuntime runtime = run("one", product)) {
            return runtime.awaitEnd(TIMEOUT).orElseThrow();
        }
    }

    private Settings settings(String disk) {
        return settings(disk, Map.of());
    }

    private Settings settings(String disk, Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.put("bootstrap.servers", broker.bootstrapServers());
        values.put("schema.registry.url", registry.url());
        values.put("mesh.state.dir", directory.resolve(disk).toString());
        return Settings.of(values, Map.of());
    }

    private static void awaitLive(MeshRuntime runtime) {
        await().dontCatchUncaughtExceptions()
                .atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(runtime.products())
                        .allSatisfy(product ->
                                assertThat(product.state()).as("%s", product).isEqualTo(ProductState.LIVE)));
    }

    private static void awaitKeys(OutputPort<?> port, int count) {
        await().dontCatchUncaughtExceptions()
                .atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(keys(port)).hasSize(count));
    }

    private static List<String> keys(OutputPort<?> port) {
        return broker.committed(port.address().topic()).stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
