package io.kappamesh.testkit.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Makes a trial smaller as long as its two runs still differ: fewer records, a simpler schedule, fewer partitions (delta debugging,
 * Zeller and Hildebrandt 2002). Stops after a number of tries, whatever it has by then.
 */
final class Shrinking {
    private final Predicate<Trial> differs;
    private final int most;
    private final Map<Trial, Boolean> tried = new HashMap<>();
    private int tries;

    Shrinking(Predicate<Trial> differs, int mostTries) {
        this.differs = differs;
        this.most = mostTries;
    }

    int tries() {
        return tries;
    }

    Trial shrink(Trial found) {
        Trial simpler = simplerSchedule(found);
        Trial fewer = fewerInputs(simpler);
        Trial one = fewerPartitions(simplerSchedule(fewer));
        Trial steps = fewerSteps(one);
        return fewerInputs(simplerSchedule(steps));
    }

    private Trial fewerInputs(Trial trial) {
        return trial.withInputs(fewest(trial.inputs(), inputs -> still(trial.withInputs(inputs))));
    }

    /**
     * Arrivals stay: what a producer delivers again is not for us to change. Where each record is done before the next, that stays
     * as well, and only restarts go.
     */
    private Trial fewerSteps(Trial trial) {
        List<Step> steps = trial.schedule().steps();
        boolean settling = trial.schedule().settlesEach();
        List<Integer> others = new ArrayList<>();
        for (int index = 0; index < steps.size(); index++) {
            if (mayGo(steps.get(index), settling)) {
                others.add(index);
            }
        }
        return with(trial, fewest(others, kept -> still(with(trial, kept))));
    }

    private static boolean mayGo(Step step, boolean settling) {
        return settling ? step instanceof Step.Restart || step instanceof Step.Crash : !(step instanceof Step.Arrive);
    }

    private static Trial with(Trial trial, List<Integer> kept) {
        List<Step> all = trial.schedule().steps();
        boolean settling = trial.schedule().settlesEach();
        List<Step> steps = new ArrayList<>();
        for (int index = 0; index < all.size(); index++) {
            if (!mayGo(all.get(index), settling) || kept.contains(index)) {
                steps.add(all.get(index));
            }
        }
        return trial.withSchedule(trial.schedule().withSteps(steps));
    }

    private Trial simplerSchedule(Trial trial) {
        Schedule schedule = trial.schedule();
        List<Integer> once = List.copyOf(new LinkedHashSet<>(schedule.arrivals()));
        List<Schedule> simpler = new ArrayList<>();
        simpler.add(Schedule.again(trial.inputs()));
        simpler.add(Schedule.paced(once));
        if (schedule.redelivers()) {
            simpler.add(Schedule.redelivered(schedule.arrivals()));
        }
        if (!schedule.settlesEach()) {
            Schedule bulk = Schedule.bulk(trial.inputs());
            if (!schedule.ended().isEmpty()) {
                simpler.add(Schedule.restarted(once, schedule.ended()));
            }
            if (schedule.compacts()) {
                for (boolean deletionsToo : List.of(false, true)) {
                    Schedule compacted = Schedule.compacted(trial.inputs(), trial.partitions(), deletionsToo);
                    simpler.add(compacted.withCache(0));
                    simpler.add(compacted);
                }
            }
            simpler.add(bulk.withCache(0));
            simpler.add(bulk);
            simpler.add(schedule.withCache(0));
        }
        return simpler.stream()
                .takeWhile(candidate -> !candidate.equals(schedule))
                .map(trial::withSchedule)
                .filter(this::still)
                .findFirst()
                .orElse(trial);
    }

    private Trial fewerPartitions(Trial trial) {
        for (int partitions = 1; partitions < trial.partitions(); partitions++) {
            Trial fewer = trial.withPartitions(partitions);
            if (still(fewer)) {
                return fewer;
            }
        }
        return trial;
    }

    private <T> List<T> fewest(List<T> all, Predicate<List<T>> still) {
        List<T> kept = all;
        int chunk = Math.max(1, all.size() / 2);
        while (true) {
            boolean shrunk = false;
            for (int from = 0; from < kept.size(); ) {
                List<T> without = new ArrayList<>(kept.subList(0, from));
                without.addAll(kept.subList(Math.min(kept.size(), from + chunk), kept.size()));
                if (still.test(without)) {
                    kept = without;
                    shrunk = true;
                } else {
                    from += chunk;
                }
            }
            if ((chunk == 1 && !shrunk) || tries >= most) {
                return kept;
            }
            chunk = Math.max(1, chunk / 2);
        }
    }

    /** What was tried is not tried again: making records and steps fewer comes to the same trials more than once. */
    private boolean still(Trial trial) {
        Boolean known = tried.get(trial);
        if (known != null) {
            return known;
        }
        if (tries >= most || !trial.keepsOrder()) {
            return false;
        }
        tries++;
        boolean differs = run(trial);
        tried.put(trial, differs);
        return differs;
    }

    private boolean run(Trial trial) {
        try {
            return differs.test(trial);
        } catch (RuntimeException otherFault) {
            return false;
        }
    }
}
