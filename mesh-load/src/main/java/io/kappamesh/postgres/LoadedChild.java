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
     */
    public static List<LoadedChild> of(String table, Optional<String> view, List<Child> declared) {
        Set<String> tables = new HashSet<>();
        Set<String> views = new HashSet<>();
        return declared.stream()
                .map(child -> new LoadedChild(
                        child.field(),
                        name(table, child.field(), tables),
                        view.map(shown -> name(shown, child.field(), views)),
                        child.columns()))
                .toList();
    }

    private static String name(String parent, String field, Set<String> taken) {
        String name = Identifiers.free(parent + "_" + field, taken);
        taken.add(name);
        return name;
    }

    Child declared() {
        return new Child(field, columns);
    }
}
