package io.kappamesh.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which packages of a module may see which, in a table: {@code package -> those that it may see}, a line each, from the ground up. A
 * package sees only packages above its own line, or of modules before this one, so that there can be no cycle.
 */
public final class Layers {
    private static final String ROOT = "io.kappamesh.";

    private final Map<String, Set<String>> known = new HashMap<>();
    private final List<String> order = new ArrayList<>();

    private Layers(String table) {
        for (String line : table.strip().lines().toList()) {
            String[] sides = line.strip().split(" ->", -1);
            known.put(
                    sides[0],
                    Set.of(sides[1].isBlank() ? new String[0] : sides[1].strip().split(" ")));
            order.add(sides[0]);
        }
    }

    public static Layers of(String table) {
        return new Layers(table);
    }

    /** Every violation at once, also a package that is not in the table. */
    public void check(JavaClasses module) {
        Set<String> violations = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        for (JavaClass type : module) {
            String from = layer(type);
            if (from.isEmpty()) {
                continue;
            }
            seen.add(from);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String to = layer(dependency.getTargetClass());
                if (!to.isEmpty()
                        && !to.equals(from)
                        && !known.getOrDefault(from, Set.of()).contains(to)) {
                    violations.add(from + " must not see " + to + ": " + dependency.getDescription());
                }
            }
        }
        known.forEach((from, all) -> all.stream()
                .filter(to -> order.indexOf(to) > order.indexOf(from))
                .forEach(to -> violations.add("the table has " + from + " above " + to + ", which it may see")));
        assertThat(violations).isEmpty();
        assertThat(seen).as("packages of the module").containsExactlyInAnyOrderElementsOf(order);
    }

    private static String layer(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(ROOT) ? name.substring(ROOT.length()).split("\\.", -1)[0] : "";
    }
}
