package io.kappamesh.writers;

import static java.util.Objects.requireNonNull;

import io.kappamesh.position.SplitPosition;
import io.kappamesh.row.JudgedRow;
import io.kappamesh.row.MergedRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives each row to the writer of its key, unless that one has written it already. All writers hear of the same places in the order of all rows, so that one that
 * is ahead of others is so in every file. For one thread.
 */
public final class RowRouter {
    private final int writers;
    private final int partitions;
    private final int most;
    private final boolean tellsEnds;
    private final Map<String, SplitPosition> begun;
    private List<List<MergedRows.Next>> rows;
    private Map<String, RoutedRows.Reached> reached = new LinkedHashMap<>();

    /**
     * @param begun how far each file is, by digest, when the first row comes
     * @param tellsEnds whether a file that ends here has no more rows
     */
    public RowRouter(WriteTarget target, int writers, Map<String, SplitPosition> begun, boolean tellsEnds) {
        this.writers = writers;
        this.partitions = target.partitions();
        this.most = target.pace().rows();
        this.begun = Map.copyOf(begun);
        this.tellsEnds = tellsEnds;
        this.rows = none();
    }

    private List<List<MergedRows.Next>> none() {
        List<List<MergedRows.Next>> lists = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            lists.add(new ArrayList<>());
        }
        return lists;
    }

    /** Whether its writer has written a row already, which is to be passed over then. */
    public boolean isWritten(MergedRows.Next next) {
        JudgedRow row = next.row();
        return row != null
                && row.end().rows()
                        <= requireNonNull(begun.get(next.file().begun().digest()))
                                .parts()
                                .get(KeyPlaces.writer(row, partitions, writers))
                                .place()
                                .rows();
    }

    /** Takes the next row. Returns whether a writer has as many as a transaction may have. */
    public boolean route(MergedRows.Next next) {
        String digest = next.file().begun().digest();
        JudgedRow row = next.row();
        RoutedRows.Reached before = reached.get(digest);
        if (row == null) {
            if (tellsEnds) {
                reached.put(digest, new RoutedRows.Reached(next.file(), before == null ? null : before.place(), true));
            }
            return false;
        }
        reached.put(digest, new RoutedRows.Reached(next.file(), row.end(), false));
        if (isWritten(next)) {
            return false;
        }
        List<MergedRows.Next> own = rows.get(KeyPlaces.writer(row, partitions, writers));
        own.add(next);
        return own.size() >= most;
    }

    /** What was routed since this was called last. */
    RoutedRows routed() {
        RoutedRows routed = new RoutedRows(rows, List.copyOf(reached.values()));
        rows = none();
        reached = new LinkedHashMap<>();
        return routed;
    }
}
