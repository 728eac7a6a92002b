/**
 * Avro values to bytes and back: how the schema of the data is read with the reader's own.
 *
 * <p>Reading order: {@link AvroType} is what a {@code T} looks like in Avro, for generated classes and generic records.
 * {@code SchemaResolution} decides how one schema reads another, and why not ({@code TypeMatching}, {@code LogicalTypeRules}); it
 * makes a {@code ReadPlan}, which {@code ValueReaders} execute. {@code Projection} is both for one writer's schema, and answers with a
 * {@link Decoded}. {@code BytesDecoder} and {@code BytesEncoder} are Avro binary on byte arrays.
 *
 * <p>Intentional, not bugs: no message holds a value of a record; a decimal of another scale is incompatible, although Avro's own
 * rules let it through and change the amount.
 */
@NullMarked
package io.kappamesh.avro;

import org.jspecify.annotations.NullMarked;
