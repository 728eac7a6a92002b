package io.kappamesh.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kappamesh.contract.OutputPort;
import io.kappamesh.fixture.ManualClock;
import io.kappamesh.fixture.Products;
import io.kappamesh.level.Bucket;
import io.kappamesh.level.Counts;
import io.kappamesh.level.Objective;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class LevelMetersTest {
    private static final String PORT = "sales.orders.v1";
    private static final Optional<Duration> NOW = Optional.of(Duration.ZERO);
    private static final Optional<Duration> LATE = Optional.of(Duration.ofSeconds(6));
    private static final Optional<Duration> NEVER = Optional.empty();

    private final ManualClock clock = new ManualClock();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final OutputPort<GenericRecord> port = Products.table(PORT)
            .freshWithin(Duration.ofSeconds(5))
            .objective(Objective.completeness(0.9))
            .objective(Objective.validity(0.9))
            .objective(Objective.delay(Duration.ofHours(1), 0.9))
            .objective(Objective.volume(1, 100, 0.9))
            .build();
    private long nanos;
    private final LevelMeters meters =
            new LevelMeters(List.of(port), registry, Tags.of("product", "sales.orders"), clock, 0);

    @Test
    void timeIsCountedForEachPartition() {
        tick(0, true, true, List.of(NOW, NOW));
        tick(10, true, true, List.of(NOW, LATE));
        tick(10, true, true, List.of(NOW, NOW));

        assertThat(counted("freshness within PT5S")).isEqualTo(new Sum(30, 40));
        assertThat(registry.scrape())
                .contains(
                        "mesh_level_good_total{level=\"freshness\",port=\"sales.orders.v1\",product=\"sales.orders\"} 30.0",
                        "mesh_level_measured_total{level=\"freshness\",port=\"sales.orders.v1\",product=\"sales.orders\"} 40.0",
                        "mesh_level_state{level=\"freshness\",port=\"sales.orders.v1\",product=\"sales.orders\"} 2.0");
        assertThat(registry.get("mesh.level.budget.spent")
                        .tag("level", "freshness")
                        .gauge()
                        .value())
                .isEqualTo(25, within(1e-6));
    }

    /** Nothing comes, and nothing is missing. */
    @Test
    void whereNothingComesThePortIsFresh() {
        tick(0, true, true, List.of(NOW));
        tick(3_600, true, true, List.of(NOW));

        assertThat(counted("freshness within PT5S")).isEqualTo(new Sum(3_600, 3_600));
        assertThat(registry.scrape())
                .contains(
                        "mesh_level_state{level=\"freshness\",port=\"sales.orders.v1\",product=\"sales.orders\"} 0.0");
    }

    /** Seven years of events in an hour are neither late nor too many. */
    @Test
    void historyCountsForNothing() {
        tick(0, true, false, List.of(NEVER));
        meters.told(Map.of());
        meters.published(PORT, 0);
        meters.admitted();
        meters.refused();
        tick(600, true, false, List.of(NEVER));
        assertThat(meters.counts()).isEmpty();
        tick(1, true, true, List.of(NOW));
        meters.published(PORT, clock.millis());
        tick(1, true, true, List.of(NOW));

        assertThat(counted("freshness within PT5S").all()).isLessThanOrEqualTo(2);
        assertThat(counted("volume")).isEqualTo(new Sum(1, 1));
        assertThat(counted("delay within PT1H")).isEqualTo(new Sum(1, 1));
        assertThat(registry.scrape())
                .contains(
                        "mesh_level_state{level=\"completeness\",port=\"sales.orders.v1\",product=\"sales.orders\"} NaN");
    }

    /** A process that starts again and has hours to catch up with is late, although it has never caught up itself. */
    @Test
    void catchingUpAfterARestartIsNotFreshAndNeitherIsTheTimeInWhichNobodyRan() {
        tick(0, true, false, List.of(NEVER, NOW));
        tick(5, true, false, List.of(NEVER, NOW));
        meters.told(before(Duration.ofSeconds(100 + 5)));
        tick(5, true, false, List.of(NEVER, NOW));

        // 100 s without a process, of which one of two partitions has work since; and ten of catching up.
        assertThat(counted("freshness within PT5S")).isEqualTo(new Sum(110, 220));
    }

    @Test
    void aPauseInWhichNothingCameWasFresh() {
        tick(0, true, true, List.of(NOW, NOW));
        meters.told(before(Duration.ofHours(10)));
        tick(1, true, true, List.of(NOW, NOW));

        Sum fresh = counted("freshness within PT5S");
        assertThat(fresh.good()).isEqualTo(fresh.all());
        assertThat(fresh.all()).isEqualTo(2 * 36_000.0 + 2, within(1e-6));
    }

    @Test
    void whatIsToldOfEarlierProcessesCountsOnce() {
        tick(0, true, false, List.of(NOW));
        meters.told(before(Duration.ofSeconds(100)));
        meters.told(before(Duration.ofDays(3)));
        tick(1, true, false, List.of(NOW));

        assertThat(counted("freshness within PT5S")).isEqualTo(new Sum(101, 101));
    }

    /** A candidate's own counts begin with its promotion; what nobody counted before is not its fault. */
    @Test
    void aCandidateCountsNothingUntilItServes() {
        tick(0, false, true, List.of(NOW));
        meters.refused();
        tick(600, false, true, List.of(NOW));
        assertThat(meters.counts()).isEmpty();
        tick(1, true, true, List.of(NOW));
        meters.told(before(Duration.ofHours(5)));
        tick(1, true, true, List.of(NOW));

        assertThat(counted("freshness within PT5S")).isEqualTo(new Sum(2, 2));
        assertThat(counted("completeness")).isEqualTo(new Sum(0, 0));
    }

    @Test
    void recordsAreGoodIfTheyAreTakenTimelyAndAsPromised() {
        tick(0, true, true, List.of(NOW));
        for (int i = 0; i < 8; i++) {
            meters.admitted();
            meters.published(PORT, clock.millis());
        }
        meters.refused();
        meters.refused();
        meters.published(PORT, clock.millis() - Duration.ofMinutes(61).toMillis());
        meters.broken(PORT);
        meters.published("sales.other.v1", 0);
        tick(1, true, true, List.of(NOW));

        assertThat(counted("completeness")).isEqualTo(new Sum(8, 10));
        assertThat(counted("delay within PT1H")).isEqualTo(new Sum(8, 9));
        assertThat(counted("validity")).isEqualTo(new Sum(8, 9));
        assertThat(counted("volume")).isEqualTo(new Sum(9, 9));
    }

    /** Of a clock that is set back nothing is subtracted, and of one that is set forward no time is counted. */
    @Test
    void aClockThatIsSetMovesWhatIsCountedAndChangesNothingOfIt() {
        tick(0, true, true, List.of(NOW));
        clock.advance(Duration.ofDays(-1));
        tick(1, true, true, List.of(NOW));
        clock.advance(Duration.ofDays(2));
        tick(1, true, true, List.of(NOW));

        assertThat(counted("freshness within PT5S")).isEqualTo(new Sum(2, 2));
    }

    /** A standby has waited for days while others counted: what they have counted until it takes over is no gap. */
    @Test
    void whoTakesOverAsksWhatOthersHaveCountedUntilThenAndCountsNothingOfItAgain() {
        tick(0, true, true, List.of());
        meters.told(before(Duration.ofSeconds(10)));
        tick(3 * 86_400, true, true, List.of());
        assertThat(meters.asks()).isFalse();
        tick(1, true, true, List.of(NOW));
        assertThat(meters.asks()).isTrue();
        meters.told(before(Duration.ofSeconds(20)));
        tick(1, true, true, List.of(NOW));

        assertThat(meters.asks()).isFalse();
        assertThat(counted("freshness within PT5S")).isEqualTo(new Sum(2, 2));
    }

    /** The one that had them died, and its partitions come back after two minutes. */
    @Test
    void whoGetsPartitionsBackCountsTheTimeInWhichNobodyDid() {
        tick(0, true, true, List.of(NOW));
        meters.told(Map.of());
        tick(1, true, true, List.of(NOW));
        tick(600, true, true, List.of());
        tick(1, true, true, List.of(LATE));
        meters.told(before(Duration.ofMinutes(2)));

        assertThat(counted("freshness within PT5S")).isEqualTo(new Sum(1, 1 + 120 + 1));
    }

    @Test
    void aRebalanceIsNoReasonToAsk() {
        tick(0, true, true, List.of(NOW));
        meters.told(Map.of());
        tick(5, true, true, List.of());
        tick(5, true, true, List.of(NOW));

        assertThat(meters.asks()).isFalse();
    }

    /** Its last word grows old, and somebody else counts: it has nothing to say of the present. */
    @Test
    void whoCountsNoMoreSaysNothingOfTheStateAndKeepsWhatItHasCounted() {
        tick(0, true, true, List.of(NOW));
        tick(100, true, true, List.of(NOW));
        assertThat(state("freshness")).isZero();

        tick(1, false, true, List.of(NOW));
        clock.advance(Duration.ofDays(3));
        assertThat(state("freshness")).as("demoted").isNaN();
        assertThat(registry.get("mesh.level.budget.spent")
                        .tag("level", "freshness")
                        .gauge()
                        .value())
                .isNaN();
        assertThat(counted("freshness within PT5S")).isEqualTo(new Sum(100, 100));

        tick(1, true, true, List.of(NOW));
        assertThat(state("freshness")).isZero();
        tick(1, true, true, List.of());
        assertThat(state("freshness")).as("without partitions").isNaN();
    }

    /** Nobody is silent while he speaks, however late he is asked. */
    @Test
    void whoCountsIsNotSilentItself() {
        tick(0, true, true, List.of(NOW));
        tick(100, true, true, List.of(NOW));
        clock.advance(Duration.ofMinutes(10));

        assertThat(state("freshness")).isZero();
    }

    /** A volume is a sum: each of two processes sees a part of it. */
    @Test
    void aVolumeIsThatOfAllProcesses() {
        tick(0, true, true, List.of(NOW));
        meters.published(PORT, clock.millis());
        tick(1, true, true, List.of(NOW));
        long day = clock.instant().getEpochSecond() / 86_400;
        assertThat(state("volume")).isNaN();
        meters.told(volume(day, 60, 41));
        assertThat(state("volume")).as("60 and 41 and one are too many").isEqualTo(1);

        meters.told(volume(day, 40, 41));
        assertThat(state("volume")).isNaN();
    }

    /** One that is promoted in the same process counts beside the one that served before. */
    @Test
    void eachCountsUnderANameOfItsOwnAndKnowsItself() {
        tick(0, true, true, List.of(NOW));
        tick(100, true, true, List.of(LATE));
        LevelMeters other = new LevelMeters(List.of(port), registry, Tags.of("product", "sales.orders"), clock, nanos);
        other.tick(true, true, List.of(NOW), nanos);
        other.tick(true, true, List.of(NOW), nanos + 300_000_000_000L);
        Map<String, Counts> all = new HashMap<>(meters.counts());
        all.putAll(other.counts());
        assertThat(all).hasSize(2);

        meters.told(all);

        assertThat(registry.get("mesh.level.budget.spent")
                        .tag("level", "freshness")
                        .gauge()
                        .value())
                .as("100 of 400 s, of which one percent may be bad")
                .isEqualTo(25, within(1e-6));
    }

    @Test
    void metersGoWithTheGeneration() {
        meters.remove(registry);

        assertThat(registry.scrape()).doesNotContain("mesh_level");
    }

    private record Sum(double good, double all) {}

    private void tick(int seconds, boolean serves, boolean caughtUp, List<Optional<Duration>> behind) {
        nanos += seconds * 1_000_000_000L;
        clock.advance(Duration.ofSeconds(seconds));
        meters.tick(serves, caughtUp, behind, nanos);
    }

    private Sum counted(String measure) {
        List<Bucket> buckets = meters.counts().values().stream()
                .flatMap(one -> one.counts().stream())
                .filter(one -> one.port().equals(PORT) && one.measure().equals(measure))
                .flatMap(one -> one.buckets().stream())
                .toList();
        return new Sum(
                buckets.stream().mapToDouble(Bucket::good).sum(),
                buckets.stream().mapToDouble(Bucket::all).sum());
    }

    private double state(String level) {
        return registry.get("mesh.level.state").tag("level", level).gauge().value();
    }

    private Map<String, Counts> volume(long day, double... parts) {
        Map<String, Counts> all = new HashMap<>();
        for (double part : parts) {
            all.put(
                    "other-" + part,
                    new Counts(
                            clock.instant().toString(),
                            1,
                            List.of(new Counts.Count(PORT, "volume", List.of(new Bucket(day * 24, 1, part, part))))));
        }
        return all;
    }

    private Map<String, Counts> before(Duration ago) {
        Instant until = clock.instant().minus(ago);
        long hour = until.getEpochSecond() / 3_600;
        return Map.of(
                "other",
                new Counts(
                        until.toString(),
                        2,
                        List.of(new Counts.Count(PORT, "freshness within PT5S", List.of(new Bucket(hour, 1, 1, 1))))));
    }
}
