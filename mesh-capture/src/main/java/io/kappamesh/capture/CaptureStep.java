package io.kappamesh.capture;

/** The steps of a capture, at which tests end it. */
enum CaptureStep {
    /** Earlier captures of the port are fenced. */
    FENCED,
    /** What is about to be done stands in the topic of positions; slots of earlier snapshots are gone. */
    CLAIMED,
    /** A transaction has begun. */
    BEGUN,
    /** Its records are sent. */
    RECORDS_SENT,
    /** Its position is sent. */
    POSITION_SENT,
    /** It is committed, and PostgreSQL does not know. */
    COMMITTED,
    /** PostgreSQL is told. */
    CONFIRMED,
    /** All rows of the snapshot are sent, and rows that are gone are not yet deleted. */
    SNAPSHOT_READ
}
