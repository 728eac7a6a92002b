package io.kappamesh.relations;

import io.kappamesh.columns.Child;
import io.kappamesh.columns.Column;
import io.kappamesh.columns.Identifiers;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadedChild;
import io.kappamesh.postgres.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lets the tables of a port that were built again take the place of those that are read. In the session's transaction, which the caller commits. One thread at a time. */
public final class TableExchange {
    private final Session session;
    private final PortViews views;

    public TableExchange(Session session) {
        this.session = session;
        this.views = new PortViews(session);
    }

    /**
     * Looks, before anything is built, whether the tables of elements that a load is to get, and their views, can have their names.
     *
     * @param fields of which there will be tables; those that have one already keep its name
     * @throws io.kappamesh.failure.LifecycleException if something else has one of the names
     */
    public void requireFree(LoadState before, List<String> fields) throws SQLException {
        List<String> known = before.children().stream().map(LoadedChild::field).toList();
        for (LoadedChild child :
                LoadedChild.of(before.table(), before.view(), Child.fresh(fields), before.children())) {
            if (!known.contains(child.field())) {
                views.requireFree(child);
            }
        }
    }

    /**
     * Gives the tables of a load the names of those of another one, which are dropped where they are still there, their views, and what others were granted on them. Tables
     * of elements that the new load does not have are dropped, and so are their views.
     *
     * @param before the load whose tables go
     * @param after the load whose tables stay
     * @return the tables of elements, under the names that they have then
     */
    public List<LoadedChild> exchange(LoadState before, LoadState after) throws SQLException {
        List<LoadedChild> now = LoadedChild.of(before.table(), before.view(), after.declared(), before.children());
        Map<String, LoadedChild> old =
                before.children().stream().collect(Collectors.toMap(LoadedChild::field, Function.identity()));
        List<String> held = new ArrayList<>();
        before.view().ifPresent(held::add);
        before.children().forEach(child -> child.view().ifPresent(held::add));
        held.add(before.table());
        before.children().forEach(child -> held.add(child.table()));
        session.hold(held);
        List<String> aside = new ArrayList<>();
        putAside(before.table(), Optional.of(after.table()), aside);
        for (LoadedChild child : before.children()) {
            putAside(child.table(), tableOf(after, child.field()), aside);
        }
        rename(after.table(), before.table());
        for (LoadedChild child : now) {
            rename(tableOf(after, child.field()).orElseThrow(), child.table());
        }
        if (before.view().isPresent()) {
            show(
                    before.view().get(),
                    before.table(),
                    PortViews.own(),
                    after.columns(),
                    isWider(before.columns(), after.columns()));
        }
        dropViews(before.children(), now);
        for (LoadedChild child : now) {
            showElements(child, old.get(child.field()));
        }
        for (String table : aside) {
            session.run("DROP TABLE " + session.target().relation(table));
        }
        return now;
    }

    private static Optional<String> tableOf(LoadState load, String field) {
        return load.children().stream()
                .filter(child -> child.field().equals(field))
                .map(LoadedChild::table)
                .findFirst();
    }

    private void putAside(String table, Optional<String> successor, List<String> aside) throws SQLException {
        if (!session.exists(table)) {
            return;
        }
        if (successor.isPresent()) {
            session.run(PortViews.grants(session, table, successor.get()).toArray(String[]::new));
        }
        String other = Identifiers.limited("_mesh_old_" + table, table);
        rename(table, other);
        aside.add(other);
    }

    private void rename(String from, String to) throws SQLException {
        session.run("ALTER TABLE " + session.target().relation(from) + " RENAME TO " + Identifiers.quoted(to));
    }

    private void dropViews(List<LoadedChild> before, List<LoadedChild> now) throws SQLException {
        List<Optional<String>> stay = now.stream().map(LoadedChild::view).toList();
        for (LoadedChild child : before) {
            if (child.view().isPresent() && !stay.contains(child.view())) {
                session.run("DROP VIEW IF EXISTS "
                        + session.target().relation(child.view().get()));
            }
        }
    }

    private void showElements(LoadedChild now, @Nullable LoadedChild before) throws SQLException {
        if (now.view().isEmpty()) {
            return;
        }
        if (before != null && before.view().equals(now.view())) {
            show(
                    now.view().get(),
                    now.table(),
                    PortViews.elementsOwn(),
                    now.columns(),
                    isWider(before.columns(), now.columns()));
        } else {
            views.showNew(now);
        }
    }

    /** @param wider whether the view only gains columns, so that those who read it notice nothing else */
    private void show(String view, String table, List<String> own, List<Column> columns, boolean wider)
            throws SQLException {
        if (wider) {
            views.show(view, table, own, columns);
        } else {
            views.take(view, table, own, columns);
        }
    }

    private static boolean isWider(List<Column> before, List<Column> after) {
        return after.size() >= before.size() && after.subList(0, before.size()).equals(before);
    }
}
