package io.kappamesh.topology;

import io.kappamesh.contract.PortAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * On each thread the value that the intake has admitted last, and the ports by whose rules it has judged it: what follows from a record is processed before the thread takes the
 * next one. The same object needs no second judgement where it is published. Thread-safe.
 */
final class JudgedValues {
    private static final class Slot {
        @Nullable
        Object value;

        Set<PortAddress> by = Set.of();
    }

    @SuppressWarnings("ThreadLocalUsage") // one for each product, whose threads end with it
    private final ThreadLocal<Slot> last = ThreadLocal.withInitial(Slot::new);

    /**
     * Notes a value before it is forwarded.
     *
     * @param value null deletes, and is not judged
     * @param by the ports by whose rules it is judged, as far as they refuse
     */
    <V> V note(V value, Set<PortAddress> by) {
        Slot slot = last.get();
        slot.value = value;
        slot.by = by;
        return value;
    }

    /** Whether it is the value that the intake has admitted by all rules of the port that refuse. */
    boolean isJudged(Object value, PortAddress port) {
        Slot slot = last.get();
        return slot.value == value && slot.by.contains(port);
    }

    /** Forwards what a value was converted to, which the intake has judged with it. */
    void forwardConverted(Object value, Object converted, Runnable forward) {
        Slot slot = last.get();
        if (slot.value != value) {
            forward.run();
            return;
        }
        slot.value = converted;
        try {
            forward.run();
        } finally {
            slot.value = value;
        }
    }
}
