package io.kappamesh.postgres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records that are written together: of each key the last one. One thread at a time. */
public final class Batch {
    /** What an entry costs beside its bytes, about. */
    private static final int OVERHEAD_BYTES = 150;

    /**
     * What a record makes of the row of its key.
     *
     * @param line for {@code COPY}
     * @param elements rows for {@code COPY} into the tables of elements, of each such field in the order of {@link LoadState#children}; an empty list = there are no rows
     * @param deletes whether the row goes
     * @param record for the dead letters, should PostgreSQL refuse the row
     */
    @SuppressWarnings("ArrayRecordComponent") // never a key of anything
    public record Row(byte[] line, List<byte[]> elements, boolean deletes, DeadRecord record) {}

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<DeadRecord> dead = new ArrayList<>();
    private long bytes;
    private int records;

    /** Takes a record; an earlier one of its key is forgotten. */
    public void take(String key, Row row) {
        @Nullable Row before = rows.put(key, row);
        records++;
        bytes += size(row) - (before == null ? -OVERHEAD_BYTES : size(before));
    }

    /** Takes a record that the table cannot hold; {@link #take} says what becomes of its key's row. */
    public void refuse(DeadRecord record) {
        dead.add(record);
        records++;
        bytes += size(record) + OVERHEAD_BYTES;
    }

    /** How many records were taken. */
    public int records() {
        return records;
    }

    /** About how much memory they take. */
    public long bytes() {
        return bytes;
    }

    public boolean isEmpty() {
        return records == 0;
    }

    public List<Row> rows() {
        return List.copyOf(rows.values());
    }

    public List<DeadRecord> dead() {
        return List.copyOf(dead);
    }

    private static long size(Row row) {
        long bytes = row.line().length + size(row.record());
        for (byte[] elements : row.elements()) {
            bytes += elements.length;
        }
        return bytes;
    }

    private static long size(DeadRecord record) {
        byte[] key = record.key();
        byte[] value = record.value();
        return (key == null ? 0L : key.length) + (value == null ? 0L : value.length);
    }
}
