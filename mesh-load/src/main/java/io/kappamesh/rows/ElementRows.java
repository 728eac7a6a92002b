package io.kappamesh.rows;

import io.kappamesh.columns.ChildColumns;
import io.kappamesh.columns.ChildColumns.Element;
import io.kappamesh.columns.TableColumns;
import io.kappamesh.postgres.LoadState;
import io.kappamesh.postgres.LoadedChild;
import io.kappamesh.postgres.Session;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the elements of one field, beside the rows of the port: in the order of their partitions and the bytes of their keys, and last those without a row of the port. One
 * thread at a time.
 */
public final class ElementRows implements AutoCloseable {
    private static final int AT_A_TIME = 5_000;
    private static final int OWN = 3;

    private final LoadedChild child;
    private final ChildColumns columns;
    private final Statement statement;
    private final ResultSet result;
    private @Nullable Row current;

    /** @param partition null = there is no row of the port */
    @SuppressWarnings("ArrayRecordComponent") // never a key of anything
    private record Row(@Nullable Integer partition, byte[] key, Element element) {}

    private ElementRows(LoadedChild child, ChildColumns columns, Statement statement, ResultSet result)
            throws SQLException {
        this.child = child;
        this.columns = columns;
        this.statement = statement;
        this.result = result;
        next();
    }

    /** Those of all fields that have tables of their own; all are read in the session's transaction, and closed with the session at the latest. */
    public static List<ElementRows> of(Session session, LoadState loaded, TableColumns columns) throws SQLException {
        List<ElementRows> all = new ArrayList<>();
        for (int i = 0; i < loaded.children().size(); i++) {
            all.add(of(
                    session,
                    loaded,
                    loaded.children().get(i),
                    columns.children().get(i)));
        }
        return all;
    }

    private static ElementRows of(Session session, LoadState loaded, LoadedChild child, ChildColumns columns)
            throws SQLException {
        String own =
                "port." + TableColumns.PARTITION + ", element." + TableColumns.KEY + ", element." + ChildColumns.INDEX;
        // The names of columns are those of one table only, except for the own ones.
        String selected =
                columns.columns().readBack().stream().map(one -> ", " + one).collect(Collectors.joining());
        Statement statement = session.connection().createStatement();
        statement.setFetchSize(AT_A_TIME);
        return new ElementRows(
                child,
                columns,
                statement,
                statement.executeQuery("SELECT " + own + selected + " FROM "
                        + session.target().relation(child.table()) + " AS element LEFT JOIN (SELECT "
                        + TableColumns.KEY + ", " + TableColumns.PARTITION + " FROM "
                        + session.target().relation(loaded.table()) + ") AS port ON port." + TableColumns.KEY
                        + " = element." + TableColumns.KEY + " ORDER BY port." + TableColumns.PARTITION
                        + " NULLS LAST, element." + TableColumns.KEY + " COLLATE \"C\", element."
                        + ChildColumns.INDEX));
    }

    private void next() throws SQLException {
        if (!result.next()) {
            current = null;
            return;
        }
        List<@Nullable String> texts = new ArrayList<>(child.columns().size());
        for (int i = 0; i < child.columns().size(); i++) {
            texts.add(result.getString(i + OWN + 1));
        }
        current = new Row(
                result.getObject(1, Integer.class),
                result.getString(2).getBytes(StandardCharsets.UTF_8),
                new Element(result.getInt(OWN), texts));
    }

    /** The rows of a key; those of keys before it are passed over. Keys have to be asked for in their order. */
    public List<Element> of(int partition, byte[] key) throws SQLException {
        List<Element> elements = new ArrayList<>();
        for (Row row = current; row != null && row.partition() != null; row = current) {
            int order = Integer.compare(row.partition(), partition);
            if (order == 0) {
                order = Arrays.compareUnsigned(row.key(), key);
            }
            if (order > 0) {
                break;
            }
            if (order == 0) {
                elements.add(row.element());
            }
            next();
        }
        return elements;
    }

    /** In what the rows of a key differ from the elements of its record, with the table's name. */
    public List<String> differing(IndexedRecord record, List<Element> elements) {
        return columns.differing(record, elements).stream()
                .map(what -> child.table() + (what.startsWith("(") ? " " : ".") + what)
                .toList();
    }

    /** The next key that has rows here and no row of the port; null = there are no more. Nothing else is asked for any more. */
    public byte @Nullable [] nextOrphan() throws SQLException {
        while (current != null && current.partition() != null) {
            next();
        }
        Row orphan = current;
        if (orphan == null) {
            return null;
        }
        while (current != null && Arrays.equals(current.key(), orphan.key())) {
            next();
        }
        return orphan.key();
    }

    /** The name of the table. */
    public String table() {
        return child.table();
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
