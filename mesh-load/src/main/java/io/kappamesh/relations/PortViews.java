package io.kappamesh.relations;

import io.kappamesh.columns.ChildColumns;
import io.kappamesh.columns.Column;
import io.kappamesh.columns.TableColumns;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadStates;
import io.kappamesh.postgres.LoadedChild;
import io.kappamesh.postgres.LoadedChildren;
import io.kappamesh.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The views that show ports, and the elements of their fields, under names that stay. In the session's transaction, which the caller commits. One thread at a time.
 */
public final class PortViews {
    private final Session session;
    private final LoadStates states;
    private final LoadedChildren children;

    public PortViews(Session session) {
        this.session = session;
        this.states = new LoadStates(session);
        this.children = new LoadedChildren(session);
    }

    /**
     * Shows a port, and the elements of its fields under the view's name and theirs. If the view shows another port, it stays with it, unless it is to be taken over: then the
     * views of the other one's elements are taken over too, and those that this port does not have are dropped, because they would show another version.
     *
     * @throws LifecycleException if there is something else of such a name
     */
    public void show(LoadState load, String view, boolean takesOver) throws SQLException {
        // First of all, as a loader that adds columns does: what is read then stays true, and the two cannot wait for
        // each other.
        states.holdShown(view, load.port());
        LoadState loaded = states.read(load.port()).orElse(load);
        Optional<String> other = states.portOf(view);
        if (other.isPresent() && !takesOver) {
            return;
        }
        Optional<String> elements = children.shownBy(view);
        if (elements.isPresent()) {
            throw taken(view, "and shows " + elements.get());
        }
        List<LoadedChild> before = other.isPresent() ? children.read(other.get()) : List.of();
        Set<String> old =
                before.stream().flatMap(child -> child.view().stream()).collect(Collectors.toSet());
        List<LoadedChild> shown = LoadedChild.of(
                loaded.table(),
                Optional.of(view),
                loaded.declared(),
                loaded.children().stream().map(LoadedChild::hidden).toList());
        List<String> all = new ArrayList<>(List.of(view));
        all.addAll(old);
        session.hold(other.isPresent() ? all : List.of());
        if (takesOver) {
            take(view, loaded.table(), own(), loaded.columns());
        } else {
            show(view, loaded.table(), own(), loaded.columns());
        }
        for (LoadedChild child : shown) {
            String name = child.view().orElseThrow();
            if (old.remove(name)) {
                take(name, child.table(), elementsOwn(), child.columns());
            } else {
                showNew(child);
            }
        }
        for (String left : old) {
            session.run("DROP VIEW IF EXISTS " + session.target().relation(left));
        }
        if (other.isPresent()) {
            children.hide(other.get());
        }
        children.put(loaded.port(), shown);
        states.giveView(view, loaded.port());
    }

    /** Shows elements that were not shown before. */
    void showNew(LoadedChild child) throws SQLException {
        requireFreeView(child);
        show(child.view().orElseThrow(), child.table(), elementsOwn(), child.columns());
    }

    private void requireFreeView(LoadedChild child) throws SQLException {
        if (child.view().isPresent() && session.exists(child.view().get())) {
            throw taken(
                    child.view().get(), "for the elements of field " + child.field() + ", and something else has it");
        }
    }

    /**
     * Looks whether a table of elements, and its view, can be made.
     *
     * @throws LifecycleException if something else has such a name
     */
    void requireFree(LoadedChild child) throws SQLException {
        requireFreeView(child);
        if (session.exists(child.table())) {
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    session.target().shown() + ": " + session.target().relation(child.table())
                            + " is the name of the table for the elements of field " + child.field()
                            + ", and something else has it; rename or drop it");
        }
    }

    private LifecycleException taken(String view, String why) {
        return new LifecycleException(
                ExitCode.CONFIGURATION,
                session.target().shown() + ": " + session.target().relation(view) + " is a view's name, " + why
                        + "; rename it, or give the view another name with --view, or none with --no-view");
    }

    /** The columns of a port's view that are not the contract's. */
    static List<String> own() {
        return List.of(TableColumns.KEY);
    }

    /** The same of a view of elements. */
    static List<String> elementsOwn() {
        return List.of(TableColumns.KEY, ChildColumns.INDEX);
    }

    /**
     * Makes a view show a table under a name that stays. Columns that are added come last; those who read the view notice nothing else.
     *
     * @param own columns that are not the contract's
     * @throws LifecycleException if there is something else of this name
     */
    void show(String view, String table, List<String> own, List<Column> columns) throws SQLException {
        if (session.exists(view) && !isView(view)) {
            throw taken(view, "and something else has it");
        }
        List<String> names = new ArrayList<>(own);
        columns.forEach(column -> names.add(column.quoted()));
        session.run("CREATE OR REPLACE VIEW " + session.target().relation(view) + " AS SELECT "
                + String.join(", ", names) + " FROM " + session.target().relation(table));
    }

    /** The same for a view that shows another table, with other columns; what others were granted on it stays. */
    void take(String view, String table, List<String> own, List<Column> columns) throws SQLException {
        if (session.exists(view) && isView(view)) {
            List<String> grants = grants(session, view, view);
            session.run("DROP VIEW " + session.target().relation(view));
            show(view, table, own, columns);
            session.run(grants.toArray(String[]::new));
        } else {
            show(view, table, own, columns);
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

    /** What others may do with a table or view, as statements for another one. */
    static List<String> grants(Session session, String of, String forAnother) throws SQLException {
        List<String> grants = new ArrayList<>();
        try (PreparedStatement query = session.connection()
                .prepareStatement("SELECT right_to.privilege_type, right_to.is_grantable,"
                        + " CASE WHEN right_to.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(right_to.grantee)) END"
                        + " FROM pg_class, aclexplode(relacl) AS right_to"
                        + " WHERE oid = to_regclass(?) AND right_to.grantee <> relowner")) {
            query.setString(1, session.target().relation(of));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    grants.add("GRANT " + row.getString(1) + " ON "
                            + session.target().relation(forAnother) + " TO " + row.getString(3)
                            + (row.getBoolean(2) ? " WITH GRANT OPTION" : ""));
                }
            }
        }
        return grants;
    }
}
