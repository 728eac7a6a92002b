/**
 * From bytes to Avro values: how the schema of the data is read with the reader's own. The way back is {@code io.kappamesh.encoding}.
 *
 * <p>Reading order: {@link AvroType} is what a {@code T} looks like in Avro, for generated classes and generic records.
 * {@code SchemaResolution} decides how one schema reads another, and why not ({@code TypeMatching}, {@code LogicalTypeRules}); it
 * makes a {@code ReadPlan}, which {@code ValueReaders} execute, with {@code LogicalTypeReaders} for decimals and times. {@code Projection} is both for one
 * writer's schema, and answers with a {@link Decoded}. {@code BytesDecoder} is Avro binary out of a byte array.
 *
 * <p>Intentional, not bugs: no message holds a value of a record; a decimal of another scale is incompatible, although Avro's own
 * rules let it through and change the amount.
 */
@NullMarked
package io.kappamesh.avro;

import org.jspecify.annotations.NullMarked;
