package io.kappamesh.fuzz;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** How fast something is in comparison with something else: both in turns, so that whatever else the machine does meets both. */
public final class Throughput {
    private static final int ROUNDS = 15;
    private static final int WARM_UP = 6;
    private static final long ROUND_NANOS = 200_000_000;

    /** Handles one input, and returns something of it, so that nothing is left out. */
    @FunctionalInterface
    public interface Step {
        int of(byte[] input) throws Exception;
    }

    @SuppressWarnings("UnusedVariable") // so that what is computed is of use to somebody
    private static volatile int sink;

    private Throughput() {}

    /** The median of the ratios of all rounds, which it prints with the inputs per second. */
    public static double ratio(String what, List<byte[]> inputs, Step measured, Step plain) throws Exception {
        List<Double> ratios = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            double other = perSecond(inputs, plain);
            double own = perSecond(inputs, measured);
            if (round >= WARM_UP) {
                ratios.add(own / other);
                rates.add(own);
            }
        }
        double ratio = median(ratios);
        System.out.printf(Locale.ROOT, "%-32s %9.0f/s, %.2f of the plain deserializer%n", what, median(rates), ratio);
        return ratio;
    }

    private static double perSecond(List<byte[]> inputs, Step step) throws Exception {
        long begin = System.nanoTime();
        long done = 0;
        long now = begin;
        int seen = 0;
        while (now - begin < ROUND_NANOS) {
            for (byte[] input : inputs) {
                seen += step.of(input);
            }
            done += inputs.size();
            now = System.nanoTime();
        }
        sink = seen;
        return done * 1e9 / (now - begin);
    }

    private static double median(List<Double> values) {
        Collections.sort(values);
        return values.get(values.size() / 2);
    }
}
