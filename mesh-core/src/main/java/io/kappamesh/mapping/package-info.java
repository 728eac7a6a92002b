/**
 * Values of other formats as values of a port's Avro class: what all formats share.
 *
 * <p>Reading order: {@code Scalar} is one value as its format holds it, {@code Scalars} takes it as an Avro type, exactly or not at all;
 * {@code AvroValues} makes the record of them a value of the port's class. What cannot be taken is a {@code MisfitException}, whose reason names
 * the field and shows no value.
 */
@NullMarked
package io.kappamesh.mapping;

import org.jspecify.annotations.NullMarked;
