package io.kappamesh.contract;

/** How the records of a port relate to each other. In both kinds a later record with the same key replaces the earlier one. */
public enum PortKind {
    /** The latest value per key; the topic is compacted and a null value deletes the key. */
    TABLE,
    /** Keyed facts, retained; a null value retracts the fact with that key. */
    EVENTS
}
