package io.kappamesh.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.kappamesh.catalog.CatalogPublisher;
import io.kappamesh.catalog.CatalogSnapshot;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.Publication;
import io.kappamesh.catalog.RunningGeneration;
import io.kappamesh.contract.ProductName;
import io.kappamesh.fixture.CapturedOutput;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.Stall;
import io.kappamesh.fixture.TestMesh;
import io.kappamesh.level.Bucket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a process says of its products in the catalogue. Each test has a domain of its own. */
@Timeout(180)
class CatalogIT {
    @RegisterExtension
    static final TestMesh MESH = TestMesh.create();

    @Test
    void aProductIsDescribedWhileItRunsAndItsStateGoesWithItsProcess() throws Exception {
        Stall stall = new Stall("shown");
        ProductName copy = ProductName.of("shown.copy");
        try (MeshRuntime runtime = MESH.run("first", stall.copy(stall.raw))) {
            assertThat(runtime.products()).hasSize(1);
            MESH.writePens(stall, 0, 5);
            await().atMost(TestMesh.TIMEOUT).ignoreExceptions().untilAsserted(() -> {
                CatalogSnapshot shown = catalog("shown");
                assertThat(shown.descriptions().get(copy)).satisfies(description -> {
                    assertThat(description.software().build()).isEqualTo("first");
                    assertThat(description.outputs().get(0).records().schemaId())
                            .isPositive();
                });
                assertThat(shown.states())
                        .singleElement()
                        .satisfies(heard -> assertThat(heard.state().generations())
                                .singleElement()
                                .satisfies(serving -> {
                                    assertThat(serving.isServing()).isTrue();
                                    assertThat(serving.state()).isEqualTo("LIVE");
                                    assertThat(serving.inputs())
                                            .extracting(RunningGeneration.Input::topic)
                                            .containsExactly("shown.raw.v1");
                                    assertThat(serving.inputs().get(0).lastReadAt())
                                            .isNotNull();
                                    assertThat(serving.figures().recordsIn()).isEqualTo(5);
                                    assertThat(serving.figures().newestEventTime())
                                            .isEqualTo("1995-03-15T12:00:04Z");
                                }));
            });
            assertThat(text("shown"))
                    .as("nothing of the settings")
                    .doesNotContain("localhost", MESH.directory().toString());
        }

        await().atMost(TestMesh.TIMEOUT).ignoreExceptions().untilAsserted(() -> {
            CatalogSnapshot left = catalog("shown");
            assertThat(left.states()).isEmpty();
            assertThat(left.descriptions()).containsOnlyKeys(copy);
        });
    }

    @Test
    void aCandidateOfAnotherBuildIsShownBesideWhatServesAndDescribesTheProductWhenItServes() throws Exception {
        Stall stall = new Stall("twice");
        MESH.run("old", stall.copy(stall.raw));
        MESH.replay("new", stall.copy(stall.raw));

        await().atMost(TestMesh.TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(catalog("twice").states())
                        .flatExtracting(heard -> heard.state().generations())
                        .extracting(RunningGeneration::build, RunningGeneration::role)
                        .containsExactlyInAnyOrder(tuple("old", "SERVING"), tuple("new", "CANDIDATE")));
        assertThat(catalog("twice")
                        .descriptions()
                        .firstEntry()
                        .getValue()
                        .software()
                        .build())
                .isEqualTo("old");
    }

    /** Each process has a record of its own, which stays: a restart forgets nothing. */
    @Test
    void whatIsCountedOfLevelsOfServiceOutlivesItsProcesses() throws Exception {
        Stall stall = new Stall("levels");
        try (MeshRuntime first = MESH.run("first", stall.copy(stall.raw))) {
            assertThat(first.products()).hasSize(1);
            MESH.writePens(stall, 0, 5);
            await().atMost(TestMesh.TIMEOUT).until(() -> measured("levels") > 0);
        }
        double before = measured("levels");
        try (MeshRuntime second = MESH.run("first", stall.copy(stall.raw))) {
            assertThat(second.products()).hasSize(1);
            await().atMost(TestMesh.TIMEOUT)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(catalog("levels").levels()).hasSize(2));
        }

        assertThat(measured("levels")).isGreaterThan(before);
        assertThat(catalog("levels").counts(ProductName.of("levels.copy"))).hasSize(2);
    }

    private static double measured(String domain) throws Exception {
        return catalog(domain).levels().stream()
                .flatMap(one -> one.counts().counts().stream())
                .filter(one -> one.measure().startsWith("freshness"))
                .flatMap(one -> one.buckets().stream())
                .mapToDouble(Bucket::all)
                .sum();
    }

    /** What somebody else made of the topic, and what another version wrote into it. */
    @Test
    void aTopicThatIsNotAsItShouldBeStopsNothing() throws Exception {
        Stall stall = new Stall("odd");
        MESH.broker()
                .admin()
                .createTopics(List.of(new NewTopic("odd.mesh.catalog", 3, (short) 1)))
                .all()
                .get();
        MESH.broker()
                .write(new ProducerRecord<>(
                        "odd.mesh.catalog", "product/odd.copy".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2}));
        try (CapturedOutput output = new CapturedOutput()) {
            MESH.run("first", stall.copy(stall.raw));

            await().atMost(TestMesh.TIMEOUT)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(catalog("odd").states()).hasSize(1));
            assertThat(catalog("odd").descriptions()).hasSize(1);
            assertThat(output.text()).contains("topic odd.mesh.catalog: cleanup.policy must be compact but is delete");
        }
    }

    @Test
    void whoMayNotWriteIsToldOnceAndGoesOn() throws Exception {
        InJvmBroker secured = InJvmBroker.startSecured(List.of("nobody"));
        Stall stall = new Stall("denied");
        ProductDescription description =
                ProductDescription.of(stall.copy(stall.raw).product(), "b", "0", Map.of());
        Map<String, Object> client = new HashMap<>(secured.securedClient("nobody"));
        try (CapturedOutput output = new CapturedOutput();
                Admin admin = Admin.create(client);
                CatalogPublisher publisher = new CatalogPublisher(
                        admin,
                        client,
                        () -> List.of(new Publication(description, "LIVE", Instant.EPOCH, List.of())),
                        (product, counts) -> {},
                        Clock.systemUTC())) {
            publisher.start(() -> true);

            await().atMost(TestMesh.TIMEOUT).until(() -> output.text().contains("grant Create, Read and Write"));
            assertThat(output.text())
                    .contains("Products of denied run, and cannot be written into the catalogue denied.mesh.catalog");
        } finally {
            secured.stop();
        }
    }

    /** What other processes have counted meanwhile. The clock is the test's: only it says when ten minutes are over. */
    @Test
    void whoServesReadsTheCatalogueAgainEveryTenMinutes() throws Exception {
        Stall stall = new Stall("reread");
        RunningGeneration serving = new RunningGeneration(
                1, RunningGeneration.SERVING, "LIVE", "b", RunningGeneration.Figures.NONE, List.of());
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T10:00:00Z"));
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger reads = new AtomicInteger();
        ProductDescription description =
                ProductDescription.of(stall.copy(stall.raw).product(), "b", "0", Map.of());
        Map<String, Object> client = MESH.settings("any").client();
        try (Admin admin = Admin.create(client);
                CatalogPublisher publisher = new CatalogPublisher(
                        admin,
                        client,
                        () -> {
                            looks.incrementAndGet();
                            return List.of(new Publication(description, "LIVE", Instant.EPOCH, List.of(serving)));
                        },
                        (product, counts) -> reads.incrementAndGet(),
                        clock(now))) {
            publisher.start(() -> true);
            await().atMost(TestMesh.TIMEOUT).until(() -> reads.get() == 1);
            awaitThreeLooksMore(looks);
            assertThat(reads).as("nothing has changed").hasValue(1);

            now.updateAndGet(time -> time.plus(Duration.ofMinutes(10).minusMillis(1)));
            awaitThreeLooksMore(looks);
            assertThat(reads).as("not yet").hasValue(1);

            now.updateAndGet(time -> time.plusMillis(1));
            await().atMost(TestMesh.TIMEOUT).until(() -> reads.get() == 2);
            awaitThreeLooksMore(looks);
            assertThat(reads).as("once").hasValue(2);
        }
    }

    private static void awaitThreeLooksMore(AtomicInteger looks) {
        int before = looks.get();
        await().atMost(TestMesh.TIMEOUT).until(() -> looks.get() >= before + 3);
    }

    private static Clock clock(AtomicReference<Instant> now) {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now.get();
            }
        };
    }

    private static CatalogSnapshot catalog(String domain) throws Exception {
        return CatalogSnapshot.read(
                MESH.broker().admin(), List.of(domain), MESH.settings("any").client());
    }

    private static String text(String domain) {
        StringBuilder text = new StringBuilder();
        MESH.broker()
                .committed(domain + ".mesh.catalog")
                .forEach(record ->
                        text.append(record.value() == null ? "" : new String(record.value(), StandardCharsets.UTF_8)));
        return text.toString();
    }
}
