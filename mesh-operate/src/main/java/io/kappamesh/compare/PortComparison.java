package io.kappamesh.compare;

import io.kappamesh.contract.PortAddress;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.tables.KeyScope;
import io.kappamesh.tables.Latest;
import io.kappamesh.tables.LatestRecords;
import io.kappamesh.tables.PairVisitor;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a candidate generation wrote for one port with what the serving generation wrote, key by key. One thread at a time.
 */
final class PortComparison {
    private final PortAddress port;
    private final String candidate;
    private final PortChange change;
    private final PortHorizon horizon;
    private final ValueComparison values;
    private final List<Expectation> expectations;
    private final Clock clock = Clock.systemUTC();

    private PortComparison(
            PortAddress port,
            String candidate,
            PortChange change,
            PortHorizon horizon,
            ValueComparison values,
            List<Expectation> expectations) {
        this.port = port;
        this.candidate = candidate;
        this.change = change;
        this.horizon = horizon;
        this.values = values;
        this.expectations = expectations;
    }

    /**
     * Of a port with the topic that a candidate writes in its place. Asks the registry for the port's newest schema.
     *
     * @param horizon below which nothing is compared
     * @param change what only the candidate has of a port that only it publishes is expected
     * @param expectations differences that are meant to be; those of other ports have no effect
     * @throws io.kappamesh.registry.RegistryUnavailableException if the registry gives no answer; the call may be repeated
     */
    static PortComparison of(
            PortAddress port,
            String candidateTopic,
            PortChange change,
            PortHorizon horizon,
            SchemaRegistry registry,
            List<Expectation> expectations) {
        return new PortComparison(
                port,
                candidateTopic,
                change,
                horizon,
                ValueComparison.of(registry, port.valueSubject()),
                List.copyOf(expectations));
    }

    /**
     * Compares what was read of both topics, several partitions at once. Every key that differs, expected or overtaken too, is marked: the
     * next round has it again, so that all differences of a round are found with {@link KeyScope#TOUCHED}. One beyond the horizon is
     * counted, and no more.
     */
    PortReport compare(LatestRecords records, KeyScope scope) {
        Instant now = clock.instant();
        DifferenceTally all = new DifferenceTally();
        records.forEachPairAtOnce(
                        port.topic(),
                        candidate,
                        scope,
                        partition -> new Pass(records, now, values.another(), DifferenceVisitor.NONE))
                .forEach(pass -> all.add(pass.tally));
        return all.report(port.topic(), change, horizon, now);
    }

    /** The same on this thread, in the order of partition and key. */
    PortReport compare(LatestRecords records, KeyScope scope, DifferenceVisitor differences) {
        Instant now = clock.instant();
        Pass pass = new Pass(records, now, values, differences);
        records.forEachPair(port.topic(), candidate, scope, pass);
        return pass.tally.report(port.topic(), change, horizon, now);
    }

    /** Goes through some keys. One thread. */
    private final class Pass implements PairVisitor {
        private final LatestRecords records;
        private final Instant now;
        private final ValueComparison values;
        private final DifferenceVisitor differences;
        private final DifferenceTally tally = new DifferenceTally();

        Pass(LatestRecords records, Instant now, ValueComparison values, DifferenceVisitor differences) {
            this.records = records;
            this.now = now;
            this.values = values;
            this.differences = differences;
        }

        @Override
        public boolean equal() {
            tally.key(true, true);
            tally.equal();
            return true;
        }

        @Override
        public void visit(int partition, byte[] key, @Nullable Latest serving, @Nullable Latest its) {
            tally.key(Latest.hasValue(serving), Latest.hasValue(its));
            KeyComparison finding = values.compare(serving, its);
            DifferenceKind kind = finding.kind();
            if (kind == null) {
                tally.equal();
                return;
            }
            if (isOvertaken(records, partition, key)) {
                records.mark(port.topic(), partition, key);
                tally.overtaken();
                return;
            }
            if (!isNew(kind) && !horizon.isAbove(serving, its, now)) {
                tally.beyondHorizon();
                return;
            }
            records.mark(port.topic(), partition, key);
            boolean expected = isNew(kind) || Expectation.cover(expectations, port, finding);
            tally.difference(kind, () -> values.shownKey(key, serving, its), finding, expected);
            differences.visit(new Difference(kind, expected, partition, key, serving, its));
        }
    }

    /** Nothing was said of it that a candidate who knows less could spoil, so that no horizon matters. */
    private boolean isNew(DifferenceKind kind) {
        return change == PortChange.ADDED && kind == DifferenceKind.ONLY_CANDIDATE;
    }

    /**
     * Compaction takes values away that were written again, in the middle of a reading too. Then the key seems to be gone, or still to
     * have the value before. Which it had is not to be found out any more; what it has at the next cut is.
     */
    private boolean isOvertaken(LatestRecords records, int partition, byte[] key) {
        return records.isOvertaken(port.topic(), partition, key) || records.isOvertaken(candidate, partition, key);
    }
}
