package io.kappamesh.replay;

import io.kappamesh.avro.SchemaRegistry;
import io.kappamesh.contract.PortAddress;
import java.util.ArrayList;
import java.util.List;

/** Compares all ports of two generations that stood at one cut. One thread. */
final class Comparing {
    private final Pair pair;
    private final LatestRecords records;
    private final SchemaRegistry registry;
    private final List<Expectation> expectations;
    private final Progress progress;

    Comparing(
            Pair pair,
            LatestRecords records,
            SchemaRegistry registry,
            List<Expectation> expectations,
            Progress progress) {
        this.pair = pair;
        this.records = records;
        this.registry = registry;
        this.expectations = expectations;
        this.progress = progress;
    }

    /** Reads what the two have written up to the cut, from where it was read before. */
    void read(Standstill serving, Standstill candidate) {
        for (PortAddress port : pair.ports()) {
            progress.step("read " + port);
            records.read(port.topic(), serving.endsOf(port.topic()), progress::progress);
            progress.step("read " + pair.shadow(port));
            records.read(pair.shadow(port), candidate.endsOf(pair.shadow(port)), progress::progress);
        }
    }

    /** Looks at what was written behind the cut while it was read. */
    void readLater() {
        for (PortAddress port : pair.ports()) {
            records.readLater(port.topic(), progress::progress);
            records.readLater(pair.shadow(port), progress::progress);
        }
    }

    /** One report per port. */
    List<PortReport> compare(Scope scope, DifferenceVisitors differences) {
        List<PortReport> reports = new ArrayList<>();
        for (PortAddress port : pair.ports()) {
            progress.step("compare " + port);
            reports.add(PortComparison.of(port, pair.shadow(port), registry, expectations)
                    .compare(records, scope, differences.of(port)));
        }
        return reports;
    }

    /** A visitor for each port. */
    interface DifferenceVisitors {
        DifferenceVisitor of(PortAddress port);
    }
}
