package io.kappamesh.benchmarks.measure;

import java.util.Arrays;

/**
 * How long records took, in milliseconds: half of them no longer than the first, 99 of 100 no longer than the second, 999 of 1,000 no longer than the
 * third.
 */
public record Latency(double p50, double p99, double p999) {
    /** Not measured: no number. */
    public static final Latency NONE = new Latency(Double.NaN, Double.NaN, Double.NaN);

    /** @param nanos of each record, in any order; at least one */
    public static Latency of(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latency(at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999));
    }

    /** The smallest that so many do not exceed (nearest rank). */
    private static double at(long[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e6;
    }
}
