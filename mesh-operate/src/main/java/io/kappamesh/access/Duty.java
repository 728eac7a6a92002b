package io.kappamesh.access;

/** What a principal does with the data products of a domain. */
public enum Duty {
    /** Creates the topics and registers the schemas that the domain owns, before anything runs. */
    PROVISION,
    /** Runs the domain's program. */
    RUN,
    /** Plans, replays, compares, promotes and retires generations of the domain's products. */
    OPERATOR,
    /** Ingests archives into the domain's source ports. */
    INGEST,
    /** Reads the domain's public topics, and what the catalogue says of them. */
    CONSUMER
}
