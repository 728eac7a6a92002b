package io.kappamesh.change;

import io.debezium.engine.RecordChangeEvent;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** What comes out of the database's log, in the order of its transactions, behind the rows of the snapshot. */
public sealed interface Change {

    /**
     * A row of the snapshot, or after a change.
     *
     * @param operation as Debezium names it: {@code r}, {@code c}, {@code u}, {@code d}
     * @param key in JSON; null = the table has no primary key any more
     * @param keyColumns columns of the key; empty = there is none
     * @param value the envelope in JSON
     * @param at when it was committed in the database, in milliseconds since the epoch
     * @param transaction its number in the database; 0 in snapshots
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(
            String operation, byte @Nullable [] key, List<String> keyColumns, byte[] value, long at, long transaction)
            implements Change {
        public Row {
            keyColumns = List.copyOf(keyColumns);
        }

        /** Whether it belongs to the snapshot. */
        public boolean isSnapshot() {
            return operation.equals("r");
        }

        /** Whether the row is gone. */
        public boolean isDeleted() {
            return operation.equals("d");
        }
    }

    /**
     * All rows were deleted at once.
     *
     * @param at when, in milliseconds since the epoch
     * @param transaction its number in the database
     */
    record Truncated(long at, long transaction) implements Change {}

    /** A transaction begins. */
    record Begun() implements Change {}

    /**
     * A message that {@link io.kappamesh.database.Slots#ping} wrote.
     *
     * @param content its text
     */
    record Message(String content) implements Change {}

    /**
     * A transaction ends.
     *
     * @param lsn behind it in the log: from there on nothing of it is sent again
     * @param event as the engine gave it
     */
    record Ended(long lsn, RecordChangeEvent<SourceRecord> event) implements Change {}
}
