package io.kappamesh.compare;

/** Whether a port is published by both generations that are compared. */
public enum PortChange {
    /** Both publish it. */
    NONE,
    /** Only the candidate publishes it: what it has of it is published by a promotion, and expected. */
    ADDED,
    /** Only the serving generation publishes it: after a promotion nobody writes it, and it keeps what it says. */
    REMOVED
}
