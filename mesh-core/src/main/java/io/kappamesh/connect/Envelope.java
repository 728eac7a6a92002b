package io.kappamesh.connect;

import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is of interest in a message of Debezium.
 *
 * @param operation its {@code op}; empty = it has none
 * @param after the row after the change, as a record of the port
 * @param changed the time of the change in the database, in milliseconds since the epoch
 * @param changesSchema whether it tells of a change of the database's schema
 */
record Envelope(
        String operation,
        @Nullable GenericRecord after,
        @Nullable Long changed,
        boolean changesSchema) {}
