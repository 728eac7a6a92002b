package io.kappamesh.tables;

/** Which keys are gone through. */
public enum KeyScope {
    /** Every key that has a value in one of the two topics. */
    ALL,
    /**
     * Keys of which something was read, a tombstone too, or that were marked, since the last {@link LatestRecords#settle()} and
     * those that were marked before it. Until the first one, that is every key.
     */
    TOUCHED
}
