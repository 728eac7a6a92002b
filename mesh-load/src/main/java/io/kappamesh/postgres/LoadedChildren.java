package io.kappamesh.postgres;

import io.kappamesh.columns.Child;
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
            session.run(rightsOfLoads().toArray(String[]::new));
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

    /** What may be done with the table of loads, by its owner too: this one is made later, by whoever declares the first. */
    private List<String> rightsOfLoads() throws SQLException {
        List<String> grants = new ArrayList<>();
        try (PreparedStatement query = session.connection()
                .prepareStatement("SELECT right_to.privilege_type, right_to.is_grantable,"
                        + " CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END"
                        + " FROM pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner))) AS right_to"
                        + " WHERE oid = to_regclass(?) AND pg_get_userbyid(grantee) <> current_user")) {
            query.setString(1, session.target().relation(LoadStates.LOADS));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    grants.add("GRANT " + row.getString(1) + " ON " + children + " TO " + row.getString(3)
                            + (row.getBoolean(2) ? " WITH GRANT OPTION" : ""));
                }
            }
        }
        return grants;
    }

    /** Notes the columns that tables have now, of fields that have tables. */
    void widen(String port, List<Child> now) throws SQLException {
        if (now.isEmpty()) {
            return;
        }
        try (PreparedStatement update = session.connection()
                .prepareStatement("UPDATE " + children + " SET columns = ?::jsonb WHERE port = ? AND field = ?")) {
            for (Child child : now) {
                update.setString(1, LoadStates.json(child.columns()));
                update.setString(2, port);
                update.setString(3, child.field());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    /** Notes that no view shows the elements of a port any more. */
    public void hide(String port) throws SQLException {
        if (isThere()) {
            run("UPDATE " + children + " SET view_name = NULL WHERE port = ?", port);
        }
    }

    void forget(String port) throws SQLException {
        if (isThere()) {
            run("DELETE FROM " + children + " WHERE port = ?", port);
        }
    }

    private void run(String sql, String port) throws SQLException {
        try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
            statement.setString(1, port);
            statement.executeUpdate();
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
