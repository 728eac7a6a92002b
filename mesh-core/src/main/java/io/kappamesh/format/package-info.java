/**
 * Formats of sources that are not Avro in the Confluent wire format.
 *
 * <p>Reading order: {@link JsonFormat} is what a port declares. {@code JsonReader} reads JSON text by the schema of the port into Avro's own
 * types ({@code JsonScalars} the single values), and {@code io.kappamesh.avro} makes them the values of the port's class.
 */
@NullMarked
package io.kappamesh.format;

import org.jspecify.annotations.NullMarked;
