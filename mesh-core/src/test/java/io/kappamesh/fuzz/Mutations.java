package io.kappamesh.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Inputs that are nearly right: samples of which bytes are changed, cut out, doubled, or replaced by words that mean something. Some are
 * cut off, and some are nothing but noise. A failure is made smaller by leaving changes out.
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

    /** A sample and what is changed in it, one after the other. */
    static final class Input {
        private final byte[] sample;
        private final List<Mutation> changes;

        private Input(byte[] sample, List<Mutation> changes) {
            this.sample = sample;
            this.changes = changes;
        }

        byte[] bytes() {
            byte[] bytes = sample.clone();
            for (Mutation change : changes) {
                bytes = change.of(bytes);
            }
            return bytes;
        }

        /** With one change less; or, where there is none, without a part of it. */
        Stream<Input> smaller() {
            if (!changes.isEmpty()) {
                return IntStream.range(0, changes.size()).mapToObj(left -> {
                    List<Mutation> fewer = new ArrayList<>(changes);
                    fewer.remove(left);
                    return new Input(sample, fewer);
                });
            }
            int half = sample.length / 2;
            return sample.length < 2
                    ? Stream.empty()
                    : Stream.of(
                            new Input(Arrays.copyOf(sample, half), List.of()),
                            new Input(Arrays.copyOfRange(sample, half, sample.length), List.of()));
        }
    }

    private final List<byte[]> samples;
    private final List<String> words;

    private Mutations(List<byte[]> samples, List<String> words) {
        this.samples = List.copyOf(samples);
        this.words = List.copyOf(words);
    }

    /**
     * Mutated samples.
     *
     * @param samples what is right
     * @param words what means something there
     */
    public static Mutations of(List<byte[]> samples, List<String> words) {
        return new Mutations(samples, words);
    }

    Input draw(Random random) {
        if (random.nextInt(20) == 0) {
            return new Input(noise(random, LARGEST_NOISE), List.of());
        }
        List<Mutation> changes = new ArrayList<>();
        for (int left = random.nextInt(MOST_CHANGES + 1); left > 0; left--) {
            changes.add(mutation(random));
        }
        return new Input(samples.get(random.nextInt(samples.size())), changes);
    }

    private Mutation mutation(Random random) {
        byte[] word = random.nextBoolean()
                ? words.get(random.nextInt(words.size())).getBytes(StandardCharsets.UTF_8)
                : noise(random, 4);
        return new Mutation(
                Kind.values()[random.nextInt(Kind.values().length)],
                random.nextInt(1_000_001),
                1 + random.nextInt(64),
                new String(word, StandardCharsets.ISO_8859_1));
    }

    private static byte[] noise(Random random, int most) {
        byte[] noise = new byte[random.nextInt(most + 1)];
        random.nextBytes(noise);
        return noise;
    }

    /** Texts as they are sent. */
    public static List<byte[]> samples(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }
}
