package io.kappamesh.intake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A part of a rejected record that is too large to be kept whole. The dead letter holds its first {@value #FIRST_BYTES} bytes; of
 * headers, none. The whole record is in the input, at the offset that the dead letter names, for as long as the input's owner keeps it.
 *
 * @param part which part
 * @param bytes its original size
 * @param sha256 the SHA-256 digest of all of its bytes, in hexadecimal digits. The bytes of headers are, for each header in turn, the name
 *     and the value, each after its length in 4 bytes, big-endian; a null value has the length -1 and no bytes
 */
public record TruncatedPart(Part part, long bytes, String sha256) {

    /** The parts that may be cut, in this order, until the rest fits. */
    public enum Part {
        /** The value. */
        VALUE,
        /** All headers. */
        HEADERS,
        /** The key. */
        KEY
    }

    /** How many bytes are kept of a key or value that is cut. */
    public static final int FIRST_BYTES = 1024;

    private static final String BETWEEN = ", ";

    /** The parts that have to be cut so that key, value and headers fit into the limit, in bytes; empty = none. */
    static List<TruncatedPart> of(byte @Nullable [] key, byte @Nullable [] value, Headers headers, int limit) {
        long left = (long) length(key) + length(value) + length(headers) - limit;
        List<TruncatedPart> cuts = new ArrayList<>();
        if (left > 0 && value != null && value.length > FIRST_BYTES) {
            cuts.add(new TruncatedPart(Part.VALUE, value.length, digest(value)));
            left -= value.length - FIRST_BYTES;
        }
        if (left > 0 && length(headers) > FIRST_BYTES) {
            cuts.add(new TruncatedPart(Part.HEADERS, length(headers), digest(headers)));
            left -= length(headers);
        }
        if (left > 0 && key != null && key.length > FIRST_BYTES) {
            cuts.add(new TruncatedPart(Part.KEY, key.length, digest(key)));
        }
        return List.copyOf(cuts);
    }

    /** The bytes that are kept of a key or value: the first ones if it is cut, otherwise all. */
    static byte @Nullable [] kept(List<TruncatedPart> cuts, Part part, byte @Nullable [] bytes) {
        return bytes == null || !has(cuts, part) ? bytes : Arrays.copyOf(bytes, Math.min(bytes.length, FIRST_BYTES));
    }

    static boolean has(List<TruncatedPart> cuts, Part part) {
        return cuts.stream().anyMatch(cut -> cut.part() == part);
    }

    /** The text of the header: {@code value 20971520 9f86d0…, key 4711 2c26b4…}. */
    static String text(List<TruncatedPart> cuts) {
        return String.join(
                BETWEEN,
                cuts.stream()
                        .map(cut -> cut.part().name().toLowerCase(Locale.ROOT) + " " + cut.bytes() + " " + cut.sha256())
                        .toList());
    }

    /**
     * Parses a text that {@link #text} returned.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    static List<TruncatedPart> parse(String text) {
        List<TruncatedPart> cuts = new ArrayList<>();
        for (String cut : text.split(BETWEEN, -1)) {
            String[] words = cut.split(" ", -1);
            if (words.length != 3) {
                throw new IllegalArgumentException(
                        "no dead letter: what was cut is not given as part, bytes and digest");
            }
            cuts.add(new TruncatedPart(
                    Part.valueOf(words[0].toUpperCase(Locale.ROOT)), Long.parseLong(words[1]), words[2]));
        }
        return List.copyOf(cuts);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** The size of names and values, and an upper bound for the lengths that Kafka and the digest add. */
    private static long length(Headers headers) {
        long length = 0;
        for (Header header : headers) {
            length += utf8(header.key()).length + length(header.value()) + 2 * Integer.BYTES;
        }
        return length;
    }

    private static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(newDigest().digest(bytes));
    }

    private static String digest(Headers headers) {
        MessageDigest digest = newDigest();
        for (Header header : headers) {
            update(digest, utf8(header.key()));
            update(digest, header.value());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, byte @Nullable [] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(bytes == null ? -1 : bytes.length)
                .array());
        if (bytes != null) {
            digest.update(bytes);
        }
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
