package io.kappamesh.postgres;

import io.kappamesh.columns.ChildColumns;
import io.kappamesh.columns.Column;
import io.kappamesh.columns.TableColumns;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the elements of one field: into a staging table, and from there into their table. Whatever was there of a key that comes is deleted first, so that a row with fewer
 * elements leaves none behind. One thread at a time.
 */
final class ElementWriter {
    private final Session session;
    private final int number;
    private final String stage;
    private final String columns;
    private final String copy;
    private final String delete;
    private final String insert;
    private final String deleteOne;

    /**
     * Makes no staging table yet.
     *
     * @param number of the field among those with tables of their own
     */
    ElementWriter(Session session, LoadedChild child, int number) {
        this.session = session;
        this.number = number;
        // Not like the staging table of rows, whose name tells which line of COPY is refused.
        this.stage = "pg_temp.mesh_elements_" + number;
        String target = session.target().relation(child.table());
        this.columns = child.columns().stream()
                .map(column -> ", " + column.quoted() + " " + column.type())
                .collect(Collectors.joining());
        String all = TableColumns.KEY + ", " + ChildColumns.INDEX
                + child.columns().stream()
                        .map(Column::quoted)
                        .map(name -> ", " + name)
                        .collect(Collectors.joining());
        this.copy = "COPY " + stage + " (" + all + ") FROM STDIN";
        // By the index for each key, whatever the planner thinks of tables that it has no statistics of: else it reads
        // all of the table for each batch.
        this.delete = "DELETE FROM " + target + " WHERE ctid = ANY (ARRAY(SELECT old.at FROM " + BatchWriter.STAGE
                + " AS staged CROSS JOIN LATERAL (SELECT ctid AS at FROM " + target + " AS row WHERE row."
                + TableColumns.KEY + " = staged." + TableColumns.KEY + " OFFSET 0) AS old))";
        this.insert = "INSERT INTO " + target + " (" + all + ") SELECT " + all + " FROM " + stage;
        this.deleteOne = "DELETE FROM " + target + " WHERE " + TableColumns.KEY + " = ?";
    }

    /** A new staging table, in the session's transaction. */
    void createStage() throws SQLException {
        session.run(
                "DROP TABLE IF EXISTS " + stage,
                "CREATE TEMPORARY TABLE mesh_elements_" + number + " (" + TableColumns.KEY + " text COLLATE \"C\", "
                        + ChildColumns.INDEX + " int" + columns + ") ON COMMIT DELETE ROWS");
    }

    void emptyStage() throws SQLException {
        session.run("TRUNCATE " + stage);
    }

    void copy(List<Batch.Row> rows) throws SQLException {
        CopyRows.send(
                session,
                copy,
                rows.stream()
                        .filter(row -> !row.elements().isEmpty())
                        .map(row -> row.elements().get(number)));
    }

    /** Puts what was staged in place of what is there of all keys that rows were staged for. */
    void replace() throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            statement.executeLargeUpdate(delete);
            statement.executeLargeUpdate(insert);
        }
    }

    void delete(byte[] key) throws SQLException {
        try (PreparedStatement statement = session.connection().prepareStatement(deleteOne)) {
            statement.setString(1, new String(key, StandardCharsets.UTF_8));
            statement.executeUpdate();
        }
    }
}
