package io.kappamesh.registry;

import org.apache.avro.Schema;

/**
 * One version of a subject.
 *
 * @param id of the schema, unique in the registry; what stands in front of every record
 * @param version within the subject, counted from 1
 * @param schema what it says
 */
public record RegisteredSchema(int id, int version, Schema schema) {}
