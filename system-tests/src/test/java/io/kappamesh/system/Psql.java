package io.kappamesh.system;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Results of queries as psql prints them. */
final class Psql {
    private static final Set<Integer> RIGHT =
            Set.of(Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.DOUBLE, Types.REAL, Types.SMALLINT);

    private Psql() {}

    static String result(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            ResultSetMetaData meta = row.getMetaData();
            int columns = meta.getColumnCount();
            List<String> names = new ArrayList<>();
            int[] widths = new int[columns];
            for (int i = 0; i < columns; i++) {
                names.add(meta.getColumnLabel(i + 1));
                widths[i] = names.get(i).length();
            }
            List<List<String>> rows = new ArrayList<>();
            while (row.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 0; i < columns; i++) {
                    String cell = row.getString(i + 1);
                    cells.add(cell == null ? "" : cell);
                    widths[i] = Math.max(widths[i], cells.get(i).length());
                }
                rows.add(cells);
            }
            List<String> lines = new ArrayList<>();
            List<String> head = new ArrayList<>();
            List<String> rule = new ArrayList<>();
            for (int i = 0; i < columns; i++) {
                int room = widths[i] - names.get(i).length();
                head.add(" ".repeat(room / 2) + names.get(i) + " ".repeat(room - room / 2));
                rule.add("-".repeat(widths[i] + 2));
            }
            lines.add((" " + String.join(" | ", head)).stripTrailing());
            lines.add(String.join("+", rule));
            for (List<String> cells : rows) {
                List<String> padded = new ArrayList<>();
                for (int i = 0; i < columns; i++) {
                    String gap = " ".repeat(widths[i] - cells.get(i).length());
                    padded.add(RIGHT.contains(meta.getColumnType(i + 1)) ? gap + cells.get(i) : cells.get(i) + gap);
                }
                lines.add((" " + String.join(" | ", padded)).stripTrailing());
            }
            lines.add("(" + rows.size() + (rows.size() == 1 ? " row)" : " rows)"));
            return String.join("\n", lines);
        }
    }
}
