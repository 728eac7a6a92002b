package io.kappamesh.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a product reads: an address and the schema it needs. The reader may need less than the owner serves; Avro's schema
 * resolution drops the rest.
 *
 * @param address the owner's port
 * @param kind table or events, as the owner declares it
 * @param type the Java class of the values
 * @param reader the schema the reader needs
 * @param eventTime the field of the reader's schema that carries event time
 * @param key what the key of every record must be; a record under another key is refused. Empty = anything
 * @param lateness how far behind the newest record of its own partition a record may be before it is refused as late; empty = any
 * @param rules what the reader demands of every record, beyond the schema
 * @param maxRecordBytes the largest value in bytes that is let in
 * @param source the port itself when it is a private source of the reader's own domain, which the reader provides
 */
public record InputPort<V extends IndexedRecord>(
        PortAddress address,
        PortKind kind,
        Class<V> type,
        Schema reader,
        EventTime eventTime,
        Optional<KeyRule<V>> key,
        Optional<Duration> lateness,
        List<QualityRule<V>> rules,
        int maxRecordBytes,
        Optional<SourcePort<V>> source) {

    public InputPort {
        rules = List.copyOf(rules);
        Problems problems = new Problems("input port " + address);
        problems.unless(maxRecordBytes >= 1, "the largest record must be at least 1 byte but was " + maxRecordBytes);
        lateness.ifPresent(allowed ->
                problems.unless(!allowed.isNegative(), "allowed lateness must not be negative but was " + allowed));
        problems.unless(
                lateness.isEmpty() || kind == PortKind.EVENTS,
                "allowed lateness is for events; of a table compaction takes records away, and with them what is late");
        problems.throwIfAny();
    }

    /** Somebody's table port, read by its published contract with the schema of a generated class. */
    public static <V extends IndexedRecord> InputPort<V> table(String address, Class<V> type, String eventTime) {
        return published(address, PortKind.TABLE, type, RecordSchemas.of(type), eventTime);
    }

    /** Somebody's event port, read by its published contract with the schema of a generated class. */
    public static <V extends IndexedRecord> InputPort<V> events(String address, Class<V> type, String eventTime) {
        return published(address, PortKind.EVENTS, type, RecordSchemas.of(type), eventTime);
    }

    /** The port of an owner as it is: the same schema, event time and rules. */
    static <V extends IndexedRecord> InputPort<V> of(OwnedPort<V> port) {
        PortContract<V> contract = port.contract();
        Optional<SourcePort<V>> source = port instanceof SourcePort<V> own ? Optional.of(own) : Optional.empty();
        return new InputPort<>(
                contract.address(),
                contract.kind(),
                contract.type(),
                contract.schema(),
                contract.eventTime(),
                contract.key(),
                Optional.empty(),
                contract.rules(),
                contract.maxRecordBytes(),
                source);
    }

    /**
     * Refuses records that are older than the newest one before them in their partition by more than this. The newest is kept with
     * the product's state, so the verdict is a function of the log: the same after a restart and in a replay.
     */
    public InputPort<V> allowingLateness(Duration allowed) {
        return new InputPort<>(
                address, kind, type, reader, eventTime, key, Optional.of(allowed), rules, maxRecordBytes, source);
    }

    /** Demands something of every record; what does not hold it is refused, and in a table deletes its key. A pure, thread-safe function. */
    public InputPort<V> demanding(String rule, String description, Predicate<? super V> holds) {
        List<QualityRule<V>> more = new ArrayList<>(rules);
        more.add(new QualityRule<>(rule, description, holds));
        return new InputPort<>(address, kind, type, reader, eventTime, key, lateness, more, maxRecordBytes, source);
    }

    private static <V extends IndexedRecord> InputPort<V> published(
            String address, PortKind kind, Class<V> type, @Nullable Schema reader, String eventTime) {
        PortAddress parsed = PortAddress.of(address);
        if (reader == null) {
            throw new DeclarationException(List.of("input port " + address + ": " + type.getName()
                    + " is no generated Avro class; read with a generated class of the schema you need"));
        }
        return new InputPort<>(
                parsed,
                kind,
                type,
                reader,
                EventTime.in(reader, eventTime),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                PortContract.DEFAULT_MAX_RECORD_BYTES,
                Optional.empty());
    }
}
