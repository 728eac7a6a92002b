package io.kappamesh.compare;

import io.kappamesh.Internal;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.cut.Progress;
import io.kappamesh.cut.QuiescedGeneration;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.tables.KeyScope;
import io.kappamesh.tables.LatestRecords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Compares all ports of two generations that stood at one cut. One thread. */
@Internal
public final class PairComparison {
    private final GenerationPair pair;
    private final LatestRecords records;
    private final Map<PortAddress, PortComparison> comparisons = new LinkedHashMap<>();
    private final List<Expectation> expectations;
    private final Progress progress;

    /**
     * Asks the registry for what it needs to know of each port, so that nobody is paused for that.
     *
     * @param horizons by topic
     */
    public PairComparison(
            GenerationPair pair,
            LatestRecords records,
            SchemaRegistry registry,
            List<Expectation> expectations,
            Map<String, PortHorizon> horizons,
            Progress progress) {
        this.pair = pair;
        this.records = records;
        this.progress = progress;
        this.expectations = expectations;
        for (PortAddress port : pair.ports()) {
            PortChange change = pair.isAdded(port) ? PortChange.ADDED : PortChange.NONE;
            PortHorizon horizon = horizons.getOrDefault(port.topic(), PortHorizon.NONE);
            comparisons.put(port, PortComparison.of(port, pair.shadow(port), change, horizon, registry, expectations));
        }
    }

    /** Reads what the two have written up to the cut, from where it was read before. */
    public void read(QuiescedGeneration serving, QuiescedGeneration candidate) {
        for (PortAddress port : pair.ports()) {
            progress.step("read " + port);
            records.read(port.topic(), serving.endsOf(port.topic()), progress::progress);
            progress.step("read " + pair.shadow(port));
            records.read(pair.shadow(port), candidate.endsOf(pair.shadow(port)), progress::progress);
        }
    }

    /** Looks at what was written behind the cut while it was read. */
    public void readLater() {
        for (PortAddress port : pair.ports()) {
            records.readLater(port.topic(), progress::progress);
            records.readLater(pair.shadow(port), progress::progress);
        }
    }

    /** One report per port of either; several partitions are compared at once. */
    public List<PortReport> compare(KeyScope scope) {
        return reports((port, comparison) -> comparison.compare(records, scope));
    }

    /** The same on this thread, for those who want to have the differences in the order of their keys. */
    public List<PortReport> compare(KeyScope scope, DifferenceVisitors differences) {
        return reports((port, comparison) -> comparison.compare(records, scope, differences.of(port)));
    }

    private List<PortReport> reports(BiFunction<PortAddress, PortComparison, PortReport> compare) {
        List<PortReport> reports = new ArrayList<>();
        comparisons.forEach((port, comparison) -> {
            progress.step("compare " + port);
            reports.add(compare.apply(port, comparison));
        });
        KeyComparison removed = KeyComparison.of(DifferenceKind.REMOVED);
        pair.removedPorts()
                .forEach(port ->
                        reports.add(PortReport.removed(port.topic(), Expectation.cover(expectations, port, removed))));
        return reports;
    }

    /**
     * Compares what was read since the records were last settled, and has what differs compared again in the next round. The two need not be at
     * one cut. Part of somebody else's step.
     *
     * @return how many keys were compared
     */
    public long compareTouched() {
        long keys = 0;
        for (PortComparison comparison : comparisons.values()) {
            keys += comparison.compare(records, KeyScope.TOUCHED).keys();
        }
        return keys;
    }

    /** A visitor for each port. */
    public interface DifferenceVisitors {
        DifferenceVisitor of(PortAddress port);
    }
}
