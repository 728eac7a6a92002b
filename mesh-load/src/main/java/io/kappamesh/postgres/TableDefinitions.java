package io.kappamesh.postgres;

import io.kappamesh.columns.Column;
import io.kappamesh.columns.Identifiers;
import io.kappamesh.columns.TableColumns;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tables, columns and views of ports, in the session's transaction, which the caller commits. One thread at a time. */
public final class TableDefinitions {
    private final Session session;

    public TableDefinitions(Session session) {
        this.session = session;
    }

    /** Whether there is such a table. */
    public boolean exists(String table) throws SQLException {
        return session.exists(table);
    }

    /** A new and empty table for a port, with what the contract says of it as comments. */
    public void create(String table, String port, TableColumns columns) throws SQLException {
        String name = session.target().relation(table);
        session.run("CREATE TABLE " + name + " (" + TableColumns.KEY + " text COLLATE \"C\" PRIMARY KEY, "
                + TableColumns.PARTITION + " int NOT NULL, " + TableColumns.OFFSET + " bigint NOT NULL"
                + columns.columns().stream()
                        .map(column -> ", " + column.quoted() + " " + column.type())
                        .collect(Collectors.joining())
                + ")");
        String said = columns.newest().getDoc();
        session.run(
                comment("TABLE " + name, (said == null ? "" : said.replace("\0", "") + " ") + "Port " + port + "."),
                comment("COLUMN " + name + "." + TableColumns.KEY, "The key of the record in topic " + port + "."),
                comment("COLUMN " + name + "." + TableColumns.PARTITION, "Where the row comes from: the partition."),
                comment("COLUMN " + name + "." + TableColumns.OFFSET, "Where the row comes from: the offset."));
        describe(name, columns, columns.columns());
    }

    /**
     * Waits until nobody reads a view, and lets nobody begin until the transaction ends; nothing where there is no such view. To be called before its
     * table is changed: readers lock a view first and then its table, and in the other order PostgreSQL would end one of the two, often the reader.
     */
    public void hold(Optional<String> view) throws SQLException {
        if (view.isPresent() && session.exists(view.get())) {
            session.run("LOCK TABLE " + session.target().relation(view.get()) + " IN ACCESS EXCLUSIVE MODE");
        }
    }

    /** Adds the columns that the contract has gained; rows that are there have the defaults of their fields. */
    public void widen(String table, TableColumns columns) throws SQLException {
        String name = session.target().relation(table);
        for (Column column : columns.added()) {
            String existing = columns.existingRows(column);
            session.run("ALTER TABLE " + name + " ADD COLUMN IF NOT EXISTS " + column.quoted() + " " + column.type()
                    + (existing.equals("NULL") ? "" : " DEFAULT " + existing));
            if (!existing.equals("NULL")) {
                session.run("ALTER TABLE " + name + " ALTER COLUMN " + column.quoted() + " DROP DEFAULT");
            }
        }
        describe(name, columns, columns.added());
    }

    private void describe(String name, TableColumns all, List<Column> columns) throws SQLException {
        for (Column column : columns) {
            Optional<String> said = all.comment(column);
            if (said.isPresent()) {
                session.run(comment("COLUMN " + name + "." + column.quoted(), said.get()));
            }
        }
    }

    /**
     * Makes a view show a table under a name that stays. Columns that are added come last; those who read the view notice nothing else.
     *
     * @throws LifecycleException if there is something else of this name
     */
    public void show(String view, String table, List<Column> columns) throws SQLException {
        if (session.exists(view) && !isView(view)) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    session.target().shown() + ": " + session.target().relation(view)
                            + " is a view's name, and something else has it; rename it, or give the view another name with"
                            + " --view, or none with --no-view");
        }
        List<String> names = new ArrayList<>();
        names.add(TableColumns.KEY);
        columns.forEach(column -> names.add(column.quoted()));
        session.run("CREATE OR REPLACE VIEW " + session.target().relation(view) + " AS SELECT "
                + String.join(", ", names) + " FROM " + session.target().relation(table));
    }

    /** The same for a view that shows another table, with other columns; what others were granted on it stays. */
    public void takeView(String view, String table, List<Column> columns) throws SQLException {
        if (session.exists(view) && isView(view)) {
            List<String> grants = grants(view, session.target().relation(view));
            session.run("DROP VIEW " + session.target().relation(view));
            show(view, table, columns);
            session.run(grants.toArray(String[]::new));
        } else {
            show(view, table, columns);
        }
    }

    private boolean isView(String name) throws SQLException {
        try (PreparedStatement query = session.connection()
                .prepareStatement("SELECT relkind = 'v' FROM pg_class WHERE oid = to_regclass(?)")) {
            query.setString(1, session.target().relation(name));
            try (ResultSet row = query.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /**
     * Gives a table the name of another one, if there is one, which is dropped, and what others were granted on it.
     *
     * @param from the table that stays
     * @param to the name that it gets
     * @param view that shows it then; empty = none does
     * @param sameColumns whether the view only gains columns
     */
    public void exchange(String from, String to, Optional<String> view, List<Column> columns, boolean sameColumns)
            throws SQLException {
        String fresh = session.target().relation(from);
        String old = Identifiers.limited("_mesh_old_" + to, to);
        boolean replaces = session.exists(to);
        hold(view);
        if (replaces) {
            session.run(grants(to, fresh).toArray(String[]::new));
            session.run("ALTER TABLE " + session.target().relation(to) + " RENAME TO " + Identifiers.quoted(old));
        }
        session.run("ALTER TABLE " + fresh + " RENAME TO " + Identifiers.quoted(to));
        if (view.isPresent()) {
            if (sameColumns) {
                show(view.get(), to, columns);
            } else {
                takeView(view.get(), to, columns);
            }
        }
        if (replaces) {
            session.run("DROP TABLE " + session.target().relation(old));
        }
    }

    /** What others may do with a table, as statements for another one. */
    private List<String> grants(String table, String forTable) throws SQLException {
        List<String> grants = new ArrayList<>();
        try (PreparedStatement query = session.connection()
                .prepareStatement("SELECT right_to.privilege_type, right_to.is_grantable,"
                        + " CASE WHEN right_to.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(right_to.grantee)) END"
                        + " FROM pg_class, aclexplode(relacl) AS right_to"
                        + " WHERE oid = to_regclass(?) AND right_to.grantee <> relowner")) {
            query.setString(1, session.target().relation(table));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    grants.add("GRANT " + row.getString(1) + " ON " + forTable + " TO " + row.getString(3)
                            + (row.getBoolean(2) ? " WITH GRANT OPTION" : ""));
                }
            }
        }
        return grants;
    }

    /** The indexes of a table that it has not by itself, made for another one. */
    public void copyIndexes(String from, String to) throws SQLException {
        List<String> definitions = new ArrayList<>();
        try (PreparedStatement query = session.connection()
                .prepareStatement("SELECT indisunique, pg_get_indexdef(indexrelid) FROM pg_index"
                        + " WHERE indrelid = to_regclass(?) AND NOT indisprimary")) {
            query.setString(1, session.target().relation(from));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    String definition = row.getString(2);
                    definitions.add("CREATE " + (row.getBoolean(1) ? "UNIQUE " : "") + "INDEX ON "
                            + session.target().relation(to)
                            + definition.substring(definition.indexOf(" USING ")));
                }
            }
        }
        session.run(definitions.toArray(String[]::new));
    }

    /** Whether a row comes from before an offset of a partition. */
    public boolean hasRowsBefore(String table, int partition, long offset) throws SQLException {
        return existsBefore(table, partition, offset, "");
    }

    /** The same for a row whose key is not in another table. */
    public boolean hasRowsBefore(String table, int partition, long offset, String without) throws SQLException {
        return existsBefore(
                table,
                partition,
                offset,
                " AND NOT EXISTS (SELECT FROM " + session.target().relation(without) + " AS there WHERE there."
                        + TableColumns.KEY + " = row." + TableColumns.KEY + ")");
    }

    private boolean existsBefore(String table, int partition, long offset, String also) throws SQLException {
        try (PreparedStatement query = session.connection()
                .prepareStatement("SELECT EXISTS (SELECT FROM "
                        + session.target().relation(table)
                        + " AS row WHERE row." + TableColumns.PARTITION + " = ? AND row." + TableColumns.OFFSET + " < ?"
                        + also + ")")) {
            query.setInt(1, partition);
            query.setLong(2, offset);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Drops a table, if it is there. */
    public void drop(String table) throws SQLException {
        session.run("DROP TABLE IF EXISTS " + session.target().relation(table));
    }

    private static String comment(String what, String text) {
        return "COMMENT ON " + what + " IS " + Identifiers.literal(text);
    }
}
