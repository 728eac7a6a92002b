package io.kappamesh.compare;

import io.kappamesh.Internal;
import io.kappamesh.brokers.InputReach;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.Horizon;
import io.kappamesh.generation.Origin;
import io.kappamesh.generation.ProductLifecycle;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** The horizons of the ports of a pair of generations. Stateless. */
@Internal
public final class Horizons {
    private Horizons() {}

    /** Of the ports that a candidate publishes, by topic. */
    public static Map<String, PortHorizon> of(Admin admin, GenerationPair pair)
            throws ExecutionException, InterruptedException {
        Map<String, Duration> kept = InputReach.retentions(
                admin,
                Stream.concat(pair.candidate().outputs().stream(), pair.shadows().stream())
                        .toList());
        Optional<Horizon> horizon = of(admin, pair.candidate());
        Map<String, PortHorizon> horizons = new HashMap<>();
        for (String topic : pair.candidate().outputs()) {
            Optional<Duration> shortest = Stream.of(
                            topic, pair.candidateGeneration().shadowOf(topic))
                    .flatMap(one -> Optional.ofNullable(kept.get(one)).stream())
                    .min(Duration::compareTo);
            horizons.put(topic, of(topic, horizon, shortest));
        }
        return horizons;
    }

    /**
     * What is known of the history of a candidate. One that has served has been given all that was public when it stopped serving, and
     * has gone on from there, so that nothing of it is beyond a horizon; of one that was begun before horizons were written down it is
     * told from what its inputs keep now.
     */
    private static Optional<Horizon> of(Admin admin, GenerationRecord candidate)
            throws ExecutionException, InterruptedException {
        if (candidate.served()) {
            return Optional.empty();
        }
        if (candidate.history().horizon() != null) {
            return Optional.of(candidate.history().horizon());
        }
        Map<String, Long> lost = new HashMap<>();
        TopicEnds.beginnings(admin, candidate.inputs()).forEach((partition, start) -> {
            if (start > 0) {
                lost.put(partition.toString(), start);
            }
        });
        return Optional.of(
                new Horizon(Map.of(), Map.of(), lost, candidate.history().createdAt(), Map.of()));
    }

    /** What a candidate of the build that serves could not recompute if it began now. */
    public static Horizon ofNext(
            Admin admin, ProductLifecycle current, Origin origin, Optional<Duration> historyRequired, Instant now)
            throws ExecutionException, InterruptedException {
        GenerationRecord serving = GenerationPair.serving(current);
        Map<String, Duration> lookBack = serving.history().horizon() == null
                ? Map.of()
                : serving.history().horizon().lookBacks();
        return InputReach.horizon(admin, current, origin, lookBack, historyRequired, now);
    }

    /** For a plan: what a candidate could not recompute, one sentence for each port. */
    public static List<String> warnings(Horizon horizon, List<String> outputs, Map<String, Duration> kept) {
        Instant now = Clock.systemUTC().instant();
        List<String> warnings = new ArrayList<>();
        for (String topic : outputs) {
            PortHorizon port = of(topic, Optional.of(horizon), Optional.ofNullable(kept.get(topic)));
            HorizonReport report = port.report(now, 0);
            if (report != null) {
                warnings.add("port " + topic + ": "
                        + (report.from() == null
                                ? "nothing of it can be recomputed"
                                : "what is older than " + report.from() + " cannot be recomputed")
                        + " and is left alone, because " + String.join("; and ", report.reasons()));
            }
        }
        return warnings;
    }

    /** Of one port. */
    public static PortHorizon of(String topic, Optional<Horizon> history, Optional<Duration> kept) {
        List<String> reasons = new ArrayList<>();
        Instant since = history.map(horizon -> horizon.of(topic)).orElse(Instant.MIN);
        if (history.isPresent() && since.isAfter(Instant.MIN)) {
            reasons.add(
                    "records of " + partitions(history.get()) + " that were read before are gone"
                            + (history.get().lookBacks().containsKey(topic)
                                    ? ""
                                    : ", and the port does not declare with lookingBack(…) how far back its values depend on them"));
        }
        kept.ifPresent(duration -> reasons.add("the brokers keep its records for " + duration));
        return new PortHorizon(since, kept, reasons);
    }

    private static List<String> partitions(Horizon horizon) {
        return horizon.lostPartitions().stream()
                .map(TopicPartition::toString)
                .sorted()
                .toList();
    }
}
