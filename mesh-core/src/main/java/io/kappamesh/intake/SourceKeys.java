package io.kappamesh.intake;

import io.kappamesh.Internal;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.KeyFormat;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a port: the text that {@link RecordKeys} reads, or, in a source with another format, what that format makes of the same bytes.
 * Immutable and thread-safe.
 */
@Internal
public final class SourceKeys {
    private final Optional<KeyFormat> format;

    public SourceKeys(InputPort<?> port) {
        format = port.keys();
    }

    /** Why a key is none, to follow "the key"; empty = it is one. */
    Optional<String> objection(@Nullable String read, int serializedBytes) {
        if (format.isEmpty() || read == null || serializedBytes > RecordKeys.MAX_BYTES) {
            return RecordKeys.objection(read, serializedBytes);
        }
        Optional<String> text = formatted(format.get(), read);
        return text.isEmpty()
                ? Optional.of("is not in the format that the port declares")
                : RecordKeys.objection(text.get(), text.get().getBytes(StandardCharsets.UTF_8).length);
    }

    /**
     * The text of a key to which there is no objection.
     *
     * @throws IllegalStateException when there is one
     */
    public String text(String read) {
        return format.map(keys -> formatted(keys, read)
                        .orElseThrow(() -> new IllegalStateException("a key came in that its format does not read")))
                .orElse(read);
    }

    private static Optional<String> formatted(KeyFormat format, String read) {
        byte @Nullable [] bytes = RecordKeys.toBytes(read);
        try {
            return bytes == null ? Optional.empty() : format.text(bytes);
        } catch (RuntimeException thrown) {
            return Optional.empty();
        }
    }
}
