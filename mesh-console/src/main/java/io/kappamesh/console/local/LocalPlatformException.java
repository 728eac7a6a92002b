package io.kappamesh.console.local;

/** The local platform does not start or stop; the message says why, and what to do. */
final class LocalPlatformException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LocalPlatformException(String message) {
        super(message);
    }
}
