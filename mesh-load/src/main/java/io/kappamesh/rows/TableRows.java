package io.kappamesh.rows;

import io.kappamesh.columns.TableColumns;
import io.kappamesh.postgres.Session;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a table in the order of their partitions and the bytes of their keys, some at a time. One thread at a time. */
public final class TableRows implements AutoCloseable {
    private static final int AT_A_TIME = 1_000;

    private final Statement statement;
    private final ResultSet result;
    private final int columns;
    private @Nullable Row current;

    /**
     * A row.
     *
     * @param partition of its record
     * @param key of its record, in UTF-8
     * @param offset of its record
     * @param texts of its columns, as {@link TableColumns#readBack} selects them
     */
    @SuppressWarnings("ArrayRecordComponent") // never a key of anything
    public record Row(int partition, byte[] key, long offset, List<@Nullable String> texts) {
        /** In that order, as numbers below, at or above zero. */
        public int compareTo(int otherPartition, byte[] otherKey) {
            int order = Integer.compare(partition, otherPartition);
            return order == 0 ? Arrays.compareUnsigned(key, otherKey) : order;
        }
    }

    private TableRows(Statement statement, ResultSet result, int columns) throws SQLException {
        this.statement = statement;
        this.result = result;
        this.columns = columns;
        next();
    }

    public static TableRows of(Session session, String table, TableColumns columns) throws SQLException {
        List<String> selected = new ArrayList<>(List.of(TableColumns.PARTITION, TableColumns.KEY, TableColumns.OFFSET));
        selected.addAll(columns.readBack());
        Statement statement = session.connection().createStatement();
        statement.setFetchSize(AT_A_TIME);
        return new TableRows(
                statement,
                statement.executeQuery("SELECT " + String.join(", ", selected) + " FROM "
                        + session.target().relation(table) + " ORDER BY " + TableColumns.PARTITION + ", "
                        + TableColumns.KEY + " COLLATE \"C\""),
                columns.columns().size());
    }

    /** Null = there are no more. */
    public @Nullable Row current() {
        return current;
    }

    public void next() throws SQLException {
        if (!result.next()) {
            current = null;
            return;
        }
        List<@Nullable String> texts = new ArrayList<>(columns);
        for (int i = 0; i < columns; i++) {
            texts.add(result.getString(i + 4));
        }
        current = new Row(
                result.getInt(1), result.getString(2).getBytes(StandardCharsets.UTF_8), result.getLong(3), texts);
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
