/**
 * Values and keys as Debezium and Kafka Connect write them.
 *
 * <p>Reading order: {@link io.kappamesh.connect.DebeziumFormat} is what a port declares; it makes rows of an {@code Envelope}, which {@code
 * JsonEnvelopes} or {@code AvroEnvelopes} have read, and rejects those with {@code UnloggedColumns}. {@code ConnectRows} maps a row in Avro to the port's schema, field by field, and {@code
 * ConnectScalars} single values. {@link io.kappamesh.connect.AvroKey} reads keys. What is made of a writer's schema is kept {@code BySchemaId}.
 */
@NullMarked
package io.kappamesh.connect;

import org.jspecify.annotations.NullMarked;
