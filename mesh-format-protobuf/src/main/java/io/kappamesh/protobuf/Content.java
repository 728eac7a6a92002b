package io.kappamesh.protobuf;

import java.io.IOException;

/**
 * How one value of a field becomes Avro's, and back. What comes from the wire is a {@code Boolean}, {@code Long}, {@code BigDecimal} (a whole
 * number beyond a long), {@code Float}, {@code Double}, {@code String} or {@code byte[]}; an enum is its number, and a message the values of its
 * {@link MessagePlan}. Immutable and thread-safe.
 */
interface Content {

    /** The value in Avro's own types. */
    Object toAvro(Object wire) throws IOException;

    /** The value as {@code Message.Builder.setField} takes it. For tests. */
    Object toProtobuf(Object avro);
}
