package io.kappamesh.ingest;

/** The steps of a transaction, at which tests end an ingest. */
enum IngestStep {
    /** Earlier ingests of the port are fenced. */
    FENCED,
    /** The positions are read, and nothing is written. */
    PLANNED,
    /** A transaction has begun. */
    BEGUN,
    /** Its records are sent. */
    RECORDS_SENT,
    /** Its positions are sent. */
    POSITIONS_SENT,
    /** It is committed. */
    COMMITTED
}
