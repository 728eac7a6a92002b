/**
 * Avro in the Confluent wire format over the schema registry client, and the compatibility gate for schemas we own.
 *
 * <p>Read in this order:
 *
 * <ol>
 *   <li>{@link io.kappamesh.avro.AvroType}: what a {@code T} looks like in Avro, for generated classes and generic records.
 *   <li>{@link io.kappamesh.avro.SchemaRegistry}: ids to schemas ({@link io.kappamesh.avro.Lookup}), and the gate that registers.
 *   <li>{@link io.kappamesh.avro.AvroEncoder} and {@link io.kappamesh.avro.AvroDecoder}: values to bytes and back
 *       ({@link io.kappamesh.avro.Decoded}).
 *   <li>{@link io.kappamesh.avro.AvroSerde} for ports, {@link io.kappamesh.avro.StateSerde} for stores and repartition topics.
 *   <li>Inside: {@code Resolution} (how one schema reads another, and why not) makes a {@code Plan}; {@code ValueReaders} execute it,
 *       and {@code Projection} is both for one writer; {@code BytesDecoder} and {@code BytesEncoder} are Avro binary on byte arrays.
 * </ol>
 *
 * <p>Intentional, not bugs: schemas are registered at start and never while processing; no message carries a record's value;
 * a decimal of another scale is incompatible, although Avro's own rules let it through and change the amount.
 */
@NullMarked
package io.kappamesh.avro;

import org.jspecify.annotations.NullMarked;
