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
 * Message keys are UTF-8 strings. A key that is not must still reach the dead letters byte for byte, so that the text which stands
 * for it here carries all of its bytes: the noncharacter U+FFFF followed by one character per byte.
 */
@Internal
public final class RecordKeys {
    /** The longest key in bytes: what topics leave free beside the largest value. */
    public static final int MAX_BYTES = 8 * 1024;

    private static final char UNREADABLE = '\uFFFF';

    private RecordKeys() {}

    /** A lossless serde: every sequence of bytes comes back as it was. Thread-safe. */
    public static Serde<@Nullable String> serde() {
        return Serdes.serdeFrom((topic, key) -> toBytes(key), (topic, bytes) -> toText(bytes));
    }

    /** The same for dead letters, whose headers say if the key was too large and only its first bytes are kept. It only writes. */
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

    /** Whether the text is a real key: present, UTF-8, of an allowed length, and text: no control characters. */
    public static boolean isReadable(@Nullable String key, int serializedBytes) {
        return objection(key, serializedBytes).isEmpty();
    }

    /**
     * Why a key is none, to follow "the key"; empty = it is one. A 64-bit integer or a key in Avro is often valid UTF-8, and only its
     * control characters give it away.
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
                        "holds a control character, as numbers and Avro do that are not text; write keys as UTF-8 text");
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
}
