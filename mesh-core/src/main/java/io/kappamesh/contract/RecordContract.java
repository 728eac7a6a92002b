package io.kappamesh.contract;

import io.kappamesh.declaration.Problems;
import io.kappamesh.rule.QualityRule;
import io.kappamesh.time.EventTime;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * What holds for each record of a port. An immutable value.
 *
 * @param type the Java class of the values: a generated class, or {@code GenericRecord}
 * @param schema the newest schema of the owner under this major version, or the one that a reader needs
 * @param eventTime the field that carries event time, if one does; the rows of a table may have none
 * @param key what the key of every record must be; empty = nothing is promised of it
 * @param rules what holds besides
 * @param maxBytes the largest serialized value in bytes; a larger one is refused at the intake
 */
public record RecordContract<V extends IndexedRecord>(
        Class<V> type,
        Schema schema,
        EventTime eventTime,
        Optional<KeyRule<V>> key,
        List<QualityRule<V>> rules,
        int maxBytes) {

    /** The largest value in bytes when nothing is declared: half of what a broker takes by default. */
    public static final int DEFAULT_MAX_BYTES = 512 * 1024;

    /** The largest that an owner may declare: brokers take no request above 100 MiB by default ({@code socket.request.max.bytes}). */
    public static final int LARGEST_MAX_BYTES = 64 * 1024 * 1024;

    public RecordContract {
        rules = List.copyOf(rules);
    }

    RecordContract<V> withKey(KeyRule<V> rule) {
        return new RecordContract<>(type, schema, eventTime, Optional.of(rule), rules, maxBytes);
    }

    /** Adds what is wrong with it, be it said by the owner of a port or by a reader. */
    void judge(PortKind kind, Problems problems) {
        problems.unless(
                maxBytes >= 1,
                "the largest record must be at least 1 byte but was " + maxBytes + "; set maxRecordBytes(…)");
        problems.unless(
                !eventTime.isAbsent() || kind == PortKind.TABLE,
                "events have an event time, withoutEventTime() is for tables; set eventTime(…)");
    }
}
