package io.kappamesh.compare;

/** How a key of a port can differ between the generation that serves and a candidate. A key has one kind at most. */
public enum DifferenceKind {
    /** Both have a value, and a field of it differs. */
    CHANGED,
    /** The values are equal and the records' timestamps are not. */
    TIMESTAMP,
    /** The candidate has no value of the key. */
    ONLY_SERVING,
    /** The serving generation has no value of the key. */
    ONLY_CANDIDATE,
    /** The bytes differ, and one of the values cannot be read, so that nobody can say in what. */
    UNDECODABLE,
    /** The candidate does not publish the port: one difference, whatever the port says. Nothing of it is deleted. */
    REMOVED
}
