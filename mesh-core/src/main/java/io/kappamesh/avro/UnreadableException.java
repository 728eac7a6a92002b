package io.kappamesh.avro;

import java.io.IOException;

/** The data ran into a gap between the two schemas. Expected in normal running, so it carries no stack trace. */
final class UnreadableException extends IOException {

    private static final long serialVersionUID = 1;

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
