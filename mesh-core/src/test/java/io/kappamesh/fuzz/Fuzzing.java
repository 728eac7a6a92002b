package io.kappamesh.fuzz;

import io.kappamesh.fuzz.Mutations.Input;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;

/** Feeds many inputs to something that has to have an answer to each. What fails is made small first. */
public final class Fuzzing {
    private static final boolean LONG = Boolean.getBoolean("mesh.long");

    /** Another one each time in the long profile, always the same in the ordinary one. */
    private static final long SEED = Long.getLong("mesh.fuzz.seed", LONG ? new Random().nextLong() : 1);

    private static final int MOST_STEPS = 1_000;

    /** Fails by throwing whatever it likes. */
    @FunctionalInterface
    public interface Check {
        void accept(byte[] input) throws Exception;
    }

    private Fuzzing() {}

    /**
     * Tries {@code ordinary} inputs, and {@code mesh.fuzz} times as many in the long profile.
     *
     * @throws AssertionError with a small input that fails, in hexadecimal, and the seed
     */
    public static void each(Mutations inputs, int ordinary, Check check) {
        tried(inputs, (long) ordinary * Integer.getInteger("mesh.fuzz", 1), check);
    }

    private static void tried(Mutations inputs, long tries, Check check) {
        Random random = new Random(SEED);
        for (long tried = 0; tried < tries; tried++) {
            Input input = inputs.draw(random);
            if (fault(check, input).isPresent()) {
                throw failed(small(check, input), check);
            }
        }
        System.out.println("Tried " + tries + " inputs with seed " + SEED);
    }

    /**
     * Tries 5,000 inputs, and a million in the long profile.
     *
     * @throws AssertionError with a small input that fails, in hexadecimal, and the seed
     */
    public static void million(Mutations inputs, Check check) {
        tried(inputs, LONG ? 1_000_000 : 5_000, check);
    }

    private static Input small(Check check, Input failing) {
        Input smallest = failing;
        for (int step = 0; step < MOST_STEPS; step++) {
            Optional<Input> smaller = smallest.smaller()
                    .filter(one -> fault(check, one).isPresent())
                    .findFirst();
            if (smaller.isEmpty()) {
                break;
            }
            smallest = smaller.get();
        }
        return smallest;
    }

    private static AssertionError failed(Input input, Check check) {
        return new AssertionError(
                "seed " + SEED + ", input " + HexFormat.of().formatHex(input.bytes()),
                fault(check, input).orElse(null));
    }

    private static Optional<Throwable> fault(Check check, Input input) {
        try {
            check.accept(input.bytes());
            return Optional.empty();
        } catch (Throwable fault) {
            return Optional.of(fault);
        }
    }
}
