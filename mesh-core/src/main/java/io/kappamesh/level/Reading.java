package io.kappamesh.level;

import io.kappamesh.Internal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How an objective stands. An immutable value.
 *
 * <p>The error budget is what may be bad in the window: {@code (1 - target) * all}, in whole things rounded up, so that one bad record among a hundred is
 * no miss of 0.999. An objective is burning when it is not missed, but goes down so fast that it will be: in the last one to two hours 2 % of the budget, or in the
 * last one to two days 10 %, at a pace of at least twice what the budget can bear (the windows of the Site Reliability Workbook, chapter 5; a pace that no
 * target of this size can reach is everything being bad). The pace alone would call one bad record in a quiet hour a fire, the share alone a fresh start; both are needed.
 *
 * @param state where it stands
 * @param share what was good, from 0 to 1; empty = nothing was measured
 * @param spent the part of the error budget that is used up; above 1 it is missed. 0 where nothing was measured, infinite where a budget of nothing is overspent
 * @param bad what was not good, in the unit of the indicator
 * @param all what was measured, in that unit
 */
@Internal
public record Reading(State state, OptionalDouble share, double spent, double bad, double all) {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final double OF_BUDGET_IN_AN_HOUR = 0.02;
    private static final double OF_BUDGET_IN_A_DAY = 0.1;
    private static final double LEAST_PACE = 2;
    private static final double ROUNDING = 1e-9;

    /** Where an objective stands. */
    public enum State {
        /** Nothing was measured in the window. */
        UNKNOWN,
        MET,
        BURNING,
        MISSED
    }

    /** The pace at which a budget burns: how many times faster than it can bear. */
    public static double pace(Objective objective, Duration recent) {
        double windows = objective.days() * (double) DAY.toSeconds() / recent.toSeconds();
        double ofBudget = recent.compareTo(HOUR) <= 0 ? OF_BUDGET_IN_AN_HOUR : OF_BUDGET_IN_A_DAY;
        double fastest = objective.target() == 1 ? Double.POSITIVE_INFINITY : 1 / (1 - objective.target());
        return Math.min(Math.max(LEAST_PACE, ofBudget * windows), fastest);
    }

    /** @param buckets what was counted, by whatever processes; what is older than the window does not count */
    public static Reading of(Objective objective, Collection<Bucket> buckets, Instant now) {
        Instant from = now.minus(Duration.ofDays(objective.days()));
        List<Bucket> inWindow =
                buckets.stream().filter(bucket -> bucket.end().isAfter(from)).toList();
        return objective.indicator() == Indicator.VOLUME
                ? volume(objective, buckets, now)
                : ratio(objective, inWindow, now);
    }

    private static Reading ratio(Objective objective, List<Bucket> buckets, Instant now) {
        double all = buckets.stream().mapToDouble(Bucket::all).sum();
        double bad = buckets.stream().mapToDouble(Bucket::bad).sum();
        double budget = budget(objective, all);
        boolean burns = burns(objective, since(buckets, now.minus(HOUR)), budget, HOUR)
                || burns(objective, since(buckets, now.minus(DAY)), budget, DAY);
        return reading(bad, all, budget, burns);
    }

    private static double budget(Objective objective, double all) {
        double allowed = (1 - objective.target()) * all;
        return objective.indicator().isCounted() ? Math.ceil(allowed - ROUNDING) : allowed;
    }

    private static List<Bucket> since(List<Bucket> buckets, Instant from) {
        return buckets.stream().filter(bucket -> bucket.end().isAfter(from)).toList();
    }

    private static boolean burns(Objective objective, List<Bucket> recent, double budget, Duration span) {
        double bad = recent.stream().mapToDouble(Bucket::bad).sum();
        double all = recent.stream().mapToDouble(Bucket::all).sum();
        double ofBudget = span.compareTo(HOUR) <= 0 ? OF_BUDGET_IN_AN_HOUR : OF_BUDGET_IN_A_DAY;
        return bad > 0
                && bad >= ofBudget * budget
                && bad / all >= pace(objective, span) * (1 - objective.target()) - ROUNDING;
    }

    private static Reading reading(double bad, double all, double budget, boolean burns) {
        if (all <= 0) {
            return new Reading(State.UNKNOWN, OptionalDouble.empty(), 0, 0, 0);
        }
        double spent = bad <= 0 ? 0 : budget <= 0 ? Double.POSITIVE_INFINITY : bad / budget;
        State state = spent > 1 + ROUNDING ? State.MISSED : burns ? State.BURNING : State.MET;
        return new Reading(state, OptionalDouble.of(1 - bad / all), spent, bad, all);
    }

    /** Whole days between the first one, which began somewhere within, and today, which is not over. */
    private static Reading volume(Objective objective, Collection<Bucket> buckets, Instant now) {
        Objective.Range wanted = objective.perDay().orElseThrow();
        TreeMap<Long, Double> byDay = new TreeMap<>();
        buckets.forEach(bucket -> byDay.merge(bucket.day(), bucket.all(), Double::sum));
        long today = Math.floorDiv(now.getEpochSecond(), DAY.toSeconds());
        long from = today - objective.days();
        double bad = 0;
        double all = 0;
        boolean burns = false;
        if (!byDay.isEmpty()) {
            for (long day = Math.max(byDay.firstKey() + 1, from); day < today; day++) {
                boolean isGood = wanted.contains(byDay.getOrDefault(day, 0.0));
                all++;
                bad += isGood ? 0 : 1;
                burns = !isGood; // as of yesterday
            }
            for (Map.Entry<Long, Double> begun : byDay.tailMap(today).entrySet()) {
                if (begun.getValue() > wanted.atMost()) {
                    all++;
                    bad++;
                    burns = true;
                }
            }
        }
        return reading(bad, all, budget(objective, all), burns);
    }
}
