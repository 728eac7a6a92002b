package io.kappamesh.intake;

import io.kappamesh.Internal;
import io.kappamesh.contract.InputPort;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.format.WriterSchemas;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a product knows the records of a port by: the text that {@link RecordKeys} reads; in a source with another format of keys, what that
 * format makes of the same bytes; in one that is keyed by its values, what the port's rule makes of the value. Immutable and thread-safe.
 */
@Internal
public final class SourceKeys {
    private final Optional<KeyFormat> format;
    private final boolean keyedByValue;
    private final String topic;

    public SourceKeys(InputPort<?> port, WriterSchemas writers) {
        this.format = port.keys().map(keys -> keys.using(writers));
        this.keyedByValue = port.isKeyedByValue();
        this.topic = port.topic();
    }

    /** Why a record has no key, to follow "the key"; empty = it has one, which it is given. */
    Optional<String> read(@Nullable String read, int serializedBytes, IncomingRecord<?> incoming) {
        if (keyedByValue) {
            return taken(incoming.declaredKey(), incoming);
        }
        if (format.isPresent() && read != null && serializedBytes <= RecordKeys.MAX_BYTES) {
            @Nullable String text = formatted(format.get(), read);
            return text == null ? Optional.of("is not in the format that the port declares") : taken(text, incoming);
        }
        Optional<String> objection = RecordKeys.objection(read, serializedBytes);
        if (objection.isEmpty()) {
            incoming.keyIs(read);
        }
        return objection;
    }

    private static Optional<String> taken(@Nullable String text, IncomingRecord<?> incoming) {
        Optional<String> objection =
                RecordKeys.objection(text, text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length);
        if (objection.isEmpty()) {
            incoming.keyIs(text);
        }
        return objection;
    }

    private @Nullable String formatted(KeyFormat keys, String read) {
        byte @Nullable [] bytes = RecordKeys.toBytes(read);
        try {
            return bytes == null ? null : keys.text(bytes).orElse(null);
        } catch (WriterSchemas.NoAnswerException away) {
            throw new SchemaUnavailableException(topic, away.id(), away);
        } catch (RuntimeException thrown) {
            return null;
        }
    }
}
