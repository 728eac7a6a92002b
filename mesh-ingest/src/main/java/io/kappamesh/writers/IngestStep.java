package io.kappamesh.writers;

/** The steps of an ingest, at which tests end it. */
public enum IngestStep {
    /** Earlier ingests of the port are fenced. */
    FENCED,
    /** The positions are read, and nothing is written. */
    PLANNED,
    /** It is committed how many writers there are. Only where there are several. */
    CLAIMED,
    /** All writers of files that had another number of them are at one row, and their positions are one. Only where there are such files. */
    JOINED,
    /** A transaction has begun. */
    BEGUN,
    /** Its records are sent. */
    RECORDS_SENT,
    /** Its positions are sent. */
    POSITIONS_SENT,
    /** It is committed. */
    COMMITTED
}
