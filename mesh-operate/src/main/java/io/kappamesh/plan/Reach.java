package io.kappamesh.plan;

import io.kappamesh.compare.PortChange;
import io.kappamesh.compare.PortReport;
import io.kappamesh.compare.Verification;
import io.kappamesh.generation.GenerationRecord;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What a reader sees of a promotion: records of the ports that it reads of the promoted product itself. What others make of them, and it
 * reads from those, nobody knows before they have done so.
 *
 * @param corrections as many as a comparison found; empty = nothing was compared yet
 * @param atMost as many as there are in these ports: no promotion corrects more
 */
public record Reach(OptionalLong corrections, long atMost) {

    /** Of some ports, each with what is known of it. */
    static Reach of(List<String> ports, Map<String, Long> corrections, Map<String, Long> records) {
        return new Reach(
                corrections.keySet().containsAll(ports)
                        ? OptionalLong.of(
                                ports.stream().mapToLong(corrections::get).sum())
                        : OptionalLong.empty(),
                ports.stream().mapToLong(port -> records.getOrDefault(port, 0L)).sum());
    }

    /**
     * How many records of each port a promotion would correct, expected or not: every key that differs. A port that the candidate does not
     * publish keeps what it says.
     */
    static Map<String, Long> corrections(Verification found) {
        return found.ports().stream()
                .collect(Collectors.toMap(
                        PortReport::topic,
                        port -> port.change() == PortChange.REMOVED ? 0 : port.unexpected() + port.expected()));
    }

    /** Which of the topics that a reader reads the product publishes itself. */
    static List<String> ports(List<String> reads, List<GenerationRecord> generations) {
        return reads.stream()
                .filter(topic ->
                        generations.stream().anyMatch(one -> one.outputs().contains(topic)))
                .toList();
    }
}
