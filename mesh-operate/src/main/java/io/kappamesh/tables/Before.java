package io.kappamesh.tables;

/** What stands in a topic before the offsets at which its reading begins. */
public enum Before {
    /** Nothing that matters: a key of which nothing was read has no record. */
    NOTHING,
    /** Nobody knows: what such a key has is to be found out with {@link LatestRecords#readBefore}. */
    UNKNOWN
}
