package io.kappamesh.postgres;

/** Where the writing of a batch may be interrupted. */
public enum WriteStep {
    /** The rows are in the staging tables. */
    COPIED,
    /** The claim is held. */
    HELD,
    /** The rows are in the table. */
    MERGED,
    /** The elements of rows are in their tables. */
    ELEMENTS,
    /** The positions are written. */
    MOVED,
    /** All of it is committed. */
    COMMITTED
}
