package io.kappamesh.serde;

import io.kappamesh.Internal;
import java.nio.ByteBuffer;
import org.apache.avro.generic.GenericFixed;

/** Bytes as Avro's own types hold them. Stateless. */
@Internal
public final class AvroBytes {
    private AvroBytes() {}

    /**
     * The bytes of a {@link GenericFixed} or a {@link ByteBuffer}, whose position stays.
     *
     * @return of a fixed value those that it holds itself: not to be changed
     */
    public static byte[] of(Object value) {
        if (value instanceof GenericFixed fixed) {
            return fixed.bytes();
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
