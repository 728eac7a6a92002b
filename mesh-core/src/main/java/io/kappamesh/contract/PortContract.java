package io.kappamesh.contract;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * Everything the owner of a port promises. Message keys are UTF-8 strings; values are Avro records.
 *
 * @param address the topic, with the contract's major version
 * @param kind table or events
 * @param type the Java class of the values: a generated class, or {@code GenericRecord}
 * @param schema the newest schema under this major version
 * @param eventTime the field that carries event time, if one does; the rows of a table may have none
 * @param key what the key of every record must be; empty = the owner promises nothing of it
 * @param partitions how many partitions the topic has; part of the contract, because keys are placed by it
 * @param maxRecordBytes the largest serialized value in bytes; a record that would become larger is refused at the intake
 * @param levels service levels
 * @param rules what holds for every record
 * @param description what the port tells, for a reader of the catalogue
 */
public record PortContract<V extends IndexedRecord>(
        PortAddress address,
        PortKind kind,
        Class<V> type,
        Schema schema,
        EventTime eventTime,
        Optional<KeyRule<V>> key,
        int partitions,
        int maxRecordBytes,
        ServiceLevels levels,
        List<QualityRule<V>> rules,
        String description) {

    /** The largest value in bytes when nothing is declared: half of what a broker takes by default. */
    public static final int DEFAULT_MAX_RECORD_BYTES = 512 * 1024;

    /** The largest that may be declared: brokers take no request above 100 MiB by default ({@code socket.request.max.bytes}). */
    public static final int LARGEST_MAX_RECORD_BYTES = 64 * 1024 * 1024;

    public PortContract {
        rules = List.copyOf(rules);
        Problems problems = new Problems("port " + address);
        problems.unless(partitions >= 1, "partitions must be at least 1 but was " + partitions + "; set partitions(…)");
        problems.unless(
                maxRecordBytes >= 1,
                "the largest record must be at least 1 byte but was " + maxRecordBytes + "; set maxRecordBytes(…)");
        problems.unless(
                maxRecordBytes <= LARGEST_MAX_RECORD_BYTES,
                "the largest record must be at most " + LARGEST_MAX_RECORD_BYTES + " bytes but was " + maxRecordBytes
                        + ", more than brokers take at once; publish a reference to what is larger");
        problems.unless(
                !description.isBlank(), "a description is missing; say in describedAs(…) what the port contains");
        problems.unless(
                !eventTime.isAbsent() || kind == PortKind.TABLE,
                "events have an event time, withoutEventTime() is for tables; set eventTime(…)");
        problems.unless(
                !eventTime.isAbsent() || levels.retention().isEmpty(),
                "keptFor(…) is counted in event time, and its rows have none; leave it out");
        problems.unless(
                !eventTime.isAbsent() || levels.lookBack().isEmpty(),
                "lookingBack(…) is counted from event time, and its rows have none; leave it out");
        problems.throwIfAny();
    }
}
