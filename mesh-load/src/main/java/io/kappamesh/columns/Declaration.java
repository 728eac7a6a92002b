package io.kappamesh.columns;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which fields of a port are to have child tables. An immutable value.
 *
 * @param fields of the contract; empty = nothing is said of them
 * @param none whether it is said that there are none
 */
public record Declaration(Optional<List<String>> fields, boolean none) {
    /** Of a port of which nothing is said. */
    public static final Declaration UNSAID = new Declaration(Optional.empty(), false);

    public Declaration {
        fields = fields.map(all -> all.stream().sorted().toList());
    }

    /** Of just these fields. */
    public static Declaration of(List<String> fields) {
        return new Declaration(Optional.of(fields), false);
    }

    /** These fields too. */
    public Declaration with(List<String> more) {
        List<String> all = new ArrayList<>(orElse(List.of()));
        all.addAll(more);
        return new Declaration(Optional.of(all), none);
    }

    /** None, also where there were some. */
    public Declaration without() {
        return new Declaration(Optional.of(orElse(List.of())), true);
    }

    /** What is said, or else others. */
    public List<String> orElse(List<String> others) {
        return fields.orElse(others);
    }

    /** What is wrong with it, whatever the contract says. */
    public List<String> problems() {
        List<String> all = orElse(List.of());
        List<String> problems = new ArrayList<>();
        if (none && !all.isEmpty()) {
            problems.add("child tables of " + String.join(", ", all)
                    + " are declared, and that there are none; leave out --child or --no-children");
        }
        all.stream()
                .filter(field -> Collections.frequency(all, field) > 1)
                .distinct()
                .map(field -> "the child table of field " + field + " is declared more than once; declare it once")
                .forEach(problems::add);
        return problems;
    }

    /**
     * Why a table that is there cannot be loaded by it; empty = it can. Where nothing is said, what there is goes on.
     *
     * @param table its name
     * @param loaded fields that have child tables there
     * @param reload what builds tables again
     */
    public Optional<String> contradicts(String table, List<String> loaded, String reload) {
        List<String> declared = orElse(loaded);
        if (Set.copyOf(declared).equals(Set.copyOf(loaded))) {
            return Optional.empty();
        }
        return Optional.of("table " + table + " has "
                + (loaded.isEmpty() ? "no child tables" : "child tables of " + String.join(", ", loaded))
                + (declared.isEmpty()
                        ? ", and it is declared that there are none"
                        : ", and child tables of " + String.join(", ", declared) + " are declared")
                + "; leave the declaration out to go on with what there is, or run `" + reload
                + (declared.isEmpty() ? " --no-children" : " --child " + String.join(",", declared))
                + "`, which builds the tables again");
    }
}
