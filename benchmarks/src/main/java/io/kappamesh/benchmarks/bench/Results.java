package io.kappamesh.benchmarks.bench;

import io.kappamesh.benchmarks.measure.Measurement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What the arms of a benchmark took in each pass. Not thread-safe. */
public final class Results {
    private final Map<String, List<Measurement>> passes = new LinkedHashMap<>();

    public void add(Arm arm, Measurement measurement) {
        passes.computeIfAbsent(arm.name(), first -> new ArrayList<>()).add(measurement);
    }

    /** All passes of an arm in their order, the first included; empty if it did not run. */
    public List<Measurement> all(String arm) {
        return List.copyOf(passes.getOrDefault(arm, List.of()));
    }

    /** The passes that count: the first warms up the broker, unless there is no other. */
    public List<Measurement> counted(String arm) {
        List<Measurement> all = all(arm);
        return all.size() > 1 ? all.subList(1, all.size()) : all;
    }

    /** The median over the passes that count; empty if the arm did not run. */
    public OptionalDouble median(String arm, ToDoubleFunction<Measurement> measure) {
        double[] sorted = counted(arm).stream().mapToDouble(measure).sorted().toArray();
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }

    /** The ratio of the medians of two arms; empty unless both ran. */
    public OptionalDouble value(Ratio ratio) {
        OptionalDouble of = median(ratio.of(), ratio.measure());
        OptionalDouble to = median(ratio.to(), ratio.measure());
        return of.isEmpty() || to.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(of.getAsDouble() / to.getAsDouble());
    }
}
