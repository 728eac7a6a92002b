package io.kappamesh.contract;

import io.kappamesh.declaration.Declared;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;

/**
 * A private source of facts that are final: whoever writes it adds facts and takes none back. The one port that may be read as a stream,
 * joined as of an event's time, deduplicated and judged for lateness. Declared with {@link SourcePort#events}. Immutable.
 */
public final class EventSource<V extends IndexedRecord> extends SourcePort<V> {
    private final Optional<Duration> lateness;

    EventSource(Declared<PortContract<V>> contract, Origin origin) {
        this(contract, origin, Optional.empty());
    }

    private EventSource(Declared<PortContract<V>> contract, Origin origin, Optional<Duration> lateness) {
        super(contract, origin);
        this.lateness = lateness;
    }

    /**
     * The source as it is read by who refuses records that are older than the newest one before them in their partition by more than
     * this. The newest is kept with the product's state, so the verdict is a function of the log: the same after a restart and in a replay.
     */
    public EventSource<V> allowingLateness(Duration allowed) {
        return allowed.isNegative()
                ? new EventSource<>(
                        contract.with(List.of("source port "
                                + contract.found()
                                        .map(known -> known.address().toString())
                                        .orElse("")
                                + ": allowed lateness must not be negative but was " + allowed)),
                        origin,
                        Optional.empty())
                : new EventSource<>(contract, origin, Optional.of(allowed));
    }

    /** How far behind the newest record of its own partition a record may be before it is refused as late; empty = any. */
    public Optional<Duration> lateness() {
        return lateness;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && other instanceof EventSource<?> source && lateness.equals(source.lateness);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + lateness.hashCode();
    }
}
