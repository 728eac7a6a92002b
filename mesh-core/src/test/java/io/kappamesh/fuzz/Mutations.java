package io.kappamesh.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/**
 * Inputs that are nearly right: samples of which bytes are changed, cut out, doubled, or replaced by words that mean something. Some are
 * cut off, and some are nothing but noise. A failure shrinks to few changes.
 */
public final class Mutations {
    private static final int MOST_CHANGES = 8;
    private static final int LARGEST_NOISE = 512;

    private enum Kind {
        CHANGE,
        FLIP,
        CUT_OUT,
        CUT_OFF,
        DOUBLE,
        INSERT,
        REPLACE
    }

    /**
     * A change.
     *
     * @param where of a million, as a part of the input's length
     * @param letters a word, one letter for each byte
     */
    private record Mutation(Kind kind, int where, int length, String letters) {
        byte[] of(byte[] input) {
            byte[] word = letters.getBytes(StandardCharsets.ISO_8859_1);
            int from = (int) ((long) where * input.length / 1_000_000);
            int to = Math.min(input.length, from + length);
            byte[] middle = Arrays.copyOfRange(input, from, to);
            return switch (kind) {
                case CHANGE -> joined(input, from, word, Math.min(input.length, from + word.length));
                case FLIP -> flipped(input, from);
                case CUT_OUT -> joined(input, from, new byte[0], to);
                case CUT_OFF -> Arrays.copyOf(input, from);
                case DOUBLE -> joined(input, to, middle, to);
                case INSERT -> joined(input, from, word, from);
                case REPLACE -> joined(input, from, word, to);
            };
        }

        private byte[] flipped(byte[] input, int at) {
            byte[] flipped = input.clone();
            if (at < flipped.length) {
                flipped[at] ^= (byte) (1 << (length % 8));
            }
            return flipped;
        }

        private static byte[] joined(byte[] input, int from, byte[] middle, int to) {
            byte[] joined = new byte[from + middle.length + input.length - to];
            System.arraycopy(input, 0, joined, 0, from);
            System.arraycopy(middle, 0, joined, from, middle.length);
            System.arraycopy(input, to, joined, from + middle.length, input.length - to);
            return joined;
        }
    }

    private Mutations() {}

    /**
     * Mutated samples.
     *
     * @param samples what is right
     * @param words what means something there
     */
    public static Arbitrary<byte[]> of(List<byte[]> samples, List<String> words) {
        Arbitrary<String> word = Arbitraries.oneOf(
                        Arbitraries.of(words).map(text -> text.getBytes(StandardCharsets.UTF_8)),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(4))
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
        Arbitrary<Mutation> mutation = Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(0, 1_000_000),
                        Arbitraries.integers().between(1, 64),
                        word)
                .as(Mutation::new);
        Arbitrary<byte[]> mutated = Combinators.combine(
                        Arbitraries.of(samples), mutation.list().ofMaxSize(MOST_CHANGES))
                .as((sample, changes) -> {
                    byte[] input = sample;
                    for (Mutation change : changes) {
                        input = change.of(input);
                    }
                    return input;
                });
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(LARGEST_NOISE);
        return Arbitraries.frequencyOf(Tuple.of(19, mutated), Tuple.of(1, noise));
    }

    /** Texts as they are sent. */
    public static List<byte[]> samples(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
