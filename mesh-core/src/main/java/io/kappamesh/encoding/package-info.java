/**
 * From Avro values to bytes.
 *
 * <p>Reading order: {@code BinaryWriter} has a value written by the plan that {@code ValueWriters} make of its schema, with {@code LogicalTypeWriters} for decimals and
 * times; and by Avro's own writer where the plan does not know the value for certain. {@code BytesEncoder} is Avro binary into a byte array that is used again.
 */
@NullMarked
package io.kappamesh.encoding;

import org.jspecify.annotations.NullMarked;
