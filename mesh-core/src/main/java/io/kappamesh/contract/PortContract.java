package io.kappamesh.contract;

import io.kappamesh.declaration.Problems;
import io.kappamesh.level.Indicator;
import io.kappamesh.level.ServiceLevels;
import io.kappamesh.rule.QualityRule;
import io.kappamesh.time.EventTime;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * Everything the owner of a port promises. Message keys are UTF-8 strings; values are Avro records. An immutable value.
 *
 * @param address the topic, with the contract's major version
 * @param kind table or events
 * @param records what holds for each record
 * @param partitions how many partitions the topic has; part of the contract, because keys are placed by it
 * @param compression how its batches are compressed; empty = as the producer does, which is lz4
 * @param levels service levels
 * @param description what the port tells, for a reader of the catalogue
 */
public record PortContract<V extends IndexedRecord>(
        PortAddress address,
        PortKind kind,
        RecordContract<V> records,
        int partitions,
        Optional<Compression> compression,
        ServiceLevels levels,
        String description) {

    public PortContract {
        Problems problems = new Problems("port " + address);
        problems.unless(partitions >= 1, "partitions must be at least 1 but was " + partitions + "; set partitions(…)");
        records.judge(kind, problems);
        problems.unless(
                records.maxBytes() <= RecordContract.LARGEST_MAX_BYTES,
                "the largest record must be at most " + RecordContract.LARGEST_MAX_BYTES + " bytes but was "
                        + records.maxBytes()
                        + ", more than brokers take at once; publish a reference to what is larger");
        problems.unless(
                !description.isBlank(), "a description is missing; say in describedAs(…) what the port contains");
        problems.unless(
                !records.eventTime().isAbsent() || levels.retention().isEmpty(),
                "keptFor(…) is counted in event time, and its rows have none; leave it out");
        problems.unless(
                !records.eventTime().isAbsent() || levels.lookBack().isEmpty(),
                "lookingBack(…) is counted from event time, and its rows have none; leave it out");
        problems.unless(
                !records.eventTime().isAbsent()
                        || levels.declared().stream().noneMatch(one -> one.indicator() == Indicator.DELAY),
                "a delay is counted from event time, and its rows have none; leave Objective.delay(…) out");
        problems.throwIfAny();
    }

    /** The Java class of the values. */
    public Class<V> type() {
        return records.type();
    }

    /** The newest schema under this major version. */
    public Schema schema() {
        return records.schema();
    }

    /** The field that carries event time, if one does. */
    public EventTime eventTime() {
        return records.eventTime();
    }

    /** What the key of every record must be; empty = the owner promises nothing of it. */
    public Optional<KeyRule<V>> key() {
        return records.key();
    }

    /** What holds for every record. */
    public List<QualityRule<V>> rules() {
        return records.rules();
    }

    /** The largest serialized value in bytes. */
    public int maxRecordBytes() {
        return records.maxBytes();
    }

    PortContract<V> withKey(KeyRule<V> rule) {
        return new PortContract<>(address, kind, records.withKey(rule), partitions, compression, levels, description);
    }
}
