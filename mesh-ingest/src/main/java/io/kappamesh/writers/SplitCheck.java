package io.kappamesh.writers;

import io.kappamesh.archive.ArchiveRow;
import io.kappamesh.archive.ArchiveRows;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.position.SplitPosition;
import io.kappamesh.position.WriterPart;
import io.kappamesh.row.JudgedRow;
import io.kappamesh.row.PlannedFile;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Whether rows that would be passed over are those that are written. Where one writer is ahead of others, a row is taken for written if its writer is behind it. Under another key, format or rule it would be another
 * writer's, and be written twice or not at all. So the rows between the writers are read once before anything is written, and compared with what writers have stored. For one thread.
 */
public final class SplitCheck<V> {
    private final BiFunction<PlannedFile, RowPosition, ArchiveRows<V>> opener;
    private final Function<ArchiveRow<V>, JudgedRow> judge;
    private final int partitions;

    /**
     * @param opener opens a file at a place
     * @param judge makes records of rows
     * @param partitions of the port's topic
     */
    public SplitCheck(
            BiFunction<PlannedFile, RowPosition, ArchiveRows<V>> opener,
            Function<ArchiveRow<V>, JudgedRow> judge,
            int partitions) {
        this.opener = opener;
        this.judge = judge;
        this.partitions = partitions;
    }

    /** @throws LifecycleException when they are other ones */
    public void require(PlannedFile file, SplitPosition split) {
        if (split.isLevel()) {
            return;
        }
        long taken = 0;
        boolean fits = true;
        try (ArchiveRows<V> rows = opener.apply(file, split.lowest().position())) {
            long last = 0;
            while (last < split.farthest()) {
                ArchiveRow<V> row = rows.next();
                if (row == null) {
                    fits = false;
                    break;
                }
                JudgedRow judged = judge.apply(row);
                last = judged.end().rows();
                for (WriterPart part : split.parts()) {
                    fits &= part.place().rows() != last || part.place().equals(judged.end());
                }
                int writer = KeyPlaces.writer(judged, partitions, split.writers());
                taken += last <= split.parts().get(writer).place().rows() ? WriterPart.hash(last) : 0;
            }
        }
        if (!fits || taken != split.takenBeyondLowest()) {
            throw file.file()
                    .wrong("rows " + (split.lowest().rows() + 1) + " to " + split.farthest()
                            + " are ingested in part: " + split.writers()
                            + " writers were ended at different rows. With the format, key and rules that are declared now, other rows of"
                            + " these would be taken for ingested than those that are. Declare what was declared then, and"
                            + " ingest at least these rows. Nothing was written of any file");
        }
    }
}
