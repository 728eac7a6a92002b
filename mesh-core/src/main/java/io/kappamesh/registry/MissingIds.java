package io.kappamesh.registry;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Schema ids that the registry lately did not know, so that garbage in a topic does not become load on the registry.
 *
 * <p>Not forever, because an id may be registered a moment later. Bounded: the oldest go first. Thread-safe.
 */
final class MissingIds {

    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    /** More than the records that the consumers of a process hold between the gate and the intake. */
    private static final int CAPACITY = 100_000;

    private final LongSupplier nanoTime;

    private final Map<Integer, Long> entries = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
            return size() > CAPACITY;
        }
    };

    MissingIds(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void add(int id) {
        entries.remove(id);
        entries.put(id, nanoTime.getAsLong());
    }

    synchronized boolean contains(int id) {
        Long since = entries.get(id);
        if (since != null && nanoTime.getAsLong() - since >= REMEMBERED.toNanos()) {
            entries.remove(id);
            return false;
        }
        return since != null;
    }

    synchronized void remove(int id) {
        entries.remove(id);
    }
}
