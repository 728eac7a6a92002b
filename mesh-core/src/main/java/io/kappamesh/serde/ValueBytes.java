package io.kappamesh.serde;

import io.kappamesh.Internal;
import io.kappamesh.avro.Decoded;
import java.util.function.Function;
import org.apache.kafka.common.header.Headers;

/** From the bytes of an input port to its values, in the format that the port has. Implementations are thread-safe. */
@Internal
@FunctionalInterface
public interface ValueBytes<V> extends Function<byte[], Decoded<V>> {

    /** What the bytes of a record say, together with those of its headers that the port's format reads. */
    default Decoded<V> apply(byte[] bytes, Headers headers) {
        return apply(bytes);
    }
}
