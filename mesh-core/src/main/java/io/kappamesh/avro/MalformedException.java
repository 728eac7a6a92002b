package io.kappamesh.avro;

import java.io.IOException;

/** Bytes that are not the Avro binary they should be. Expected in normal running, so it carries no stack trace. */
final class MalformedException extends IOException {

    private static final long serialVersionUID = 1;

    private String path = "";

    MalformedException(String what) {
        super(what);
    }

    /** The same, found inside a field, an array or a map. */
    MalformedException inside(String step) {
        path = step + path;
        return this;
    }

    /** Where inside the value it was found: {@code .lines[].price}; empty if that is not known. */
    String path() {
        return path;
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
