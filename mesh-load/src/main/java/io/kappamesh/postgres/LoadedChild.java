package io.kappamesh.postgres;

import io.kappamesh.columns.Child;
import io.kappamesh.columns.Column;
import io.kappamesh.columns.Identifiers;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The table of the elements of a field. An immutable value.
 *
 * @param field of the contract, an array
 * @param table that holds its elements
 * @param view that shows it under a name that stays; empty = there is none
 * @param columns of the elements
 */
public record LoadedChild(String field, String table, Optional<String> view, List<Column> columns) {
    public LoadedChild {
        columns = List.copyOf(columns);
    }

    /**
     * The tables that a port gets for the elements of its fields: {@code orders_v1_lines} for field {@code lines}, and the view {@code orders_lines}.
     *
     * @param table of the port
     * @param view of the port; empty = none, and none for these
     * @param before what there is: its fields keep their names, and no other field gets one of these
     */
    public static List<LoadedChild> of(
            String table, Optional<String> view, List<Child> declared, List<LoadedChild> before) {
        Set<String> tables = new HashSet<>();
        Set<String> views = new HashSet<>();
        for (LoadedChild known : before) {
            tables.add(known.table());
            known.view().ifPresent(views::add);
        }
        return declared.stream()
                .map(child -> {
                    Optional<LoadedChild> known = before.stream()
                            .filter(one -> one.field().equals(child.field()))
                            .findFirst();
                    return new LoadedChild(
                            child.field(),
                            known.map(LoadedChild::table).orElseGet(() -> name(table, child.field(), tables)),
                            view.map(shown -> known.flatMap(LoadedChild::view)
                                    .orElseGet(() -> name(shown, child.field(), views))),
                            child.columns());
                })
                .toList();
    }

    private static String name(String parent, String field, Set<String> taken) {
        String name = Identifiers.free(parent + "_", field, taken);
        taken.add(name);
        return name;
    }

    /** The same table, and no view of it. */
    public LoadedChild hidden() {
        return new LoadedChild(field, table, Optional.empty(), columns);
    }

    Child declared() {
        return new Child(field, columns);
    }
}
