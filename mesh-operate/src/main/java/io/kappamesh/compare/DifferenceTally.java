package io.kappamesh.compare;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Counts what a comparison finds, and keeps the first of each kind. Not thread-safe. */
final class DifferenceTally {
    private static final int SAMPLES_PER_KIND = 10;
    private static final int FIELDS_PER_SAMPLE = 20;

    private final Map<DifferenceKind, Long> unexpected = new EnumMap<>(DifferenceKind.class);
    private final Map<DifferenceKind, List<Sample>> samples = new EnumMap<>(DifferenceKind.class);
    private final Map<DifferenceKind, List<Sample>> expectedSamples = new EnumMap<>(DifferenceKind.class);
    private final Map<String, Long> fields = new TreeMap<>();
    private long servingKeys;
    private long candidateKeys;
    private long equal;
    private long expected;
    private long overtaken;
    private long beyondHorizon;

    /** A key that is compared, whatever comes out. */
    void key(boolean inServing, boolean inCandidate) {
        servingKeys += inServing ? 1 : 0;
        candidateKeys += inCandidate ? 1 : 0;
    }

    void equal() {
        equal++;
    }

    void overtaken() {
        overtaken++;
    }

    void beyondHorizon() {
        beyondHorizon++;
    }

    /** @param key as it may be shown; asked for where it is kept */
    void difference(DifferenceKind kind, Supplier<String> key, KeyComparison finding, boolean isExpected) {
        if (isExpected) {
            expected++;
        } else {
            unexpected.merge(kind, 1L, Long::sum);
        }
        if (kind == DifferenceKind.CHANGED) {
            finding.fields().forEach(field -> fields.merge(field, 1L, Long::sum));
        }
        List<Sample> kept = (isExpected ? expectedSamples : samples).computeIfAbsent(kind, first -> new ArrayList<>());
        if (kept.size() < SAMPLES_PER_KIND) {
            kept.add(new Sample(
                    key.get(),
                    kind,
                    isExpected,
                    finding.changes().stream()
                            .limit(FIELDS_PER_SAMPLE)
                            .map(FieldChange::asText)
                            .toList()));
        }
    }

    /** Adds what was found in the partitions that follow. */
    void add(DifferenceTally next) {
        servingKeys += next.servingKeys;
        candidateKeys += next.candidateKeys;
        equal += next.equal;
        expected += next.expected;
        overtaken += next.overtaken;
        beyondHorizon += next.beyondHorizon;
        next.unexpected.forEach((kind, keys) -> unexpected.merge(kind, keys, Long::sum));
        next.fields.forEach((field, keys) -> fields.merge(field, keys, Long::sum));
        addSamples(samples, next.samples);
        addSamples(expectedSamples, next.expectedSamples);
    }

    private static void addSamples(Map<DifferenceKind, List<Sample>> to, Map<DifferenceKind, List<Sample>> from) {
        from.forEach((kind, some) -> {
            List<Sample> kept = to.computeIfAbsent(kind, first -> new ArrayList<>());
            some.stream().limit(SAMPLES_PER_KIND - kept.size()).forEach(kept::add);
        });
    }

    PortReport report(String topic, PortChange change, PortHorizon horizon, Instant now) {
        return new PortReport(
                topic,
                change,
                servingKeys,
                candidateKeys,
                equal,
                count(DifferenceKind.CHANGED),
                count(DifferenceKind.TIMESTAMP),
                count(DifferenceKind.ONLY_SERVING),
                count(DifferenceKind.ONLY_CANDIDATE),
                count(DifferenceKind.UNDECODABLE),
                expected,
                overtaken,
                horizon.report(now, beyondHorizon),
                fields,
                samples());
    }

    private long count(DifferenceKind kind) {
        return unexpected.getOrDefault(kind, 0L);
    }

    private List<Sample> samples() {
        List<Sample> all = new ArrayList<>();
        for (DifferenceKind kind : DifferenceKind.values()) {
            List<Sample> ofKind = new ArrayList<>(samples.getOrDefault(kind, List.of()));
            ofKind.addAll(expectedSamples.getOrDefault(kind, List.of()));
            all.addAll(ofKind.subList(0, Math.min(SAMPLES_PER_KIND, ofKind.size())));
        }
        return all;
    }
}
