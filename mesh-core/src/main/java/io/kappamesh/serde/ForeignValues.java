package io.kappamesh.serde;

import io.kappamesh.avro.Decoded;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.WriterSchemas;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Values in a format that somebody may have written himself: whatever it throws costs the record and nothing else. Thread-safe as its
 * decoder is.
 */
final class ForeignValues<V> implements ValueBytes<V> {
    private final Set<String> headers;
    private final ValueFormat.Decoder<V> decoder;

    /** @param headers the names of those that the decoder reads */
    ForeignValues(Set<String> headers, ValueFormat.Decoder<V> decoder) {
        this.headers = Set.copyOf(headers);
        this.decoder = decoder;
    }

    @Override
    public Decoded<V> apply(byte[] bytes) {
        return read(bytes, Map.of());
    }

    @Override
    public Decoded<V> apply(byte[] bytes, Headers all) {
        Map<String, byte[]> declared = headers.isEmpty() ? Map.of() : new HashMap<>();
        for (String name : headers) {
            @Nullable Header last = all.lastHeader(name);
            if (last != null && last.value() != null) {
                declared.put(name, last.value());
            }
        }
        return read(bytes, declared);
    }

    private Decoded<V> read(byte[] bytes, Map<String, byte[]> declared) {
        try {
            ValueFormat.Result<V> result = decoder.decode(bytes, declared);
            if (result instanceof ValueFormat.Value<V> value) {
                return new Decoded.Value<>(value.value());
            }
            if (result instanceof ValueFormat.Rejected<V> rejected) {
                return new Decoded.Refused<>(rejected.reason());
            }
            return result instanceof ValueFormat.Ignored<V> ? new Decoded.Ignored<>() : new Decoded.Deleted<>();
        } catch (WriterSchemas.NoAnswerException away) {
            return new Decoded.Waiting<>(away.id(), away);
        } catch (RuntimeException | StackOverflowError thrown) {
            // Its message may repeat what the record says.
            return new Decoded.Refused<>("its format threw " + thrown.getClass().getName());
        }
    }
}
