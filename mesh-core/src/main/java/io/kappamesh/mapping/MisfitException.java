package io.kappamesh.mapping;

import io.kappamesh.Internal;
import java.io.IOException;

/** A value is not what its schema asks for. Expected in normal running, so it carries no stack trace. */
@Internal
public final class MisfitException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String what;
    private String path = "";

    /** @param what what is wrong, without any value of the record: it ends up in the reason of a dead letter */
    public MisfitException(String what) {
        super(what);
        this.what = what;
    }

    /** The same, as the part of a value sees it that contains the misfit: {@code .lines}, {@code []}. */
    public MisfitException inside(String step) {
        path = step + path;
        return this;
    }

    /** What is wrong, and in which field; no value of the record. */
    public String reason() {
        return path.isEmpty() ? what : "field " + path.substring(1) + " " + what;
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
