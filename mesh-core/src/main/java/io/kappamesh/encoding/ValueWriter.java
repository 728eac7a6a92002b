package io.kappamesh.encoding;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes one value of a known type. Not changed once it is made, and thread-safe: what changes lives in the {@link BytesEncoder}. */
@FunctionalInterface
interface ValueWriter {
    /**
     * @return whether what was written is what Avro's own writer would have written; if not, or after an exception, it is worth nothing, and
     *     Avro's own writer has to tell what the value is, or what is wrong with it
     */
    boolean write(@Nullable Object value, BytesEncoder out) throws IOException;
}
