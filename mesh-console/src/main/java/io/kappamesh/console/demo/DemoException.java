package io.kappamesh.console.demo;

/** The demo cannot continue, for a reason that the user can do something about. */
final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DemoException(String message) {
        super(message);
    }
}
