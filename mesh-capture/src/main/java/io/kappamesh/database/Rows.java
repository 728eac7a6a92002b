package io.kappamesh.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small questions to the database. Stateless. */
final class Rows {
    private Rows() {}

    /** All rows of an answer, as text by column; null is the empty text. */
    static List<Map<String, String>> of(Connection connection, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int at = 0; at < arguments.length; at++) {
                statement.setObject(at + 1, arguments[at]);
            }
            List<Map<String, String>> rows = new ArrayList<>();
            try (ResultSet answer = statement.executeQuery()) {
                while (answer.next()) {
                    Map<String, String> row = new LinkedHashMap<>();
                    for (int column = 1; column <= answer.getMetaData().getColumnCount(); column++) {
                        String value = answer.getString(column);
                        row.put(answer.getMetaData().getColumnLabel(column), value == null ? "" : value);
                    }
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    /** The one value of an answer of one row and column. */
    static String value(Connection connection, String sql, Object... arguments) throws SQLException {
        return of(connection, sql, arguments).get(0).values().iterator().next();
    }

    /** Whether the one value is true. */
    static boolean isTrue(Connection connection, String sql, Object... arguments) throws SQLException {
        return value(connection, sql, arguments).equals("t");
    }
}
