package io.kappamesh.registry;

/** A schema that breaks a promise made by earlier ones. Trying again does not help; the message says what does. */
public final class IncompatibleSchemaException extends RuntimeException {

    private static final long serialVersionUID = 1;

    IncompatibleSchemaException(String message) {
        super(message);
    }

    IncompatibleSchemaException(String message, Exception cause) {
        super(message, cause);
    }
}
