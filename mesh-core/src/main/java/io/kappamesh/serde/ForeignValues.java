package io.kappamesh.serde;

import io.kappamesh.avro.Decoded;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.WriterSchemas;
import java.util.function.Function;

/**
 * Values in a format that somebody may have written himself: whatever it throws costs the record and nothing else. Thread-safe as its
 * decoder is.
 */
final class ForeignValues<V> implements Function<byte[], Decoded<V>> {
    private final ValueFormat.Decoder<V> decoder;

    ForeignValues(ValueFormat.Decoder<V> decoder) {
        this.decoder = decoder;
    }

    @Override
    public Decoded<V> apply(byte[] bytes) {
        try {
            ValueFormat.Result<V> result = decoder.decode(bytes);
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
