package io.kappamesh.gate;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Schema ids that one partition claims and the registry does not know, each with the offset up to which that is certain: records
 * below it were written before the registry was asked, so that whoever wrote them had registered nothing. A record that comes
 * later is asked for again. Bounded: the oldest go first. Thread-safe.
 */
final class MissingAnswers {
    /** Several times a batch of look-ups, so that no answer is forgotten before its records have passed. */
    private static final int CAPACITY = 2_000;

    private final Map<Integer, Long> ends = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
            return size() > CAPACITY;
        }
    };

    /** @param end the offset behind the last record that was there when the registry was asked */
    synchronized void add(int id, long end) {
        ends.remove(id);
        ends.put(id, end);
    }

    synchronized boolean covers(int id, long offset) {
        Long end = ends.get(id);
        return end != null && offset < end;
    }
}
