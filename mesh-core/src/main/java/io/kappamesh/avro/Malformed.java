package io.kappamesh.avro;

import java.io.IOException;

/** Bytes that are not the Avro binary they should be. Expected in normal running, so it carries no stack trace. */
final class Malformed extends IOException {

    private static final long serialVersionUID = 1;

    Malformed(String what) {
        super(what);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
