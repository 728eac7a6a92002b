package io.kappamesh.declaration;

import java.util.List;

/** A declaration that does not hold, with every problem found in it. */
public final class DeclarationException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // always an immutable List.copyOf, which is serializable
    private final List<String> problems;

    public DeclarationException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence per problem: where, what was expected, what came, the remedy. Never empty. */
    public List<String> problems() {
        return problems;
    }
}
