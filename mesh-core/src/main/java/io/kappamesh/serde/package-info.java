/**
 * Values in the Confluent wire format and in state.
 *
 * <p>Reading order: {@link AvroEncoder} and {@link AvroDecoder} are values to bytes and back in the Confluent wire format;
 * {@link AvroSerde} is both, for ports. {@code StateSerde} is for stores and repartition topics, which need no registry.
 * {@code Codecs} are the encoders and decoders of a product's ports.
 */
@NullMarked
package io.kappamesh.serde;

import org.jspecify.annotations.NullMarked;
