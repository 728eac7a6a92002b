/**
 * How a source's bytes become values and keys: what a format has to do, for those that come with the library and for one's own.
 *
 * <p>Reading order: {@link io.kappamesh.format.ValueFormat} makes a value of bytes, or a reason; {@link io.kappamesh.format.KeyFormat} makes a
 * text of a key. Published ports need none: their keys are text and their values Avro in the Confluent wire format. Formats that exist are in
 * packages of their own: {@code json}, {@code csv} and {@code connect}.
 */
@NullMarked
package io.kappamesh.format;

import org.jspecify.annotations.NullMarked;
