package io.kappamesh.postgres;

/** Somebody else has claimed the table: nothing was written. */
public final class FencedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FencedException(String port) {
        super(port + ": another loader has taken over; nothing was written");
    }
}
