package io.kappamesh.lifecycle;

import static io.kappamesh.fixture.Stall.NOON;
import static io.kappamesh.fixture.Stall.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.kappamesh.compare.DifferenceKind;
import io.kappamesh.compare.Sample;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.Exemption;
import io.kappamesh.contract.ProductName;
import io.kappamesh.control.ControlSnapshot;
import io.kappamesh.control.ControlWriter;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.Stall;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.Cut;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.plan.Downstream;
import io.kappamesh.plan.Plan;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.DeadLetterCount;
import io.kappamesh.status.GenerationState;
import io.kappamesh.status.GenerationStatus;
import io.kappamesh.status.PartitionStatus;
import io.kappamesh.status.StatusReader;
import io.kappamesh.topology.StreamingProduct;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Generations of products that run in this process, on a real broker. Each test has a domain of its own. */
@Timeout(180)
class LifecycleIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int BASKETS = 60;
    private static final Exemption WANTED = new Exemption("corrected-input", "firsts-first", "a test wants one");

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
    void aCandidateIsReplayedByWhatRunsAndRetiredWithoutATrace() throws Exception {
        Stall stall = new Stall("replayed");
        ProductName product = ProductName.of("replayed.totals");
        try (MeshRuntime runtime = run(totals(stall));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);
            write(stall);
            awaitCaughtUp(lifecycle, product, 1);
            Set<String> topics = topics();
            Set<String> groups = groups();

            Generation candidate = lifecycle.replay(product);

            assertThat(candidate).isEqualTo(new Generation(product, 2));
            assertThat(lifecycle.replay(product)).isEqualTo(candidate);
            awaitCaughtUp(lifecycle, product, 2);
            awaitLive(runtime, 2);
            assertThat(lifecycle.status(product))
                    .extracting(GenerationStatus::role)
                    .containsExactly(Role.SERVING, Role.CANDIDATE);
            GenerationStatus status = lifecycle.status(product).get(1);
            assertThat(status.done()).isEqualTo(status.target()).isEqualTo(BASKETS);
            assertThat(status.processes()).isEqualTo(1);
            assertThat(status.ratePerSecond()).isPresent();
            assertThat(status.eventTimeLag()).contains(Duration.ZERO);
            assertThat(status.partitions())
                    .hasSize(4)
                    .filteredOn(PartitionStatus::isInput)
                    .hasSize(2);
            assertThat(topics())
                    .contains("replayed.totals.v1.g2", "replayed.totals.dead-letters.g2")
                    .anyMatch(topic -> topic.startsWith("replayed.totals.g2-") && topic.endsWith("-repartition"))
                    .anyMatch(topic -> topic.startsWith("replayed.totals.g2-") && topic.endsWith("-changelog"));
            assertThat(groups()).contains("replayed.totals.g2");
            assertThat(localState()).anyMatch(path -> path.contains("/replayed.totals.g2/"));

            List<String> steps = new ArrayList<>();
            lifecycle.retire(candidate, steps(steps));

            assertThat(topics()).isEqualTo(topics);
            assertThat(groups()).isEqualTo(groups);
            assertThat(lifecycle.status(product).get(1).state()).isEqualTo(GenerationState.RETIRED);
            assertThat(steps).anyMatch(step -> step.contains("fenced 1 transactional ids"));
            await().atMost(TIMEOUT)
                    // Thrown where a directory is deleted while it is walked.
                    .ignoreException(UncheckedIOException.class)
                    .untilAsserted(
                            () -> assertThat(localState()).noneMatch(path -> path.contains("/replayed.totals.g2/")));
            awaitLive(runtime, 1);
            lifecycle.retire(candidate, Progress.SILENT);
            assertThat(lifecycle.replay(product)).isEqualTo(new Generation(product, 3));
        }
    }

    /** What served before is gone, and nobody waits for it. */
    @Test
    void aProcessIsReadyWhenWhatServedBeforeIsRetired() throws Exception {
        Stall stall = new Stall("succeeded");
        ProductName product = ProductName.of("succeeded.totals");
        try (MeshRuntime runtime = run(totals(stall));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);
            write(stall);
            lifecycle.replay(product);
            awaitCaughtUp(lifecycle, product, 2);
            lifecycle.promote(product, OptionalInt.of(2), true, Progress.SILENT);

            lifecycle.retire(new Generation(product, 1), Progress.SILENT);

            awaitLive(runtime, 1);
            assertThat(runtime.products().get(0).generation()).contains(new Generation(product, 2));
            assertThat(runtime.health().isReady()).isTrue();
        }
    }

    /** What came while everything was compared and copied is compared and copied before anything is paused. */
    @Test
    void aPromotionPausesForWhatCameLastOnly() throws Exception {
        Stall stall = new Stall("short");
        ProductName product = ProductName.of("short.copy");
        int many = 3_000;
        try (MeshRuntime runtime = run(stall.copy(stall.raw));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"));
                Lifecycle observer = Lifecycle.connect(settings("observer"))) {
            awaitLive(runtime, 1);
            write(stall, 0, BASKETS);
            lifecycle.replay(product);
            awaitCaughtUp(lifecycle, product, 2);
            lifecycle.verify(product, OptionalInt.empty(), List.of(), Progress.SILENT);
            AtomicBoolean filled = new AtomicBoolean();
            List<String> said = new ArrayList<>();

            Promotion done = lifecycle.promote(product, OptionalInt.of(2), false, new Progress() {
                @Override
                public void step(String what) {
                    said.add(what);
                    if (what.startsWith("fill") && filled.compareAndSet(false, true)) {
                        write(stall, BASKETS, many);
                        awaitCaughtUp(observer, product, 1);
                        awaitCaughtUp(observer, product, 2);
                    }
                }

                @Override
                public void progress(long read, long total) {}
            });

            assertThat(done.comparedWhileQuiet()).as("%s", said).isZero();
            assertThat(said).filteredOn("catch up"::equals).hasSize(2);
            Verification both = lifecycle.verify(product, OptionalInt.of(1), List.of(), Progress.SILENT);
            assertThat(both.ports())
                    .singleElement()
                    .satisfies(port -> assertThat(port.equal()).isEqualTo(many));
            assertThat(lifecycle.rollback(product, Progress.SILENT).totalCorrections())
                    .isZero();
        }
    }

    @Test
    void statusCountsTheDeadLettersOfEachGeneration() throws Exception {
        Stall stall = new Stall("refusing");
        ProductName product = ProductName.of("refusing.totals");
        try (MeshRuntime runtime = run(totals(stall));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);
            assertThat(lifecycle.status(product).get(0).deadLetters())
                    .contains(new DeadLetterCount("refusing.totals.dead-letters", 0, Optional.empty()));

            write(stall);
            broker.writeAll(List.of(new ProducerRecord<>(
                    "refusing.raw.v1", new byte[] {'b'}, "garbage".getBytes(StandardCharsets.UTF_8))));
            awaitCaughtUp(lifecycle, product, 1);
            lifecycle.replay(product);
            awaitCaughtUp(lifecycle, product, 2);

            assertThat(lifecycle.status(product))
                    .map(status -> status.deadLetters().orElseThrow())
                    .satisfiesExactly(
                            serving -> assertThat(serving.topic()).isEqualTo("refusing.totals.dead-letters"),
                            candidate -> assertThat(candidate.topic()).isEqualTo("refusing.totals.dead-letters.g2"))
                    .allSatisfy(letters -> {
                        assertThat(letters.atMost()).isEqualTo(2); // the letter, and the end of its transaction
                        assertThat(letters.newest()).isPresent();
                    });
            lifecycle.abort(product, Progress.SILENT);
            assertThat(lifecycle.status(product).get(1).deadLetters()).isEmpty();
        }
    }

    @Test
    void aProofReplaysComparesAndLeavesNothingBehind() throws Exception {
        Stall stall = new Stall("proved");
        ProductName product = ProductName.of("proved.totals");
        try (MeshRuntime runtime = run(totals(stall));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);
            write(stall);
            awaitCaughtUp(lifecycle, product, 1);
            Set<String> topics = topics();

            assertThat(lifecycle.plan(product).estimated()).isEmpty();

            Proof proof = lifecycle.prove(product, List.of(), Progress.SILENT);

            assertThat(lifecycle.plan(product).estimated()).isPresent();
            assertThat(proof.holds()).isTrue();
            assertThat(proof.kept()).isFalse();
            assertThat(proof.records()).isEqualTo(BASKETS);
            assertThat(proof.verification().ports())
                    .singleElement()
                    .satisfies(port -> assertThat(port.equal()).isPositive());
            assertThat(topics()).isEqualTo(topics);
            assertThat(lifecycle.status(product))
                    .extracting(GenerationStatus::role)
                    .containsExactly(Role.SERVING, Role.RETIRED);
        }
    }

    /** Its internal topics have other partition counts than its inputs, and must have come to rest at a cut as well. */
    @Test
    void aForeignKeyJoinIsProvedWhileBothSidesChange() throws Exception {
        Stall stall = new Stall("joined");
        StreamingProduct priced = stall.priced();
        AtomicBoolean enough = new AtomicBoolean();
        try (MeshRuntime runtime = run(priced);
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);
            CompletableFuture<Void> feed = CompletableFuture.runAsync(() -> {
                for (int i = 0; !enough.get(); i++) {
                    broker.write(stall.record(registry, "b" + i % 500, basket(NOON.plusSeconds(i), "sku-" + i % 7, i)));
                    if (i % 50 == 0) { // each concerns a seventh of all baskets
                        broker.write(stall.record(
                                stall.prices, registry, "sku-" + i / 50 % 7, basket(NOON.plusSeconds(i), "price", i)));
                    }
                }
            });

            Proof proof;
            try {
                proof = lifecycle.prove(priced.product().name(), List.of(), Progress.SILENT);
            } finally {
                enough.set(true);
                feed.join();
            }

            assertThat(proof.holds()).as("%s", proof.verification()).isTrue();
            assertThat(proof.verification().ports())
                    .singleElement()
                    .satisfies(port -> assertThat(port.equal()).isGreaterThan(100));
        }
    }

    /** What follows from one record of a hot key takes many transactions: a cut waits for those that have begun. */
    @Test
    void aCutOverABacklogOfSlicesComparesWhatFollowsFromTheWholeOfIt() {
        int facts = 12_500;
        int changes = 10;
        Stall stall = new Stall("sliced");
        StreamingProduct charged = stall.charged();
        ProductName product = charged.product().name();
        try (MeshRuntime runtime = run(charged);
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);
            broker.writeAll(stall.facts(registry, "k", facts));
            awaitCaughtUp(lifecycle, product, 1);
            lifecycle.replay(product);
            awaitLive(runtime, 2);
            for (int rate = 1; rate <= changes; rate++) {
                broker.write(stall.record(stall.rates, registry, "k", basket(NOON, "pen", rate)));
            }

            Verification found = lifecycle.verify(product, OptionalInt.empty(), List.of(), Progress.SILENT);

            assertThat(found.ports()).singleElement().satisfies(port -> {
                assertThat(port.unexpected()).isZero();
                assertThat(port.equal()).isEqualTo(facts);
            });
        }
    }

    @Test
    void aProofFindsWhatTheProductDidNotPublishAndKeepsACandidateOfSomebodyElse() throws Exception {
        Stall stall = new Stall("disproved");
        ProductName product = ProductName.of("disproved.copy");
        try (MeshRuntime runtime = run(stall.copy(stall.raw));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);
            write(stall);
            awaitCaughtUp(lifecycle, product, 1);
            Generation candidate = lifecycle.replay(product);
            awaitCaughtUp(lifecycle, product, 2);
            byte @Nullable [] deletion = null;
            broker.write(new ProducerRecord<>(
                    stall.baskets.address().topic(), "b3".getBytes(StandardCharsets.UTF_8), deletion));

            Proof proof = lifecycle.prove(product, List.of(), Progress.SILENT);

            assertThat(proof.holds()).isFalse();
            assertThat(proof.kept()).isTrue();
            assertThat(proof.verification().ports())
                    .singleElement()
                    .satisfies(port -> assertThat(port.samples())
                            .extracting(Sample::key, Sample::kind)
                            .containsExactly(tuple("b3", DifferenceKind.ONLY_CANDIDATE)));
            assertThat(lifecycle.replay(product)).isEqualTo(candidate);
        }
    }

    /** What differs as it was read may have been overtaken meanwhile, and compaction may have shown what was never at the cut. */
    @Test
    void whatWasWrittenWhileItWasReadIsLookedAtAgainBeforeItIsSaidToDiffer() throws Exception {
        Stall stall = new Stall("overtaken");
        ProductName product = ProductName.of("overtaken.copy");
        String shadow = stall.baskets.address().topic() + ".g2";
        try (MeshRuntime runtime = run(stall.copy(stall.raw));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);
            write(stall);
            awaitCaughtUp(lifecycle, product, 1);
            lifecycle.replay(product);
            awaitCaughtUp(lifecycle, product, 2);
            String topic = stall.baskets.address().topic();
            List<ConsumerRecord<byte[], byte[]>> said = broker.committed(shadow);
            broker.writeAll(List.of(
                    again(shadow, key(said, "b3"), key(said, "b4").value()),
                    again(shadow, key(said, "b5"), key(said, "b6").value())));
            AtomicBoolean first = new AtomicBoolean(true);

            Verification found = lifecycle.verify(product, OptionalInt.empty(), List.of(), new Progress() {
                @Override
                public void step(String what) {
                    if (what.startsWith("read ") && first.getAndSet(false)) {
                        broker.write(stall.record(registry, "b3", basket(NOON.plusSeconds(900), "sku-1", 900)));
                        await().atMost(TIMEOUT)
                                .untilAsserted(() -> assertThat(
                                                List.of(broker.committed(topic), broker.committed(shadow)))
                                        .allSatisfy(records -> assertThat(
                                                        key(records, "b3").timestamp())
                                                .isEqualTo(NOON.plusSeconds(900).toEpochMilli())));
                    }
                }

                @Override
                public void progress(long done, long total) {}
            });

            assertThat(found.ports()).singleElement().satisfies(port -> {
                assertThat(port.samples())
                        .extracting(Sample::key)
                        .as("b5, and not b3")
                        .containsExactly("b5");
                assertThat(port.equal()).isEqualTo(BASKETS - 1);
                assertThat(port.overtaken()).isZero();
            });
        }
    }

    private static ProducerRecord<byte[], byte[]> again(
            String topic, ConsumerRecord<byte[], byte[]> record, byte[] value) {
        return new ProducerRecord<>(topic, record.partition(), record.timestamp(), record.key(), value);
    }

    /** The latest record of a key. */
    private static ConsumerRecord<byte[], byte[]> key(List<ConsumerRecord<byte[], byte[]>> records, String key) {
        return records.stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(key))
                .reduce((before, later) -> later)
                .orElseThrow();
    }

    @Test
    void aGenerationWithALongerNumberAndProductsBesideItAreLeftAlone() throws Exception {
        Stall stall = new Stall("beside");
        ProductName product = ProductName.of("beside.copy");
        try (MeshRuntime runtime = run(stall.copy(stall.raw));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);
            create("beside.copy.g20-store-changelog", "beside.copy-of.g2-store-changelog", "beside.baskets.v1.g20");
            Set<String> before = topics();
            Generation candidate = lifecycle.replay(product);
            awaitLive(runtime, 2);

            lifecycle.retire(candidate, Progress.SILENT);

            assertThat(topics()).isEqualTo(before);
        }
    }

    @Test
    void whatServesIsNotRetiredAndTheRefusalSaysWhatToDo() {
        Stall stall = new Stall("serves");
        try (MeshRuntime runtime = run(stall.copy(stall.raw));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);

            LifecycleException refused = catchThrowableOfType(
                    LifecycleException.class, () -> lifecycle.retire(Generation.of("serves.copy.g1"), Progress.SILENT));

            assertThat(refused.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
            assertThat(refused).hasMessageContaining("serves.copy.g1: it serves; promote another generation first");
            assertThat(catchThrowableOfType(
                            LifecycleException.class,
                            () -> lifecycle.retire(Generation.of("serves.copy.g7"), Progress.SILENT)))
                    .hasMessageContaining("there is no such generation; there are [g1 SERVING]");
            assertThat(runtime.products()).hasSize(1);
        }
    }

    @Test
    void aProcessThatGoesOnRunningItIsNamedAndNothingIsDeleted() throws Exception {
        Stall stall = new Stall("stubborn");
        ProductName product = ProductName.of("stubborn.copy");
        Generation candidate = new Generation(product, 2);
        Settings settings = settings("operator");
        try (MeshRuntime runtime = run(stall.copy(stall.raw));
                Admin admin = Admin.create(settings.admin())) {
            awaitLive(runtime, 1);
            decide(product, now -> now.with(ofAnotherBuild(now.serving().orElseThrow(), 2)));
            create("stubborn.baskets.v1.g2");
            Retirer impatient = new Retirer(admin, settings, Duration.ofSeconds(1));
            try (KafkaConsumer<byte[], byte[]> asleep = memberOf(candidate, "stubborn.raw.v1")) {
                LifecycleException refused = catchThrowableOfType(
                        LifecycleException.class, () -> impatient.retire(candidate, Progress.SILENT));

                assertThat(refused.exitCode()).isEqualTo(ExitCode.PLATFORM);
                assertThat(refused)
                        .hasMessageContainingAll("asleep on /127.0.0.1", "run `retire stubborn.copy.g2` again");
                assertThat(topics()).contains("stubborn.baskets.v1.g2");
                assertThat(asleep.groupMetadata().generationId()).isPositive();
            }
            impatient.retire(candidate, Progress.SILENT);
            assertThat(topics()).doesNotContain("stubborn.baskets.v1.g2");
            assertThat(groups()).doesNotContain("stubborn.copy.g2");
        }
    }

    /** A process that was starting it when it was retired joins for a moment. */
    @Test
    void whoJoinsWhileAGenerationIsDeletedIsWaitedForAndWhatItMadeIsDeletedToo() throws Exception {
        Stall stall = new Stall("joining");
        ProductName product = ProductName.of("joining.copy");
        Generation candidate = new Generation(product, 2);
        Settings settings = settings("operator");
        try (MeshRuntime runtime = run(stall.copy(stall.raw));
                Admin admin = Admin.create(settings.admin())) {
            awaitLive(runtime, 1);
            decide(product, now -> now.with(ofAnotherBuild(now.serving().orElseThrow(), 2)));
            List<String> said = new ArrayList<>();
            List<KafkaConsumer<byte[], byte[]>> joined = new ArrayList<>();

            new Retirer(admin, settings, TIMEOUT).retire(candidate, steps(what -> {
                said.add(what);
                if (joined.isEmpty() && what.contains(": deleted 0 topics")) {
                    create("joining.baskets.v1.g2");
                    joined.add(memberOf(candidate, "joining.raw.v1"));
                } else if (what.contains("has joined meanwhile")) {
                    joined.get(0).close();
                }
            }));

            assertThat(joined).hasSize(1);
            assertThat(said).anyMatch(step -> step.contains("has joined meanwhile"));
            assertThat(topics()).doesNotContain("joining.baskets.v1.g2");
            assertThat(groups()).doesNotContain("joining.copy.g2");
        }
    }

    /** A process that was starting it makes topics before it joins, so that nobody sees it until then. */
    @Test
    void topicsThatAreMadeAgainBehindARetirementAreDeletedToo() throws Exception {
        Stall stall = new Stall("starting");
        ProductName product = ProductName.of("starting.copy");
        Settings settings = settings("operator");
        try (MeshRuntime runtime = run(stall.copy(stall.raw));
                Admin admin = Admin.create(settings.admin())) {
            awaitLive(runtime, 1);
            decide(product, now -> now.with(ofAnotherBuild(now.serving().orElseThrow(), 2)));
            List<String> said = new ArrayList<>();

            new Retirer(admin, settings, TIMEOUT).retire(new Generation(product, 2), steps(what -> {
                said.add(what);
                if (what.contains(": deleted its consumer group")
                        && said.stream().noneMatch(step -> step.contains("were made again"))) {
                    create("starting.baskets.v1.g2");
                    create("starting.copy.g2-changelog");
                }
            }));

            assertThat(said).anyMatch(step -> step.contains("were made again"));
            assertThat(topics()).doesNotContain("starting.baskets.v1.g2", "starting.copy.g2-changelog");
        }
    }

    @Test
    void abortEndsACutAndACandidateButNotWhatServedBefore() {
        Stall stall = new Stall("aborted");
        ProductName product = ProductName.of("aborted.copy");
        Settings settings = settings("operator");
        try (MeshRuntime runtime = run(stall.copy(stall.raw));
                Lifecycle lifecycle = Lifecycle.connect(settings)) {
            awaitLive(runtime, 1);
            lifecycle.replay(product);
            awaitLive(runtime, 2);
            decide(product, now -> now.promoted(1, 2));
            lifecycle.replay(product);
            awaitLive(runtime, 3);
            leaveCut(product, List.of(2, 3), Duration.ofMinutes(5), Cut.Afterwards.TAKE_OVER);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(lifecycle.status(product))
                            .extracting(GenerationStatus::state)
                            .containsExactly(GenerationState.LIVE, GenerationState.PAUSED, GenerationState.PAUSED));
            List<String> steps = new ArrayList<>();

            lifecycle.release(product, steps(steps));

            assertThat(steps)
                    .containsExactly("product aborted.copy: generations [2, 3] go on; nobody is paused any more");
            assertThat(roles(product)).containsExactly(Role.CANDIDATE, Role.SERVING, Role.CANDIDATE);
            awaitLive(runtime, 3);
            leaveCut(product, List.of(2, 3), Duration.ofMinutes(5), Cut.Afterwards.TAKE_OVER);

            lifecycle.abort(product, Progress.SILENT);

            assertThat(roles(product)).containsExactly(Role.CANDIDATE, Role.SERVING, Role.RETIRED);
            lifecycle.abort(product, Progress.SILENT);
            assertThat(roles(product)).containsExactly(Role.CANDIDATE, Role.SERVING, Role.RETIRED);
            assertThat(lifecycle.plan(product).isPossible()).isTrue();
        }
    }

    @Test
    void aProofTakesOverFromOneThatDiedAtItsCut() {
        Stall stall = new Stall("died");
        ProductName product = ProductName.of("died.copy");
        try (MeshRuntime runtime = run(stall.copy(stall.raw));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);
            lifecycle.replay(product);
            awaitLive(runtime, 2);
            leaveCut(product, List.of(1, 2), Duration.ofHours(1), Cut.Afterwards.GO_ON);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(runtime.products())
                            .extracting(ProductStatus::state)
                            .containsExactly(ProductState.PAUSED, ProductState.PAUSED));
            assertThat(lifecycle.status(product))
                    .extracting(GenerationStatus::state)
                    .containsExactly(GenerationState.PAUSED, GenerationState.PAUSED);
            assertThat(lifecycle.plan(product).warnings())
                    .anyMatch(note ->
                            note.contains("generations [1, 2] are paused") && note.contains("`release died.copy`"));

            assertThat(lifecycle.prove(product, List.of(), Progress.SILENT).holds())
                    .isTrue();

            leaveCut(product, List.of(1, 2), Duration.ofMillis(200), Cut.Afterwards.GO_ON);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(lifecycle.status(product))
                            .as("the order is there, and its lease is over")
                            .allSatisfy(status -> {
                                assertThat(status.state()).isEqualTo(GenerationState.LIVE);
                                assertThat(status.cut()).isEmpty();
                            }));
            assertThat(lifecycle.plan(product).warnings()).noneMatch(note -> note.contains("are paused"));
            lifecycle.retire(new Generation(product, 2), Progress.SILENT);
        }
    }

    /** Brokers know a static member by the client id of the process that joined first under its name. */
    @Test
    void aNamedInstanceOnANewDiskIsCutAndPromotedLikeAnyOther() {
        Stall stall = new Stall("moved");
        ProductName product = ProductName.of("moved.totals");
        try (Lifecycle lifecycle = Lifecycle.connect(settings("operator"));
                MeshRuntime replaced = runNamed("lost-disk", totals(stall))) {
            awaitLive(replaced, 1);
            write(stall);
            awaitCaughtUp(lifecycle, product, 1);
            lifecycle.replay(product);
            awaitCaughtUp(lifecycle, product, 2);
            try (MeshRuntime runtime = runNamed("new-disk", totals(stall))) {
                awaitLive(runtime, 2);
                awaitCaughtUp(lifecycle, product, 2);
                assertThat(lifecycle
                                .verify(product, OptionalInt.empty(), List.of(), Progress.SILENT)
                                .agrees())
                        .isTrue();

                Promotion promotion = lifecycle.promote(product, OptionalInt.empty(), false, Progress.SILENT);

                assertThat(promotion.to()).isEqualTo(2);
                write(stall);
                awaitCaughtUp(lifecycle, product, 2);
                assertThat(runtime.products())
                        .allSatisfy(status -> assertThat(status.waitingFor()).isEmpty());
            }
        }
    }

    @Test
    void aProofSaysThatItsCandidateFailedInItsProcess() {
        Stall stall = new Stall("failing");
        AtomicBoolean broken = new AtomicBoolean();
        StreamingProduct product = stall.totals(stall.raw, item -> {
            if (broken.get()) {
                throw new IllegalStateException("of a record: 4711");
            }
            return item;
        });
        ProductName name = product.product().name();
        try (MeshRuntime runtime = run(product);
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);
            write(stall);
            awaitCaughtUp(lifecycle, name, 1);
            broken.set(true);

            LifecycleException failed = catchThrowableOfType(
                    LifecycleException.class, () -> lifecycle.prove(name, List.of(), Progress.SILENT));

            assertThat(failed.exitCode()).isEqualTo(ExitCode.BUG);
            assertThat(failed)
                    .hasMessageContainingAll(
                            "failing.totals.g2: its process failed at",
                            "a bug behind the intake (java.lang.IllegalStateException",
                            "`abort failing.totals` gives it up")
                    .hasMessageNotContaining("4711");
            GenerationStatus status = lifecycle.status(name).get(1);
            assertThat(status.state()).isEqualTo(GenerationState.STOPPED);
            assertThat(status.processes()).isZero();
            assertThat(status.failure()).isPresent();
            assertThat(lifecycle.status(name).get(0).failure()).isEmpty();
        }
        broken.set(false);
        try (MeshRuntime runtime = run(product);
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 2);
            assertThat(lifecycle.status(name).get(1).failure())
                    .as("it runs again")
                    .isEmpty();
        }
    }

    @Test
    void aProofDoesNotWaitForEverForACandidateThatNobodyRuns() {
        Stall stall = new Stall("left");
        ProductName product = ProductName.of("left.copy");
        Settings settings = settings("operator");
        try (Lifecycle lifecycle = Lifecycle.connect(settings);
                Admin admin = Admin.create(settings.admin())) {
            try (MeshRuntime runtime = run(stall.copy(stall.raw))) {
                awaitLive(runtime, 1);
                lifecycle.replay(product);
                awaitLive(runtime, 2);
            }
            Duration impatient = Duration.ofSeconds(1);
            Prover prover = new Prover(
                    settings,
                    new CandidateStarter(admin, settings),
                    new StatusReader(admin, settings),
                    new Retirer(admin, settings, impatient),
                    impatient,
                    Progress.SILENT);

            LifecycleException left = catchThrowableOfType(
                    LifecycleException.class,
                    () -> prover.prove(
                            product,
                            candidate -> lifecycle.verify(product, OptionalInt.empty(), List.of(), Progress.SILENT)));

            assertThat(left.exitCode()).isEqualTo(ExitCode.PLATFORM);
            assertThat(left)
                    .hasMessageContaining("left.copy.g2: no process has run it for 1 s; start it again with build");
        }
    }

    @Test
    void aPlanTellsWhatIsReadWhatItTakesAndWhoReadsOn() {
        Stall stall = new Stall("planned");
        Stall reader = new Stall("planned-reader");
        try (MeshRuntime runtime = run(
                        stall.copy(stall.raw),
                        totals(stall),
                        reader.firstItems(stall.baskets),
                        reader.firsts(stall.baskets));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 4);
            write(stall);
            awaitCaughtUp(lifecycle, ProductName.of("planned.copy"), 1);
            awaitCaughtUp(lifecycle, ProductName.of("planned-reader.first-items"), 1);

            Plan plan = lifecycle.plan(ProductName.of("planned.copy"));

            assertThat(plan.isPossible()).isTrue();
            assertThat(plan.warnings()).isEmpty();
            assertThat(plan.next()).isEqualTo(Generation.of("planned.copy.g2"));
            assertThat(plan.inputs()).singleElement().satisfies(input -> {
                assertThat(input.topic()).isEqualTo("planned.raw.v1");
                assertThat(input.partitions()).isEqualTo(2);
                assertThat(input.records()).isEqualTo(BASKETS);
                assertThat(input.bytes().orElseThrow()).isPositive();
            });
            assertThat(plan.bytes().orElseThrow()).isPositive();
            assertThat(plan.at(30).estimated()).contains(Duration.ofSeconds(2));
            assertThat(plan.downstream())
                    .extracting(Downstream::product, Downstream::reads, Downstream::exemptions)
                    .containsExactlyInAnyOrder(
                            tuple(
                                    ProductName.of("planned-reader.first-items"),
                                    List.of("planned.baskets.v1"),
                                    List.of()),
                            tuple(
                                    ProductName.of("planned-reader.firsts"),
                                    List.of("planned.baskets.v1"),
                                    List.of(WANTED)));
            assertThat(plan.downstream())
                    .allSatisfy(one -> assertThat(one.reach()).hasValueSatisfying(reach -> {
                        assertThat(reach.corrections()).isEmpty();
                        assertThat(reach.atMost()).isGreaterThanOrEqualTo(BASKETS);
                    }));
            assertThat(lifecycle.plan(ProductName.of("planned-reader.firsts")).exemptions())
                    .containsExactly(WANTED);

            ProductName product = ProductName.of("planned.copy");
            lifecycle.replay(product);
            awaitCaughtUp(lifecycle, product, 2);
            byte @Nullable [] deletion = null;
            broker.write(new ProducerRecord<>(
                    stall.baskets.address().topic(), "b3".getBytes(StandardCharsets.UTF_8), deletion));

            List<Downstream> readers =
                    lifecycle.readers(lifecycle.verify(product, OptionalInt.empty(), List.of(), Progress.SILENT));

            assertThat(readers)
                    .extracting(one -> one.reach().orElseThrow().corrections())
                    .containsExactly(OptionalLong.of(1), OptionalLong.of(1));
            assertThat(lifecycle.plan(product).downstream()).isEqualTo(readers);
        }
    }

    @Test
    void aHistoryThatIsNotCompleteOrAnInputThatIsGoneIsRefused() throws Exception {
        Stall stall = new Stall("forgetful");
        ProductName product = ProductName.of("forgetful.copy");
        try (Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            try (MeshRuntime runtime = run(stall.copy(stall.raw))) {
                awaitLive(runtime, 1);
                write(stall);
                awaitCaughtUp(lifecycle, product, 1);
            }
            broker.admin()
                    .deleteRecords(Map.of(new TopicPartition("forgetful.raw.v1", 0), RecordsToDelete.beforeOffset(3)))
                    .all()
                    .get();

            assertThat(lifecycle.plan(product).refusals())
                    .singleElement()
                    .asString()
                    .contains("input forgetful.raw.v1", "partition 0 begins at offset 3", "compacted topic");
            assertThat(catchThrowableOfType(LifecycleException.class, () -> lifecycle.replay(product))
                            .exitCode())
                    .isEqualTo(ExitCode.CONFIGURATION);
            assertThat(roles(product)).containsExactly(Role.SERVING);
            assertThat(lifecycle.status(product).get(0).state()).isEqualTo(GenerationState.STOPPED);

            broker.admin().deleteTopics(List.of("forgetful.raw.v1")).all().get();
            await().atMost(TIMEOUT).until(() -> !topics().contains("forgetful.raw.v1"));

            assertThat(lifecycle.plan(product).refusals())
                    .singleElement()
                    .asString()
                    .contains("input forgetful.raw.v1: does not exist");
            assertThat(lifecycle.status(product).get(0).caughtUp()).isFalse();
        }
    }

    @Test
    void whatNeverRanIsNamedWithWhatDid() {
        Stall stall = new Stall("known");
        try (MeshRuntime runtime = run(stall.copy(stall.raw));
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"))) {
            awaitLive(runtime, 1);

            assertThat(catchThrowableOfType(
                            LifecycleException.class, () -> lifecycle.status(ProductName.of("known.other"))))
                    .hasMessageContainingAll("there is no topic known.other.mesh.control", "known.copy");
            assertThat(catchThrowableOfType(
                            LifecycleException.class, () -> lifecycle.plan(ProductName.of("unknown.copy"))))
                    .hasMessageContaining("there is no topic unknown.copy.mesh.control");
            assertThat(lifecycle.status())
                    .extracting(GenerationStatus::generation)
                    .contains(Generation.of("known.copy.g1"));
        }
    }

    private static StreamingProduct totals(Stall stall) {
        return stall.totals(stall.raw, UnaryOperator.identity());
    }

    private static void write(Stall stall) {
        write(stall, 0, BASKETS);
    }

    private static void write(Stall stall, int from, int to) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            records.add(stall.record(registry, "b" + i, basket(NOON.plusSeconds(i), "sku-" + i % 7, i)));
        }
        broker.writeAll(records);
    }

    private void decide(ProductName product, UnaryOperator<ProductLifecycle> decision) {
        try (ControlWriter writer =
                ControlWriter.take(product, settings("operator").client())) {
            writer.decide(decision);
        }
    }

    /** As a command does that dies then. */
    private void leaveCut(ProductName product, List<Integer> generations, Duration lease, Cut.Afterwards afterwards) {
        decide(product, now -> now.cut(Cut.freeze("left-behind", generations, lease, afterwards, Instant.now())));
    }

    private List<Role> roles(ProductName product) {
        return ControlSnapshot.read(List.of(product), settings("operator").client())
                .lifecycle(product)
                .orElseThrow()
                .generations()
                .stream()
                .map(one -> one.role())
                .toList();
    }

    private static Progress steps(List<String> said) {
        return steps((Consumer<String>) said::add);
    }

    /** Whatever hears each step may do something in between. */
    private static Progress steps(Consumer<String> heard) {
        return new Progress() {
            @Override
            public void step(String what) {
                heard.accept(what);
            }

            @Override
            public void progress(long done, long total) {
                assertThat(done).isLessThanOrEqualTo(total);
            }
        };
    }

    private MeshRuntime run(StreamingProduct... products) {
        return MeshRuntime.start(settings("service"), List.of(products));
    }

    private MeshRuntime runNamed(String disk, StreamingProduct product) {
        Map<String, String> named = new HashMap<>(properties(disk));
        named.put("mesh.instance.id", "one");
        return MeshRuntime.start(Settings.of(named, Map.of()), List.of(product));
    }

    private Settings settings(String disk) {
        return Settings.of(properties(disk), Map.of());
    }

    private Map<String, String> properties(String disk) {
        return Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "schema.registry.url", registry.url(),
                "mesh.state.dir", directory.resolve(disk).toString());
    }

    private static void awaitLive(MeshRuntime runtime, int generations) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(runtime.products())
                        .hasSize(generations)
                        .allSatisfy(product -> assertThat(product.state()).isEqualTo(ProductState.LIVE)));
    }

    private static void awaitCaughtUp(Lifecycle lifecycle, ProductName product, int number) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(lifecycle.status(product).get(number - 1))
                        .satisfies(status -> {
                            assertThat(status.state()).isEqualTo(GenerationState.LIVE);
                            assertThat(status.done()).isEqualTo(status.target()).isPositive();
                            assertThat(status.partitions())
                                    .allSatisfy(partition ->
                                            assertThat(partition.lag()).isZero());
                        }));
    }

    private static void create(String... topics) {
        List<NewTopic> wanted = new ArrayList<>();
        for (String topic : topics) {
            wanted.add(new NewTopic(topic, Optional.of(1), Optional.empty()));
        }
        broker.admin()
                .createTopics(wanted)
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        // They are created before the broker that is asked for all topics knows of them.
        await().atMost(TIMEOUT)
                .until(() -> broker.admin().listTopics().names().get().containsAll(List.of(topics)));
    }

    /** Without catalogues, which processes make on the side. */
    private static Set<String> topics() throws Exception {
        Set<String> topics = new TreeSet<>(broker.admin().listTopics().names().get());
        topics.removeIf(topic -> topic.endsWith(".mesh.catalog"));
        return topics;
    }

    private static Set<String> groups() throws Exception {
        Set<String> groups = new TreeSet<>();
        for (GroupListing group : broker.admin().listGroups().all().get()) {
            groups.add(group.groupId());
        }
        return groups;
    }

    private List<String> localState() throws Exception {
        try (Stream<Path> found = Files.walk(directory.resolve("service"))) {
            return found.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    private static GenerationRecord ofAnotherBuild(GenerationRecord serving, int number) {
        return GenerationRecord.begun(
                number,
                Role.CANDIDATE,
                Computation.of("another-build", serving.fingerprint(), serving.exemptions()),
                serving.ports(),
                serving.history());
    }

    private static KafkaConsumer<byte[], byte[]> memberOf(Generation generation, String topic) {
        KafkaConsumer<byte[], byte[]> member = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "group.id",
                        generation.applicationId(),
                        "client.id",
                        "asleep",
                        "enable.auto.commit",
                        "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        member.subscribe(List.of(topic));
        await().atMost(TIMEOUT).until(() -> {
            member.poll(Duration.ofMillis(100));
            return !member.assignment().isEmpty();
        });
        return member;
    }
}
