package io.kappamesh.export;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Another program that reads the files: a DuckDB in this process. */
final class DuckDb implements AutoCloseable {
    private final Connection connection;

    private DuckDb(Connection connection) {
        this.connection = connection;
    }

    static DuckDb open() throws SQLException {
        DuckDb opened = new DuckDb(DriverManager.getConnection("jdbc:duckdb:"));
        opened.rows("SET TimeZone = 'UTC'");
        return opened;
    }

    /** The rows of a query, each with its columns joined by |. */
    List<String> rows(String query) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (!statement.execute(query)) {
                return rows;
            }
            try (ResultSet row = statement.getResultSet()) {
                while (row.next()) {
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        columns.add(String.valueOf(row.getString(i)));
                    }
                    rows.add(String.join("|", columns));
                }
            }
            return rows;
        }
    }

    /** What type each column of a query has. */
    List<String> types(String query) throws SQLException {
        return rows("SELECT column_type FROM (DESCRIBE " + query + ")");
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
