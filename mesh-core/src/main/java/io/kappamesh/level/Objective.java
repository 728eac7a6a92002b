package io.kappamesh.level;

import io.kappamesh.declaration.Problems;
import java.time.Duration;
import java.util.Optional;

/**
 * What share of what is measured is to be good, over a window of days that ends now. An immutable value; see {@link Indicator} for what is measured.
 *
 * @param indicator what is measured
 * @param target the share that is to be good, greater than 0 and at most 1
 * @param days the window, from 1 to 90 days; 30 unless {@link #over} says otherwise
 * @param within how late is good, for freshness and delay; empty = for freshness what the port promises with {@code freshWithin}
 * @param perDay how many records are good, for the volume
 */
public record Objective(
        Indicator indicator, double target, int days, Optional<Duration> within, Optional<Range> perDay) {
    /** The longest window, in days. */
    public static final int LONGEST = 90;

    private static final int USUAL = 30;

    /**
     * A number of records.
     *
     * @param atLeast 0 or more
     * @param atMost not less than that
     */
    public record Range(long atLeast, long atMost) {
        public Range {
            Problems problems = new Problems("objective volume");
            problems.unless(
                    atLeast >= 0 && atLeast <= atMost,
                    "from at least 0 to no less than that, but was from " + atLeast + " to " + atMost);
            problems.throwIfAny();
        }

        boolean contains(double records) {
            return records >= atLeast && records <= atMost;
        }
    }

    public Objective {
        Problems problems = new Problems("objective " + indicator.text());
        problems.unless(target > 0 && target <= 1, "the target is a share, such as 0.99, but was " + target);
        problems.unless(days >= 1 && days <= LONGEST, "the window is from 1 to " + LONGEST + " days but was " + days);
        within.ifPresent(time -> problems.unless(
                !time.isNegative() && !time.isZero(), "how late is good must be positive but was " + time));
        problems.unless(
                indicator != Indicator.DELAY || within.isPresent(), "say how late is good; use Objective.delay(…)");
        problems.unless(
                indicator == Indicator.FRESHNESS || indicator == Indicator.DELAY || within.isEmpty(),
                "has no time within which it is good");
        problems.unless(
                (indicator == Indicator.VOLUME) == perDay.isPresent(),
                "a volume has a number of records a day, and nothing else has; use Objective.volume(…)");
        problems.throwIfAny();
    }

    /**
     * The port is as fresh as {@code freshWithin} promises, for this share of the time. It is how far the port is behind its inputs: where nothing comes,
     * it is fresh. Time in which no process runs is not fresh if something came meanwhile. Each output port has this objective, 0.99 unless declared.
     */
    public static Objective freshness(double target) {
        return of(Indicator.FRESHNESS, target);
    }

    /**
     * This share of the records that are published is not older than that when it is published, by event time. Records that come late
     * count as late, whoever is to blame; for a sum of a day, whose event time is its beginning, it is at least a day.
     */
    public static Objective delay(Duration within, double target) {
        return new Objective(Indicator.DELAY, target, USUAL, Optional.of(within), Optional.empty());
    }

    /** This share of the records at the inputs of the product is not refused: not a dead letter. */
    public static Objective completeness(double target) {
        return of(Indicator.COMPLETENESS, target);
    }

    /** All promised rules hold for this share of the records that are published. */
    public static Objective validity(double target) {
        return of(Indicator.VALIDITY, target);
    }

    /**
     * On this share of the days, in UTC, so many records are published. A day on which nothing is published counts too, also one on which no process
     * runs; the first day and today do not.
     */
    public static Objective volume(long atLeast, long atMost, double target) {
        return new Objective(
                Indicator.VOLUME, target, USUAL, Optional.empty(), Optional.of(new Range(atLeast, atMost)));
    }

    private static Objective of(Indicator indicator, double target) {
        return new Objective(indicator, target, USUAL, Optional.empty(), Optional.empty());
    }

    /** The same over another window. */
    public Objective over(int days) {
        return new Objective(indicator, target, days, within, perDay);
    }

    Objective within(Duration time) {
        return within.isPresent() ? this : new Objective(indicator, target, days, Optional.of(time), perDay);
    }

    /** Under what it is counted: what is counted changes with how late is good, and begins anew then. */
    public String measure() {
        return indicator.text() + within.map(time -> " within " + time).orElse("");
    }
}
