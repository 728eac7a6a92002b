package io.kappamesh.capture;

import io.kappamesh.database.CapturedTable;
import io.kappamesh.database.Marks;
import java.util.List;

/**
 * How far a port is captured. An immutable value.
 *
 * @param snapshot number of the snapshot that the rows come from, by which its slot is named
 * @param complete whether that snapshot is; if not, the next capture makes another one
 * @param source what is captured
 * @param topicId of the port's topic
 * @param lsn behind the last transaction of the database that is captured as a whole
 * @param transaction of which a part is captured; 0 = none
 * @param events how many changes of that transaction are captured
 */
record CapturePosition(
        long snapshot, boolean complete, Source source, String topicId, long lsn, long transaction, long events) {

    /**
     * What is captured.
     *
     * @param system the server's own number
     * @param database its name
     * @param table its name
     * @param oid of the table
     * @param key columns of its primary key
     * @param marks of what decides which changes are sent, and under which keys
     */
    record Source(String system, String database, String table, long oid, List<String> key, Marks marks) {
        Source {
            key = List.copyOf(key);
        }

        static Source of(CapturedTable table, String name) {
            return new Source(table.system(), table.database(), name, table.oid(), table.key(), table.marks());
        }

        /** Whether rows of both are those of one table under the same keys, whatever became of changes in between. */
        boolean hasRowsOf(Source other) {
            return new Source(system, database, table, oid, key, other.marks).equals(other);
        }
    }

    /** A snapshot that is about to begin. */
    static CapturePosition begun(long snapshot, Source source, String topicId) {
        return new CapturePosition(snapshot, false, source, topicId, 0, 0, 0);
    }

    /** The same snapshot, all rows of which are captured. */
    CapturePosition completed(long from) {
        return new CapturePosition(snapshot, true, source, topicId, from, 0, 0);
    }

    /** Further on. */
    CapturePosition at(long behind, long part, long itsEvents) {
        return new CapturePosition(snapshot, complete, source, topicId, behind, part, itsEvents);
    }
}
