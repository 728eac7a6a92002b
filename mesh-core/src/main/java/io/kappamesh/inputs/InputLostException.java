package io.kappamesh.inputs;

import java.util.List;

/** An input is not any more what a generation has read so far, so that it cannot continue. Holds no values of records. */
public final class InputLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // always an immutable List.copyOf, which is serializable
    private final List<String> problems;

    public InputLostException(List<String> problems, Throwable cause) {
        super(String.join("\n", problems), cause);
        this.problems = List.copyOf(problems);
    }

    /** One sentence per problem. */
    public List<String> problems() {
        return problems;
    }
}
