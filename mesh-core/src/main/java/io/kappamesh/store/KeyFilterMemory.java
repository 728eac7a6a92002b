package io.kappamesh.store;

import io.kappamesh.Internal;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One bound on what the key filters of all stores of a process take from the heap. Thread-safe. */
@Internal
public final class KeyFilterMemory {
    private static final String KEY = "mesh.key.filter.memory";
    /** Which part of the heap filters may take. */
    private static final int PART_OF_HEAP = 16;

    private final AtomicLong left;

    /** @param bytes what all filters together may take; without any, no store has a filter */
    public KeyFilterMemory(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** A sixteenth of the largest heap, each key takes two bytes or a few more. */
    public static KeyFilterMemory ofHeap() {
        return new KeyFilterMemory(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    /** What the configuration of a product needs so that its stores share this memory. */
    public Map<String, Object> config() {
        return Map.of(KEY, this);
    }

    /** That of a configuration; a bound of its own where there is none, as in tests that configure Kafka Streams themselves. */
    static KeyFilterMemory of(Map<String, ?> config) {
        return config.get(KEY) instanceof KeyFilterMemory given ? given : ofHeap();
    }

    /** Takes so much, or nothing: false where less is left. */
    boolean take(long bytes) {
        return left.getAndUpdate(free -> free >= bytes ? free - bytes : free) >= bytes;
    }

    void giveBack(long bytes) {
        left.addAndGet(bytes);
    }

    /** Bytes that are not taken. */
    long left() {
        return left.get();
    }
}
