package io.kappamesh.columns;

/** A value that PostgreSQL cannot hold. The reason names the field and shows no value. */
public final class UnloadableException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnloadableException(String reason) {
        super(reason);
    }

    UnloadableException inside(String field) {
        return new UnloadableException("field " + field + " " + getMessage());
    }
}
