package io.kappamesh.level;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kappamesh.level.Reading.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingTest {
    private static final Instant NOON = Instant.parse("2026-03-31T12:30:00Z");
    private static final String PORT = "sales.orders.v1";

    private final Tally tally = new Tally();

    @Test
    void whereNothingWasMeasuredNothingIsKnown() {
        Reading reading = read(Objective.completeness(0.99));

        assertThat(reading.state()).isEqualTo(State.UNKNOWN);
        assertThat(reading.share()).isEmpty();
        assertThat(reading.spent()).isZero();
    }

    @Test
    void anObjectiveIsMetWhileTheBudgetLastsAndMissedWhenItIsOverspent() {
        counted(Duration.ofDays(5), 9_900, 10_000);
        assertThat(read(Objective.completeness(0.99)).state()).isEqualTo(State.MET);
        assertThat(read(Objective.completeness(0.99)).spent()).isEqualTo(1, within(1e-9));

        counted(Duration.ofDays(5), 0, 2);
        assertThat(read(Objective.completeness(0.99)).state()).isEqualTo(State.MISSED);
        assertThat(read(Objective.completeness(0.98)).state()).isEqualTo(State.MET);
    }

    @Test
    void whatIsOlderThanTheWindowIsForgiven() {
        counted(Duration.ofDays(8), 0, 1_000);
        counted(Duration.ofDays(1), 1_000, 1_000);

        assertThat(read(Objective.completeness(0.99)).state()).isEqualTo(State.MISSED);
        assertThat(read(Objective.completeness(0.99).over(7)).state()).isEqualTo(State.MET);
    }

    /** With few records the share of a single one is large; it must neither be a miss nor, where the budget is large, a fire. */
    @Test
    void oneBadRecordOfFewIsNoMiss() {
        counted(Duration.ofDays(3), 99, 100);
        assertThat(read(Objective.completeness(0.999)).state()).isEqualTo(State.MET);

        counted(Duration.ofDays(20), 1_000_000, 1_000_000);
        counted(Duration.ofMinutes(10), 0, 1);
        assertThat(read(Objective.completeness(0.999)).state()).isEqualTo(State.MET);
    }

    @Test
    void aTargetOfOneAllowsNothing() {
        counted(Duration.ofDays(3), 999, 1_000);

        assertThat(read(Objective.validity(1)).state()).isEqualTo(State.MISSED);
        assertThat(read(Objective.validity(1)).spent()).isInfinite();
    }

    @Test
    void anHourThatSpendsTooMuchOfTheBudgetIsBurning() {
        counted(Duration.ofDays(20), 100_000, 100_000);
        counted(Duration.ofMinutes(10), 800, 1_000);

        assertThat(read(Objective.completeness(0.99)).state()).isEqualTo(State.BURNING);
        assertThat(read(Objective.completeness(0.99), NOON.plus(Duration.ofDays(3)))
                        .state())
                .isEqualTo(State.MET);
    }

    /** A tenth of the budget in a day, too slowly for any single hour. */
    @Test
    void aDayThatSpendsTooMuchOfTheBudgetIsBurning() {
        counted(Duration.ofDays(20), 100_000, 100_000);
        for (int hour = 3; hour < 24; hour++) {
            counted(Duration.ofHours(hour), 950, 1_000);
        }

        assertThat(read(Objective.completeness(0.99)).state()).isEqualTo(State.BURNING);
    }

    /** A pace of 14.4 cannot be reached where half may be bad: there everything is. */
    @Test
    void alsoALowTargetCanBurn() {
        counted(Duration.ofDays(20), 10_000, 10_000);
        counted(Duration.ofMinutes(10), 0, 1_000);

        assertThat(read(Objective.completeness(0.5)).state()).isEqualTo(State.BURNING);
    }

    @Test
    void aFewBadSecondsAfterAFreshStartAreNoFire() {
        counted(Duration.ofMinutes(10), 3_590, 3_600);

        assertThat(read(Objective.freshness(0.99)).state()).isEqualTo(State.MET);
    }

    @Test
    void daysWithoutRecordsCountForTheVolumeAndTheFirstAndTheLastDoNot() {
        tally.add(Instant.parse("2026-03-20T23:59:00Z"), 1, 1);
        for (int day = 21; day <= 30; day++) {
            if (day != 25) {
                tally.add(Instant.parse("2026-03-" + day + "T00:00:00Z"), 100, 100);
            }
        }
        tally.add(NOON, 3, 3);

        Reading reading = read(Objective.volume(50, 200, 0.8));
        assertThat(reading.all()).isEqualTo(10);
        assertThat(reading.bad()).isEqualTo(1);
        assertThat(reading.state()).isEqualTo(State.MET);
        assertThat(read(Objective.volume(50, 200, 1)).state()).isEqualTo(State.MISSED);
        assertThat(read(Objective.volume(0, 200, 1)).state()).isEqualTo(State.MET);
    }

    @Test
    void aStreamThatIsSilentForLongerThanTheWindowIsNotUnknownButMissed() {
        tally.add(Instant.parse("2026-03-01T10:00:00Z"), 100, 100);

        Reading reading = read(Objective.volume(1, 200, 0.9).over(7));
        assertThat(reading.state()).isEqualTo(State.MISSED);
        assertThat(reading.all()).isEqualTo(7);
    }

    @Test
    void aDayOfTooManyRecordsIsSeenBeforeItIsOver() {
        tally.add(Instant.parse("2026-03-20T10:00:00Z"), 100, 100);
        for (int day = 21; day <= 30; day++) {
            tally.add(Instant.parse("2026-03-" + day + "T00:00:00Z"), 100, 100);
        }
        tally.add(NOON, 900, 900);

        assertThat(read(Objective.volume(50, 200, 0.9)).state()).isEqualTo(State.BURNING);
    }

    /** Each process counts under a name of its own and for itself; restarts forget nothing, and clocks that differ move counts by an hour at the most. */
    @Test
    void theCountsOfProcessesAreAddedUp() {
        Counts first = counts(NOON.minus(Duration.ofDays(2)), new Bucket(hour(NOON) - 48, 1, 90, 100));
        Counts second = counts(NOON, new Bucket(hour(NOON) + 1, 1, 100, 100));

        Reading reading = Counts.reading(List.of(first, second), PORT, Objective.completeness(0.94), NOON);

        assertThat(reading.all()).isEqualTo(200);
        assertThat(reading.bad()).isEqualTo(10);
        assertThat(reading.state()).isEqualTo(State.MET);
    }

    @Test
    void timeInWhichNobodyCountsIsNotFresh() {
        Objective objective = Objective.freshness(0.9).within(Duration.ofSeconds(5));
        Counts last = new Counts(
                NOON.minus(Duration.ofHours(10)).toString(),
                4,
                List.of(new Counts.Count(
                        PORT, objective.measure(), List.of(new Bucket(hour(NOON) - 30, 1, 4 * 3_600.0, 4 * 3_600.0)))));

        Reading stopped = Counts.reading(List.of(last), PORT, objective, NOON);
        assertThat(stopped.bad()).isEqualTo(4 * 36_000.0, within(1e-6));
        assertThat(stopped.state()).isEqualTo(State.MISSED);
        assertThat(Counts.reading(List.of(last), PORT, objective, last.at().plusSeconds(100))
                        .bad())
                .isZero();
    }

    @Test
    void whatWasCountedUnderAnotherPromiseIsNotTheSame() {
        Objective before = Objective.freshness(0.9).within(Duration.ofSeconds(60));
        Counts counts = new Counts(
                NOON.toString(),
                1,
                List.of(new Counts.Count(PORT, before.measure(), List.of(new Bucket(hour(NOON), 1, 10, 10)))));

        assertThat(Counts.of(List.of(counts), PORT, before)).hasSize(1);
        assertThat(Counts.of(List.of(counts), PORT, Objective.freshness(0.9).within(Duration.ofSeconds(5))))
                .isEmpty();
    }

    @Test
    void hoursBecomeDaysAndNothingIsLostOrKeptForEver() {
        for (int hour = 0; hour < 24 * 200; hour++) {
            tally.add(NOON.minus(Duration.ofHours(24 * 200L - hour)), 1, 2);
        }

        List<Bucket> buckets = tally.buckets();
        assertThat(buckets).hasSizeLessThan(48 + 2 + Objective.LONGEST + 2);
        double all = buckets.stream().mapToDouble(Bucket::all).sum();
        assertThat(all).isBetween(2.0 * 24 * Objective.LONGEST, 2.0 * 24 * (Objective.LONGEST + 2));
        assertThat(buckets.stream().mapToDouble(Bucket::good).sum()).isEqualTo(all / 2);
    }

    @Test
    void aSpanIsSpreadOverItsHours() {
        tally.spread(NOON.minus(Duration.ofMinutes(100)), NOON, 1, 2);

        assertThat(tally.buckets())
                .containsExactly(
                        new Bucket(hour(NOON) - 2, 1, 600, 1_200),
                        new Bucket(hour(NOON) - 1, 1, 3_600, 7_200),
                        new Bucket(hour(NOON), 1, 1_800, 3_600));
    }

    private void counted(Duration ago, double good, double all) {
        Tally more = new Tally();
        more.add(NOON.minus(ago), good, all);
        tally.addAll(more);
    }

    private Reading read(Objective objective) {
        return read(objective, NOON);
    }

    private Reading read(Objective objective, Instant now) {
        return Reading.of(objective, tally.buckets(), now);
    }

    private static Counts counts(Instant until, Bucket... buckets) {
        return new Counts(
                until.toString(),
                1,
                List.of(new Counts.Count(
                        PORT, Objective.completeness(1).measure(), new ArrayList<>(Arrays.asList(buckets)))));
    }

    private static long hour(Instant at) {
        return at.getEpochSecond() / 3_600;
    }
}
