package io.kappamesh.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.contract.ProductName;
import io.kappamesh.fixture.Products;
import io.kappamesh.level.Bucket;
import io.kappamesh.level.Counts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String PRODUCT = "product/sales.orders";
    private static final String STATE = "state/sales.orders/me";

    private final Announcements said = new Announcements("me");

    @Test
    void whoServesDescribesTheProductAndSaysWhatItRuns() {
        assertThat(due(serving("one", 0), 0)).containsExactly(PRODUCT, STATE);
    }

    @Test
    void nothingIsSaidTwiceUntilTheHeartbeatIsDue() {
        due(serving("one", 0), 0);

        assertThat(due(serving("one", 0), 1)).isEmpty();
        assertThat(due(serving("one", 0), 29)).isEmpty();
        assertThat(due(serving("one", 0), 30)).containsExactly(STATE);
        assertThat(due(serving("one", 0), 59)).isEmpty();
        assertThat(due(serving("one", 0), 60)).containsExactly(STATE);
    }

    @Test
    void figuresThatChangeWaitAndStatesDoNot() {
        due(serving("one", 0), 0);

        assertThat(due(serving("one", 7), 9)).isEmpty();
        assertThat(due(serving("one", 7), 10)).containsExactly(STATE);
        assertThat(due(publication("one", "PAUSED", "SERVING", 7), 11)).containsExactly(STATE);
    }

    @Test
    void aDescriptionIsWrittenAnewWhenItChangesAndOnceADay() {
        due(serving("one", 0), 0);

        assertThat(due(serving("two", 0), 1)).contains(PRODUCT);
        assertThat(due(serving("two", 0), 24 * 3600)).doesNotContain(PRODUCT);
        assertThat(due(serving("two", 0), 24 * 3600 + 1)).contains(PRODUCT);
    }

    @Test
    void aCandidateDescribesNothingThatIsDescribedAlready() {
        said.begin(
                new CatalogSnapshot(
                        new TreeMap<>(Map.of(ProductName.of("sales.orders"), description("served"))),
                        List.of(),
                        List.of()),
                List.of(),
                NOON);

        assertThat(due(publication("mine", "REPLAYING", "CANDIDATE", 0), 0)).containsExactly(STATE);
    }

    @Test
    void whoHasNothingToServeYetDescribesWhatNobodyHasDescribed() {
        Publication waiting = new Publication(description(null), "WAITING", NOON, List.of());

        assertThat(due(waiting, 0)).containsExactly(PRODUCT, STATE);
        assertThat(due(waiting, 1)).isEmpty();
    }

    /** In between another build may have served and described itself. */
    @Test
    void whoServesAgainDescribesTheProductAgain() {
        due(serving("one", 0), 0);
        due(publication("one", "LIVE", "CANDIDATE", 0), 1);

        assertThat(due(serving("one", 0), 2)).containsExactly(PRODUCT, STATE);
    }

    @Test
    void whatWasNotWrittenIsDueAgain() {
        due(serving("one", 0), 0);

        said.failed(PRODUCT);
        said.failed(STATE);

        assertThat(due(serving("one", 0), 1)).containsExactly(PRODUCT, STATE);
    }

    @Test
    void whoLeavesTakesItsStatesBack() {
        due(serving("one", 0), 0);

        assertThat(said.leave()).singleElement().satisfies(record -> {
            assertThat(key(record)).isEqualTo(STATE);
            assertThat(record.value()).isNull();
            assertThat(record.topic()).isEqualTo("sales.mesh.catalog");
        });
    }

    @Test
    void whatProcessesLeftThatDiedIsClearedAwayAndNothingElse() {
        CatalogSnapshot there = new CatalogSnapshot(
                new TreeMap<>(),
                List.of(
                        heard("sales.orders", "dead", NOON.minusSeconds(601)),
                        heard("sales.orders", "alive", NOON.minusSeconds(599)),
                        heard("sales.others", "dead", NOON.minusSeconds(601))),
                List.of());

        assertThat(said.begin(there, List.of(serving("one", 0)), NOON))
                .extracting(AnnouncementsTest::key)
                .containsExactly("state/sales.orders/dead");
    }

    /** After a promotion in one process the generation that served before has counted for days; nothing of it may be lost. */
    @Test
    void whatEachGenerationHasCountedStandsByItselfAndStays() {
        due(counting(Map.of("one", counts(NOON, 20))), 0);

        assertThat(due(counting(Map.of("one", counts(NOON, 20), "two", counts(NOON, 1))), 1))
                .containsExactly("levels/sales.orders/two");
        assertThat(due(counting(Map.of("two", counts(NOON, 2))), 31))
                .contains("levels/sales.orders/two")
                .doesNotContain("levels/sales.orders/one");
        assertThat(said.leave())
                .extracting(AnnouncementsTest::key)
                .containsExactlyInAnyOrder(STATE, "levels/sales.orders/one", "levels/sales.orders/two");
    }

    @Test
    void countsThatWereNotWrittenAreDueAgain() {
        due(counting(Map.of("one", counts(NOON, 20))), 0);

        said.failed("levels/sales.orders/one");

        assertThat(due(counting(Map.of("one", counts(NOON, 20))), 1)).containsExactly("levels/sales.orders/one");
    }

    @Test
    void aStateIsStaleWhenThreeHeartbeatsAreMissing() {
        HeardState heard = heard("sales.orders", "any", NOON);

        assertThat(heard.isStale(NOON.plus(Duration.ofSeconds(90)))).isFalse();
        assertThat(heard.isStale(NOON.plus(Duration.ofSeconds(91)))).isTrue();
        assertThat(heard.isStale(NOON.minus(Duration.ofHours(1)))).isFalse();
    }

    private List<String> due(Publication publication, long second) {
        return said.due(List.of(publication), NOON.plusSeconds(second)).stream()
                .map(AnnouncementsTest::key)
                .toList();
    }

    private static String key(ProducerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static HeardState heard(String product, String process, Instant at) {
        return new HeardState(new ProcessState(product, process, "LIVE", NOON.toString(), 30, List.of()), at);
    }

    private static Publication counting(Map<String, Counts> counts) {
        Publication serving = serving("one", 0);
        return new Publication(
                serving.description(), serving.state(), serving.startedAt(), serving.generations(), counts, false);
    }

    private static Counts counts(Instant until, double seconds) {
        return new Counts(
                until.toString(),
                1,
                List.of(new Counts.Count("sales.orders.v1", "freshness", List.of(new Bucket(1, 1, seconds, seconds)))));
    }

    private static Publication serving(String build, long lag) {
        return publication(build, "LIVE", "SERVING", lag);
    }

    private static Publication publication(String build, String state, String role, long lag) {
        return new Publication(
                description(build),
                state,
                NOON,
                List.of(new RunningGeneration(
                        1,
                        role,
                        state,
                        build,
                        RunningGeneration.Figures.NONE,
                        List.of(new RunningGeneration.Input("sales.raw.v1", lag, 0, null)))));
    }

    private static ProductDescription description(String build) {
        return ProductDescription.of(
                Products.product(
                        "sales.orders",
                        Products.source("sales.raw.v1").build(),
                        Products.table("sales.orders.v1").build()),
                build,
                "0.1.0",
                Map.of());
    }
}
