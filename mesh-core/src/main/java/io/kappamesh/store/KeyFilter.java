package io.kappamesh.store;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.common.utils.Utils;

/**
 * A Bloom filter that grows: it knows of most keys that were never added that they were not, and of no key that was added.
 *
 * <p>Blocked (Putze, Sanders, Singler: <i>Cache-, Hash- and Space-Efficient Bloom Filters</i>, 2007): all bits of a key are in one line of
 * the processor's cache. Growing adds a segment (Almeida et al.: <i>Scalable Bloom Filters</i>, 2007), because the keys are gone by then.
 * Sixteen bits for each key let less than one
 * absent key of a hundred through, all segments together.
 *
 * <p>One thread adds at a time; any thread may ask. A key that another thread has just added may still be unknown to it.
 */
final class KeyFilter implements AutoCloseable {
    private static final int FIRST_BYTES = 16 * 1024;
    private static final int GROWTH = 4;
    private static final int BITS_PER_KEY = 16;
    private static final int PROBES = 7;
    /** A block is one line of the cache: eight longs. */
    private static final int BLOCK_LONGS = 8;

    private static final int BITS_OF_A_POSITION = 9;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final KeyFilterMemory memory;
    private volatile Segment[] segments = {};
    private long taken;
    private long keysUntilFull;

    KeyFilter(KeyFilterMemory memory) {
        this.memory = memory;
    }

    /** Whether the key was certainly never added. */
    boolean lacks(byte[] key) {
        return lacks(hash(key));
    }

    private boolean lacks(long hash) {
        for (Segment segment : segments) {
            if (segment.mayHold(hash)) {
                return false;
            }
        }
        return true;
    }

    /** Adds the key; false if there is no memory for one more, and then the filter knows nothing any longer. */
    boolean add(byte[] key) {
        long hash = hash(key);
        if (!lacks(hash)) {
            return true;
        }
        if (keysUntilFull == 0 && !grow()) {
            return false;
        }
        keysUntilFull--;
        segments[segments.length - 1].add(hash);
        return true;
    }

    private boolean grow() {
        Segment[] before = segments;
        long bytes = before.length == 0 ? FIRST_BYTES : before[before.length - 1].bytes() * GROWTH;
        if (bytes > Integer.MAX_VALUE || !memory.take(bytes)) {
            return false;
        }
        taken += bytes;
        Segment[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = new Segment((int) (bytes / Long.BYTES));
        keysUntilFull = bytes * Byte.SIZE / BITS_PER_KEY;
        segments = after;
        return true;
    }

    /** Gives the memory back. */
    @Override
    public void close() {
        memory.giveBack(taken);
        taken = 0;
    }

    /**
     * Two hashes of 32 bits, mixed. The first one alone would not do: Kafka chooses partitions by it, so that the keys of one task have a
     * part of it in common.
     */
    private static long hash(byte[] key) {
        long both = ((long) Utils.murmur2(key) << Integer.SIZE) | (Arrays.hashCode(key) & 0xFFFFFFFFL);
        return mix(both);
    }

    /** Steele, Lea, Flood: <i>Fast Splittable Pseudorandom Number Generators</i>, 2014; the constants are Stafford's variant 13. */
    private static long mix(long value) {
        long first = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        long second = (first ^ (first >>> 27)) * 0x94D049BB133111EBL;
        return second ^ (second >>> 31);
    }

    private static final class Segment {
        private final AtomicLongArray bits;
        private final int blocks;

        Segment(int longs) {
            bits = new AtomicLongArray(longs);
            blocks = longs / BLOCK_LONGS;
        }

        long bytes() {
            return (long) bits.length() * Long.BYTES;
        }

        private int block(long hash) {
            return (int) (((hash >>> Integer.SIZE) * blocks) >>> Integer.SIZE) * BLOCK_LONGS;
        }

        /** Of nine bits, three tell the long of the block, and all of them the bit in it: the shift takes the last six. */
        private static long bit(long positions) {
            return 1L << (positions >>> (Long.SIZE - BITS_OF_A_POSITION));
        }

        boolean mayHold(long hash) {
            int block = block(hash);
            long positions = hash * GOLDEN;
            for (int probe = 0; probe < PROBES; probe++) {
                int at = block + (int) (positions >>> (Long.SIZE - 3));
                if ((bits.getAcquire(at) & bit(positions)) == 0) {
                    return false;
                }
                positions <<= BITS_OF_A_POSITION;
            }
            return true;
        }

        void add(long hash) {
            int block = block(hash);
            long positions = hash * GOLDEN;
            for (int probe = 0; probe < PROBES; probe++) {
                int at = block + (int) (positions >>> (Long.SIZE - 3));
                bits.setRelease(at, bits.getPlain(at) | bit(positions));
                positions <<= BITS_OF_A_POSITION;
            }
        }
    }
}
