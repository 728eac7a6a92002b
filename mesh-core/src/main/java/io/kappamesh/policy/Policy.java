package io.kappamesh.policy;

import io.kappamesh.declaration.DeclarationException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Something that is asked of each product, each port or each field. Immutable, and thread-safe if its predicate is.
 *
 * <pre>
 * Policy.ofPort("described", Severity.REFUSE, "has no description", "say what it tells in describedAs(…)",
 *         port -&gt; !port.description().isBlank())
 * </pre>
 */
public final class Policy {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private final String id;
    private final Severity severity;
    private final String problem;
    private final String remedy;
    private final Places places;

    /** Where a policy is violated. */
    @FunctionalInterface
    private interface Places {
        List<String> in(DescribedProduct product);
    }

    private Policy(String id, Severity severity, String problem, String remedy, Places places) {
        if (!ID.matcher(id).matches()) {
            throw new DeclarationException(List.of("policy '" + id
                    + "': expected lower case letters, digits and single hyphens, such as field-documented"));
        }
        if (problem.isBlank() || remedy.isBlank()) {
            throw new DeclarationException(
                    List.of("policy " + id + ": say what the problem is, and what to do about it"));
        }
        this.id = id;
        this.severity = severity;
        this.problem = problem;
        this.remedy = remedy;
        this.places = places;
    }

    /**
     * Asked of each product.
     *
     * @param id short and stable, by which settings name it
     * @param severity what a violation leads to where no setting says otherwise
     * @param problem what is wrong with a product that does not hold, behind its name: {@code has no description}
     * @param remedy what to do: {@code say what it offers in describedAs(…)}
     */
    public static Policy ofProduct(
            String id, Severity severity, String problem, String remedy, Predicate<DescribedProduct> holds) {
        return new Policy(
                id,
                severity,
                problem,
                remedy,
                product -> holds.test(product) ? List.of() : List.of("product " + product.name()));
    }

    /** Asked of each published port; otherwise as {@link #ofProduct}. */
    public static Policy ofPort(
            String id, Severity severity, String problem, String remedy, Predicate<DescribedPort> holds) {
        return new Policy(
                id,
                severity,
                problem,
                remedy,
                product -> product.ports().stream()
                        .filter(port -> !holds.test(port))
                        .map(port -> "port " + port.address())
                        .toList());
    }

    /** Asked of each field of each published port, also those inside of others; otherwise as {@link #ofProduct}. */
    public static Policy ofField(
            String id, Severity severity, String problem, String remedy, Predicate<DescribedField> holds) {
        return new Policy(id, severity, problem, remedy, product -> {
            List<String> wrong = new ArrayList<>();
            for (DescribedPort port : product.ports()) {
                port.fields().stream()
                        .filter(field -> !holds.test(field))
                        .forEach(field -> wrong.add("port " + port.address() + ", field " + field.path()));
            }
            return wrong;
        });
    }

    /** Its name, by which settings name it. */
    public String id() {
        return id;
    }

    /** What a violation leads to where no setting says otherwise. */
    public Severity severity() {
        return severity;
    }

    /** The same with another severity. */
    public Policy with(Severity other) {
        return new Policy(id, other, problem, remedy, places);
    }

    /**
     * Where a product violates it.
     *
     * @throws DeclarationException when its predicate throws
     */
    List<Violation> violations(DescribedProduct product) {
        try {
            return places.in(product).stream()
                    .map(where -> new Violation(id, severity, where, problem, remedy))
                    .toList();
        } catch (RuntimeException | LinkageError | StackOverflowError broken) {
            throw new DeclarationException(List.of("policy " + id + ": cannot judge product " + product.name() + " ("
                    + broken + "); mend the policy, or turn it off with mesh.policies=" + id + "=off"));
        }
    }

    @Override
    public String toString() {
        return id;
    }
}
