package io.kappamesh.lifecycle;

import io.kappamesh.contract.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a promotion did.
 *
 * @param product {@code sales.orders}
 * @param from the number of the generation that served before; the same as {@code to} where that one served already
 * @param to the number of the generation that serves now
 * @param corrections records written to each public topic so that it says what the new generation says
 * @param beyondHorizon keys of each public topic that differ, and keep what they say, because their history cannot be recomputed
 * @param left ports that only the generation before publishes: nobody writes them now, and they keep what they said
 * @param readSince when both generations were known to agree, so that what came later was enough to be compared; empty = everything was
 *     compared, or nothing had to be done
 * @param quiet for how long nothing else was written to the public topics, with attempts that were given up
 * @param comparedWhileQuiet keys that were compared meanwhile: what was written since the last look before it, and what differs
 */
public record Promotion(
        String product,
        int from,
        int to,
        Map<String, Long> corrections,
        Map<String, Long> beyondHorizon,
        List<String> left,
        Optional<Instant> readSince,
        Duration quiet,
        long comparedWhileQuiet) {
    public Promotion {
        beyondHorizon = Map.copyOf(beyondHorizon);
        left = List.copyOf(left);
        corrections = Map.copyOf(new TreeMap<>(corrections));
    }

    /** Nothing had to be done: the generation serves already. */
    static Promotion doneBefore(ProductName product, int serving) {
        return new Promotion(
                product.toString(),
                serving,
                serving,
                Map.of(),
                Map.of(),
                List.of(),
                Optional.empty(),
                Duration.ZERO,
                0);
    }

    /** Whether another generation serves than before. */
    public boolean isChange() {
        return from != to;
    }

    /** Over all ports. */
    public long totalCorrections() {
        return corrections.values().stream().mapToLong(Long::longValue).sum();
    }
}
