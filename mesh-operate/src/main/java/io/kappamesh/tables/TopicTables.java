package io.kappamesh.tables;

import io.kappamesh.tables.DiskTables.Table;
import io.kappamesh.tables.DiskTables.Writes;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What is kept of one topic. One thread at a time. */
final class TopicTables {
    private static final byte[] NOTHING = {};

    private final DiskTables tables;
    private final KeylessRecords keyless;
    private final Table latest;
    private Table touched;
    private Table marked;
    private @Nullable Table later;
    private @Nullable Table before;
    private boolean partial;
    private boolean complete;
    private long lacking;

    TopicTables(DiskTables tables, KeylessRecords keyless) {
        this.tables = tables;
        this.keyless = keyless;
        this.latest = tables.create();
        this.touched = tables.create();
        this.marked = tables.create();
    }

    /** What it is told of does not begin where the topic begins. */
    void setPartial() {
        partial = true;
    }

    /** Whether not all of it can be gone through. */
    boolean isPartial() {
        return partial;
    }

    /** Takes the next records of the topic, in the order of their offsets. */
    void take(List<ConsumerRecord<byte[], byte[]>> records, boolean rememberKeys) {
        take(records, latest, rememberKeys);
    }

    /** Takes records of before those that it has been told of, in the order of their offsets; then {@link #setComplete} says that these are all. */
    void takeBefore(List<ConsumerRecord<byte[], byte[]>> records) {
        Table into = before == null ? tables.create() : before;
        before = into;
        take(records, into, false);
    }

    /** Nothing is lacking from now on. */
    void setComplete() {
        complete = true;
        lacking = 0;
    }

    private void take(List<ConsumerRecord<byte[], byte[]>> records, Table into, boolean rememberKeys) {
        try (Writes writes = tables.begin()) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                byte[] key = keyOf(record);
                if (key == null) {
                    keyless.met(record.topic(), record.partition(), record.offset());
                    continue;
                }
                boolean correction = record.headers().lastHeader(LatestRecords.CORRECTION_HEADER) != null;
                Latest is = new Latest(record.offset(), record.timestamp(), correction, record.value());
                writes.put(into, key, is.toBytes());
                if (rememberKeys) {
                    writes.put(touched, key, NOTHING);
                }
            }
            writes.commit();
        }
    }

    /** Takes records behind the cut, of which only the keys matter. */
    void takeLater(List<ConsumerRecord<byte[], byte[]>> records) {
        Table into = later == null ? tables.create() : later;
        later = into;
        try (Writes writes = tables.begin()) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                byte[] key = keyOf(record);
                if (key != null) {
                    writes.put(into, key, NOTHING);
                }
            }
            writes.commit();
        }
    }

    void forgetLater() {
        if (later != null) {
            later.drop();
            later = null;
        }
    }

    boolean hasLater(byte[] recordKey) {
        return later != null && later.get(recordKey) != null;
    }

    @Nullable
    Latest latest(byte[] recordKey) {
        byte[] found = latest.get(recordKey);
        if (found == null && before != null) {
            found = before.get(recordKey);
        }
        return found == null ? null : Latest.of(found);
    }

    /** Whether it cannot be told what the topic has of a key of which this was found; remembers that it was asked. */
    boolean lacks(@Nullable Latest found) {
        boolean lacks = found == null && partial && !complete;
        lacking += lacks ? 1 : 0;
        return lacks;
    }

    /** How often something was lacking in this round. */
    long lacking() {
        return lacking;
    }

    Cursor all(int partition) {
        return latest.cursor(partition);
    }

    Cursor touched(int partition) {
        return touched.cursor(partition);
    }

    /** Into this round, if it is not under way yet, and the next. */
    void mark(byte[] recordKey) {
        try (Writes writes = tables.begin()) {
            writes.put(touched, recordKey, NOTHING);
            writes.put(marked, recordKey, NOTHING);
            writes.commit();
        }
    }

    void settle() {
        touched.drop();
        touched = marked;
        marked = tables.create();
        lacking = 0;
    }

    private static byte @Nullable [] keyOf(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        return key == null ? null : RecordKey.of(record.partition(), key);
    }
}
