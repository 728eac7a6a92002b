package io.kappamesh.intake;

import io.kappamesh.Internal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Keys of records, which are UTF-8 strings. A key that is not UTF-8 must still reach the dead letters byte for byte. So its string
 * holds all of its bytes: the noncharacter U+FFFF followed by one character per byte.
 */
@Internal
public final class RecordKeys {
    /** The longest valid key in bytes. Topics leave room for it beside the largest value. */
    public static final int MAX_BYTES = 8 * 1024;

    private static final char UNREADABLE = '\uFFFF';

    private RecordKeys() {}

    /** A lossless serde: it restores every sequence of bytes. Thread-safe. */
    public static Serde<@Nullable String> serde() {
        return Serdes.serdeFrom((topic, key) -> toBytes(key), (topic, bytes) -> toText(bytes));
    }

    /** The serializer for dead letters. If the headers say that the key is cut, it writes only the first bytes of the key. */
    public static Serde<@Nullable String> lettersSerde() {
        return Serdes.serdeFrom(
                new Serializer<>() {
                    @Override
                    public byte @Nullable [] serialize(String topic, @Nullable String key) {
                        return toBytes(key);
                    }

                    @Override
                    public byte @Nullable [] serialize(String topic, Headers headers, @Nullable String key) {
                        return TruncatedPart.kept(DeadLetter.cuts(headers), TruncatedPart.Part.KEY, toBytes(key));
                    }
                },
                (topic, bytes) -> toText(bytes));
    }

    /** Whether the key is valid: present, UTF-8, not too long, and without control characters. */
    public static boolean isReadable(@Nullable String key, int serializedBytes) {
        return objection(key, serializedBytes).isEmpty();
    }

    /**
     * Why a key is not valid, as the rest of a sentence that begins with "the key"; empty = it is valid. A 64-bit integer or an Avro key is
     * often valid UTF-8, but usually contains control characters.
     */
    static Optional<String> objection(@Nullable String key, int serializedBytes) {
        if (key == null) {
            return Optional.of("is missing");
        }
        if (serializedBytes > MAX_BYTES) {
            return Optional.of("has more than " + MAX_BYTES + " bytes");
        }
        if (!key.isEmpty() && key.charAt(0) == UNREADABLE) {
            return Optional.of("is not UTF-8");
        }
        for (int i = 0; i < key.length(); i++) {
            if (Character.isISOControl(key.charAt(i))) {
                return Optional.of(
                        "holds a control character, as numbers and Avro do that are not text; write keys as UTF-8"
                                + " text");
            }
        }
        return Optional.empty();
    }

    public static byte @Nullable [] toBytes(@Nullable String key) {
        if (key == null) {
            return null;
        }
        boolean unreadable = !key.isEmpty() && key.charAt(0) == UNREADABLE;
        return unreadable
                ? key.substring(1).getBytes(StandardCharsets.ISO_8859_1)
                : key.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String toText(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        if (isAscii(bytes)) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.isEmpty() || text.charAt(0) != UNREADABLE) {
                return text;
            }
        } catch (CharacterCodingException notUtf8) {
            // kept below, byte by byte
        }
        return UNREADABLE + new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** As nearly all keys are, which need no decoder. */
    private static boolean isAscii(byte[] bytes) {
        for (byte one : bytes) {
            if (one < 0) {
                return false;
            }
        }
        return true;
    }
}
