package io.kappamesh.avro;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one value of a known type. Immutable and thread-safe: what changes lives in the {@link BytesDecoder}. */
@FunctionalInterface
interface ValueReader {
    /** @throws MalformedException if the bytes are no such value, or one that the reader cannot hold */
    @Nullable
    Object read(BytesDecoder in) throws IOException;
}
