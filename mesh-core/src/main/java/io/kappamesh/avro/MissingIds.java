package io.kappamesh.avro;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Schema ids that the registry lately did not know, so that garbage in a topic does not become load on the registry.
 *
 * <p>Not for ever, because an id may be registered a moment later. Bounded: the oldest go first. Thread-safe.
 */
final class MissingIds {

    private static final Duration REMEMBERED = Duration.ofMinutes(1);
    private static final int CAPACITY = 10_000;

    private final LongSupplier nanoTime;

    private final Map<Integer, Entry> entries = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Entry> eldest) {
            return size() > CAPACITY;
        }
    };

    MissingIds(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized Lookup.Missing add(int id, String reason) {
        Lookup.Missing missing = new Lookup.Missing(reason);
        entries.remove(id);
        entries.put(id, new Entry(missing, nanoTime.getAsLong()));
        return missing;
    }

    synchronized Lookup.@Nullable Missing find(int id) {
        Entry entry = entries.get(id);
        if (entry == null) {
            return null;
        }
        if (nanoTime.getAsLong() - entry.since >= REMEMBERED.toNanos()) {
            entries.remove(id);
            return null;
        }
        return entry.missing;
    }

    synchronized void remove(int id) {
        entries.remove(id);
    }

    private record Entry(Lookup.Missing missing, long since) {}
}
