package io.kappamesh.capture;

import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.database.CapturedTable;
import io.kappamesh.database.Lsn;
import io.kappamesh.database.Slots;
import io.kappamesh.failure.LifecycleException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/**
 * Where a capture goes on, or why it cannot: the topic, the table and the slot have to be those of the committed position.
 *
 * @param topicId of the port's topic, as it is now
 * @param table as it is now
 */
record CaptureStart(CaptureOptions options, Admin admin, String topicId, CapturedTable table, Slots slots) {

    /**
     * The position to begin at; it is not complete if there is to be a snapshot.
     *
     * @param known what is committed
     * @param anew whether another snapshot is asked for
     * @throws LifecycleException when something is missing between the position and what can be read
     */
    CapturePosition begin(Optional<CapturePosition> known, boolean anew)
            throws SQLException, ExecutionException, InterruptedException {
        CapturePosition.Source source =
                CapturePosition.Source.of(table, options.origin().table().toString());
        if (known.isEmpty()) {
            if (!anew && hasRecords()) {
                throw options.refused("topic " + options.topic()
                        + " has records, and no capture has written them; capture into an empty topic, or say --again, which"
                        + " makes it what the table is and deletes all other keys");
            }
            return CapturePosition.begun(slots.highest() + 1, source, topicId);
        }
        CapturePosition position = known.get();
        if (anew) {
            return another(position, source);
        }
        if (!position.topicId().equals(topicId) && (position.complete() || hasRecords())) {
            throw options.refused("topic " + options.topic()
                    + " was made anew since, and its rows are gone; --again writes them all");
        }
        boolean isSame = position.complete()
                ? position.source().equals(source)
                : position.source().hasRowsOf(source);
        if (!isSame) {
            throw options.refused(different(position.source(), source));
        }
        if (!position.complete()) {
            return another(position, source);
        }
        String since = "since position " + Lsn.text(position.lsn()) + " of the database's log";
        Slots.Slot slot = slots.find(position.snapshot())
                .orElseThrow(() ->
                        options.refused("slot " + slots.name(position.snapshot()) + " is gone, and with it the changes "
                                + since
                                + "; nothing is written that would hide the gap. --again makes another snapshot, and deletes"
                                + " what the table does not have any more"));
        if (slot.lost()) {
            throw options.refused(
                    "PostgreSQL has removed what slot " + slot.name() + " needs (max_slot_wal_keep_size), and with it"
                            + " changes " + since
                            + "; --again makes another snapshot, and deletes what the table does not have any"
                            + " more");
        }
        if (slot.confirmed() > position.lsn()) {
            throw options.refused("slot " + slot.name() + " begins at " + Lsn.text(slot.confirmed())
                    + ": somebody else has read it, or made it anew, and changes " + since
                    + " are gone; --again makes another snapshot, and deletes what the table does not have any more");
        }
        if (slots.behind(position.lsn()) < 0) {
            throw options.refused("the database's log ends before " + Lsn.text(position.lsn())
                    + ", which is captured: the database has lost transactions (a backup, or a standby that took over); --again"
                    + " makes another snapshot, and deletes what the table does not have");
        }
        return position;
    }

    /** Its number is higher than that of any slot there is, so that it meets no slot of another capture. */
    private CapturePosition another(CapturePosition last, CapturePosition.Source source) throws SQLException {
        return CapturePosition.begun(Math.max(last.snapshot(), slots.highest()) + 1, source, topicId);
    }

    private boolean hasRecords() throws ExecutionException, InterruptedException {
        return TopicEnds.written(admin, List.of(options.topic())).values().stream()
                .anyMatch(end -> end > 0);
    }

    private String different(CapturePosition.Source was, CapturePosition.Source is) {
        String what;
        if (!was.system().equals(is.system()) || !was.database().equals(is.database())) {
            what = "another database (server " + was.system() + ", database " + was.database() + ")";
        } else if (!was.table().equals(is.table())) {
            what = "table " + was.table();
        } else if (was.oid() != is.oid()) {
            what = "a table of this name that was dropped since";
        } else if (!was.key().equals(is.key())) {
            what = "a table whose primary key was " + was.key();
        } else {
            return is.marks().changedFrom(was.marks()).orElse("it was captured otherwise")
                    + " since the capture began; --again makes another snapshot, and deletes what the table does not have any more";
        }
        return "was captured from " + what + ", and " + is.table() + " with the key " + is.key()
                + " is another one; --again makes a snapshot of it, and deletes what it does not have";
    }
}
