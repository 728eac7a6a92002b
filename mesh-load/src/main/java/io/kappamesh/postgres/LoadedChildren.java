package io.kappamesh.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is kept of the tables of elements: one row for each field of a port that has one. The table is made with the first of them, so that a schema without any needs
 * nothing new. In the session's transaction. One thread at a time.
 */
public final class LoadedChildren {
    static final String CHILDREN = "_mesh_children";

    private final Session session;
    private final String children;

    public LoadedChildren(Session session) {
        this.session = session;
        this.children = session.target().relation(CHILDREN);
    }

    private boolean isThere() throws SQLException {
        return session.exists(CHILDREN);
    }

    public List<LoadedChild> read(String port) throws SQLException {
        List<LoadedChild> found = new ArrayList<>();
        if (!isThere()) {
            return found;
        }
        try (PreparedStatement query = session.connection()
                .prepareStatement("SELECT field, table_name, view_name, columns FROM " + children
                        + " WHERE port = ? ORDER BY field COLLATE \"C\"")) {
            query.setString(1, port);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    found.add(new LoadedChild(
                            row.getString(1),
                            row.getString(2),
                            Optional.ofNullable(row.getString(3)),
                            LoadStates.parsed(row.getString(4))));
                }
            }
        }
        return found;
    }

    /** In place of what was kept of the port. */
    public void put(String port, List<LoadedChild> all) throws SQLException {
        forget(port);
        if (all.isEmpty()) {
            return;
        }
        if (!isThere()) {
            session.run(
                    """
                    CREATE TABLE IF NOT EXISTS %s (port text, field text, table_name text NOT NULL, view_name text,
                      columns jsonb NOT NULL, PRIMARY KEY (port, field))
                    """.formatted(children),
                    "COMMENT ON TABLE " + children
                            + " IS 'Kappa Mesh: which fields of ports have tables of their own'");
        }
        try (PreparedStatement insert = session.connection()
                .prepareStatement("INSERT INTO " + children
                        + " (port, field, table_name, view_name, columns) VALUES (?, ?, ?, ?, ?::jsonb)")) {
            for (LoadedChild child : all) {
                insert.setString(1, port);
                insert.setString(2, child.field());
                insert.setString(3, child.table());
                insert.setString(4, child.view().orElse(null));
                insert.setString(5, LoadStates.json(child.columns()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    void forget(String port) throws SQLException {
        if (isThere()) {
            try (PreparedStatement delete =
                    session.connection().prepareStatement("DELETE FROM " + children + " WHERE port = ?")) {
                delete.setString(1, port);
                delete.executeUpdate();
            }
        }
    }

    /** The port and field whose elements a view shows; empty = there is none. */
    public Optional<String> shownBy(String view) throws SQLException {
        if (!isThere()) {
            return Optional.empty();
        }
        try (PreparedStatement query = session.connection()
                .prepareStatement(
                        "SELECT 'field ' || field || ' of port ' || port FROM " + children + " WHERE view_name = ?")) {
            query.setString(1, view);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }
}
