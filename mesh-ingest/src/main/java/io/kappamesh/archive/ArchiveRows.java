package io.kappamesh.archive;

import io.kappamesh.Internal;
import io.kappamesh.failure.LifecycleException;
import org.jspecify.annotations.Nullable;

/** The rows of one file in their order, from a place in it. For one thread. */
@Internal
public interface ArchiveRows<V> extends AutoCloseable {
    /** Some buffers. */
    long USUALLY_HELD = 512 << 10;

    /**
     * The next row; null = there is none.
     *
     * @throws LifecycleException when the file breaks off, or is not what its format says
     */
    @Nullable
    ArchiveRow<V> next();

    /**
     * Reads to the end without a look at rows, to find a file that breaks off or is damaged. No row can be read afterwards.
     *
     * @throws LifecycleException when it does or is
     */
    void drain();

    /** About how many bytes of memory it holds while it is open. */
    default long heldBytes() {
        return USUALLY_HELD;
    }

    /** How many bytes of the file were read so far, packed as they are. */
    long bytesRead();

    /** The digest of all that the file says, as it was read: reads what is left. Once only. */
    String digest();

    @Override
    void close();
}
