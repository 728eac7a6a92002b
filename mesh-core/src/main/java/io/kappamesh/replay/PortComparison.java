package io.kappamesh.replay;

import io.kappamesh.avro.SchemaRegistry;
import io.kappamesh.contract.PortAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a candidate generation wrote for one port with what the serving generation wrote, key by key. One thread at a time.
 */
final class PortComparison {
    private final PortAddress port;
    private final String candidate;
    private final ValueComparison values;
    private final List<Expectation> expectations;

    private PortComparison(PortAddress port, String candidate, ValueComparison values, List<Expectation> expectations) {
        this.port = port;
        this.candidate = candidate;
        this.values = values;
        this.expectations = expectations;
    }

    /**
     * Of a port with the topic that a candidate writes in its place. Asks the registry for the port's newest schema.
     *
     * @param expectations differences that are meant to be; those of other ports have no effect
     * @throws io.kappamesh.avro.RegistryUnavailableException if the registry gives no answer; the call may be repeated
     */
    static PortComparison of(
            PortAddress port, String candidateTopic, SchemaRegistry registry, List<Expectation> expectations) {
        return new PortComparison(
                port, candidateTopic, ValueComparison.of(registry, port.valueSubject()), List.copyOf(expectations));
    }

    /**
     * Compares what was read of both topics. Every key that differs, expected or overtaken too, is marked: the next round has it
     * again, so that all differences of a round are found with {@link Scope#TOUCHED}.
     */
    PortReport compare(LatestRecords records, Scope scope, DifferenceVisitor differences) {
        Tally tally = new Tally();
        records.forEachPair(port.topic(), candidate, scope, (partition, key, serving, its) -> {
            tally.key(serving != null, its != null);
            Finding finding = values.compare(serving, its);
            DifferenceKind kind = finding.kind();
            if (kind == null) {
                tally.equal();
                return;
            }
            records.mark(port.topic(), partition, key);
            if (isOvertaken(records, partition, key, serving, its)) {
                tally.overtaken();
                return;
            }
            boolean expected = Expectation.cover(expectations, port, finding);
            tally.difference(kind, key, finding, expected);
            differences.visit(new Difference(kind, expected, partition, key, serving, its));
        });
        return tally.report(port.topic());
    }

    /**
     * Only of a side that is missing. If both are there and differ, that is reported, although compaction in the middle of a reading
     * can leave an older value on a key that was overtaken: to doubt every such key would hide what really differs.
     */
    private boolean isOvertaken(
            LatestRecords records, int partition, byte[] key, @Nullable Latest serving, @Nullable Latest its) {
        return (serving == null && records.isOvertaken(port.topic(), partition, key))
                || (its == null && records.isOvertaken(candidate, partition, key));
    }
}
