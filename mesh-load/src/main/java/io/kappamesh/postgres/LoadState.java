package io.kappamesh.postgres;

import io.kappamesh.columns.Child;
import io.kappamesh.columns.Column;
import io.kappamesh.columns.TableColumns;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far a port was loaded. An immutable value.
 *
 * @param port its address, or that of its shadow
 * @param table that holds it
 * @param view that shows it under a name that stays; empty = there is none
 * @param topicId of the topic that was read
 * @param schema the version of the contract that the table has, in Avro's JSON
 * @param columns of the table
 * @param children tables of the elements of its fields, in the order of the fields' names
 * @param caughtUpAt when everything was loaded that there was, by the database's clock
 * @param positions where reading goes on in each partition
 */
public record LoadState(
        String port,
        String table,
        Optional<String> view,
        String topicId,
        String schema,
        List<Column> columns,
        List<LoadedChild> children,
        Instant caughtUpAt,
        Map<Integer, Position> positions) {

    public LoadState {
        columns = List.copyOf(columns);
        children = List.copyOf(children);
        positions = Collections.unmodifiableMap(new TreeMap<>(positions));
    }

    /** The next offset of each partition. */
    public Map<Integer, Long> offsets() {
        return Position.offsets(positions);
    }

    /** The fields that have tables of their own. */
    public List<Child> declared() {
        return children.stream().map(LoadedChild::declared).toList();
    }

    /** The tables of elements with the columns that they have now, in the order of {@link TableColumns#children}. */
    public List<LoadedChild> children(TableColumns now) {
        return now.children().stream()
                .map(child -> {
                    LoadedChild was = children.stream()
                            .filter(one -> one.field().equals(child.field()))
                            .findFirst()
                            .orElseThrow();
                    return new LoadedChild(
                            was.field(),
                            was.table(),
                            was.view(),
                            child.columns().columns());
                })
                .toList();
    }
}
