package io.kappamesh.relations;

import io.kappamesh.columns.ChildColumns;
import io.kappamesh.columns.Column;
import io.kappamesh.columns.Identifiers;
import io.kappamesh.columns.TableColumns;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadedChild;
import io.kappamesh.postgres.Session;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tables of ports and their columns, in the session's transaction, which the caller commits. One thread at a time. */
public final class TableDefinitions {
    private final Session session;

    public TableDefinitions(Session session) {
        this.session = session;
    }

    /** Whether there is such a table. */
    public boolean exists(String table) throws SQLException {
        return session.exists(table);
    }

    /** New and empty tables for a port and the elements of its fields, with what the contract says of them as comments. */
    public void create(LoadState first, String port, TableColumns columns) throws SQLException {
        String name = session.target().relation(first.table());
        session.run("CREATE TABLE " + name + " (" + TableColumns.KEY + " text COLLATE \"C\" PRIMARY KEY, "
                + TableColumns.PARTITION + " int NOT NULL, " + TableColumns.OFFSET + " bigint NOT NULL"
                + declared(columns) + ")");
        String said = columns.newest().getDoc();
        session.run(
                comment("TABLE " + name, (said == null ? "" : said.replace("\0", "") + " ") + "Port " + port + "."),
                comment("COLUMN " + name + "." + TableColumns.KEY, "The key of the record in topic " + port + "."),
                comment("COLUMN " + name + "." + TableColumns.PARTITION, "Where the row comes from: the partition."),
                comment("COLUMN " + name + "." + TableColumns.OFFSET, "Where the row comes from: the offset."));
        describe(name, columns, columns.columns());
        for (int i = 0; i < first.children().size(); i++) {
            createChild(
                    first.children().get(i).table(),
                    first.table(),
                    port,
                    columns.children().get(i));
        }
    }

    /** Without a foreign key: rows of both tables have one writer, which writes them in one transaction. */
    private void createChild(String table, String parent, String port, ChildColumns child) throws SQLException {
        String name = session.target().relation(table);
        session.run("CREATE TABLE " + name + " (" + TableColumns.KEY + " text COLLATE \"C\" NOT NULL, "
                + ChildColumns.INDEX + " int NOT NULL" + declared(child.columns()) + ", PRIMARY KEY ("
                + TableColumns.KEY + ", " + ChildColumns.INDEX + "))");
        session.run(
                comment(
                        "TABLE " + name,
                        child.said().map(said -> said + " ").orElse("") + "Elements of field " + child.field()
                                + " of port " + port + "."),
                comment(
                        "COLUMN " + name + "." + TableColumns.KEY,
                        "The key of the record in topic " + port + ", and of its row in " + parent + "."),
                comment("COLUMN " + name + "." + ChildColumns.INDEX, "Where the element stands in the array, from 0."));
        describe(name, child.columns(), child.columns().columns());
    }

    private static String declared(TableColumns columns) {
        return columns.columns().stream()
                .map(column -> ", " + column.quoted() + " " + column.type())
                .collect(Collectors.joining());
    }

    /**
     * Adds the columns that the contract has gained, to the table, those of elements, and their views; rows that are there have the defaults of their fields. Waits until nobody
     * reads what is changed, views first: readers lock a view and then its table, and in the other order PostgreSQL would end one of the two, often the reader.
     */
    public void widen(LoadState loaded, TableColumns columns) throws SQLException {
        List<Wider> wider = new ArrayList<>();
        wider.add(new Wider(loaded.table(), loaded.view(), PortViews.own(), columns));
        List<LoadedChild> children = loaded.children(columns);
        for (int i = 0; i < children.size(); i++) {
            LoadedChild child = children.get(i);
            wider.add(new Wider(
                    child.table(),
                    child.view(),
                    PortViews.elementsOwn(),
                    columns.children().get(i).columns()));
        }
        wider.removeIf(one -> one.columns().added().isEmpty());
        List<String> held = new ArrayList<>();
        wider.forEach(one -> one.view().ifPresent(held::add));
        wider.forEach(one -> held.add(one.table()));
        session.hold(held);
        PortViews views = new PortViews(session);
        for (Wider one : wider) {
            widen(one.table(), one.columns());
            if (one.view().isPresent()) {
                views.show(
                        one.view().get(), one.table(), one.own(), one.columns().columns());
            }
        }
    }

    private record Wider(String table, Optional<String> view, List<String> own, TableColumns columns) {}

    private void widen(String table, TableColumns columns) throws SQLException {
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
     * Makes the indexes of a load's tables, those that they have not by themselves, for those of another load.
     *
     * @return the names of those that cannot be made, because the other table does not have their columns
     */
    public List<String> copyIndexes(LoadState from, LoadState to) throws SQLException {
        List<String> left = new ArrayList<>(copyIndexes(from.table(), to.table()));
        for (LoadedChild child : from.children()) {
            for (LoadedChild other : to.children()) {
                if (other.field().equals(child.field())) {
                    left.addAll(copyIndexes(child.table(), other.table()));
                }
            }
        }
        return left;
    }

    private List<String> copyIndexes(String from, String to) throws SQLException {
        List<String> definitions = new ArrayList<>();
        List<String> left = new ArrayList<>();
        try (PreparedStatement query = session.connection().prepareStatement("""
                SELECT indisunique, pg_get_indexdef(indexrelid), indexrelid::regclass::text,
                  EXISTS (SELECT FROM pg_attribute AS uses WHERE uses.attrelid = indrelid AND uses.attnum > 0
                    AND (uses.attnum = ANY (indkey) OR EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass
                      AND objid = indexrelid AND refobjid = indrelid AND refobjsubid = uses.attnum))
                    AND NOT EXISTS (SELECT FROM pg_attribute AS has WHERE has.attrelid = to_regclass(?) AND has.attname = uses.attname))
                FROM pg_index WHERE indrelid = to_regclass(?) AND NOT indisprimary
                """)) {
            query.setString(1, session.target().relation(to));
            query.setString(2, session.target().relation(from));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    String definition = row.getString(2);
                    if (row.getBoolean(4)) {
                        left.add(row.getString(3));
                    } else {
                        definitions.add("CREATE " + (row.getBoolean(1) ? "UNIQUE " : "") + "INDEX ON "
                                + session.target().relation(to) + definition.substring(definition.indexOf(" USING ")));
                    }
                }
            }
        }
        session.run(definitions.toArray(String[]::new));
        return left;
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

    /** Drops the tables of a load, where they are there. */
    public void drop(LoadState load) throws SQLException {
        session.run("DROP TABLE IF EXISTS " + session.target().relation(load.table()));
        for (LoadedChild child : load.children()) {
            session.run("DROP TABLE IF EXISTS " + session.target().relation(child.table()));
        }
    }

    /** The tables of a load, or of one that begins, that are there. */
    private List<String> existing(LoadState load) throws SQLException {
        List<String> there = new ArrayList<>();
        if (session.exists(load.table())) {
            there.add(load.table());
        }
        for (LoadedChild child : load.children()) {
            if (session.exists(child.table())) {
                there.add(child.table());
            }
        }
        return there;
    }

    /**
     * Looks whether the tables of a load that begins can be made.
     *
     * @throws LifecycleException if something else has one of their names
     */
    public void requireFree(LoadState first, String where) throws SQLException {
        List<String> there = existing(first);
        if (!there.isEmpty()) {
            boolean one = there.size() == 1;
            throw new LifecycleException(
                    ExitCode.CONFIGURATION,
                    where + ": " + session.target().shown() + ": "
                            + session.target().relations(there)
                            + (one ? " is" : " are") + " there, and no loader has made "
                            + (one ? "it; rename or drop it" : "them; rename or drop them")
                            + ", or name another schema with --schema");
        }
    }

    /**
     * Looks whether the tables of a load are there.
     *
     * @param reload what builds them again
     * @throws LifecycleException if one of them is not
     */
    public void requireThere(LoadState known, String where, String reload) throws SQLException {
        List<String> gone = new ArrayList<>(List.of(known.table()));
        known.children().forEach(child -> gone.add(child.table()));
        gone.removeAll(existing(known));
        if (!gone.isEmpty()) {
            throw new LifecycleException(
                    ExitCode.CONTRACT,
                    where + ": " + session.target().shown() + ": table "
                            + session.target().relations(gone) + " was loaded, and is gone or hidden; `" + reload
                            + "` builds it again from the topic");
        }
    }

    private static String comment(String what, String text) {
        return "COMMENT ON " + what + " IS " + Identifiers.literal(text);
    }
}
