package io.kappamesh.testkit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a trial smaller as long as its two runs still differ: fewer records, a simpler schedule, fewer partitions (delta debugging,
 * Zeller and Hildebrandt 2002). Stops after a number of tries, whatever it has by then.
 */
final class Shrinking {
    private final Predicate<Trial> differs;
    private final int most;
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

    /** Arrivals stay: what a producer delivers again is not for us to change. */
    private Trial fewerSteps(Trial trial) {
        List<Step> steps = trial.schedule().steps();
        List<Integer> others = new ArrayList<>();
        for (int index = 0; index < steps.size(); index++) {
            if (!(steps.get(index) instanceof Step.Arrive)) {
                others.add(index);
            }
        }
        return with(trial, fewest(others, kept -> still(with(trial, kept))));
    }

    private static Trial with(Trial trial, List<Integer> kept) {
        List<Step> all = trial.schedule().steps();
        List<Step> steps = new ArrayList<>();
        for (int index = 0; index < all.size(); index++) {
            if (all.get(index) instanceof Step.Arrive || kept.contains(index)) {
                steps.add(all.get(index));
            }
        }
        return trial.withSchedule(trial.schedule().withSteps(steps));
    }

    private Trial simplerSchedule(Trial trial) {
        Schedule schedule = trial.schedule();
        Schedule bulk = Schedule.bulk(trial.inputs());
        List<Schedule> simpler = new ArrayList<>();
        simpler.add(Schedule.paced(List.copyOf(new LinkedHashSet<>(schedule.arrivals()))));
        simpler.add(Schedule.byTime(trial.inputs(), trial.partitions()));
        if (schedule.redelivers()) {
            simpler.add(Schedule.redelivered(schedule.arrivals()));
        }
        simpler.add(bulk.withCache(0));
        simpler.add(bulk);
        simpler.add(schedule.withCache(0));
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

    private boolean still(Trial trial) {
        if (tries >= most || !trial.keepsOrder()) {
            return false;
        }
        tries++;
        try {
            return differs.test(trial);
        } catch (RuntimeException otherFault) {
            return false;
        }
    }
}
