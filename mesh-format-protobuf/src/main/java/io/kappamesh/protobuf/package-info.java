/**
 * Values that are Protobuf messages.
 *
 * <p>Reading order: {@link io.kappamesh.protobuf.ProtobufFormat} is what a port declares. A {@code MessagePlanner} makes a {@code MessagePlan} of
 * the schema and the message: which field is which, and whether it fits. {@code MessageReader} reads bytes by the plan, and a {@code Content} is
 * how one value becomes Avro's and back; {@code KnownMessage} lists messages that stand for a single value. {@code MessageWriter} is for tests.
 */
@NullMarked
package io.kappamesh.protobuf;

import org.jspecify.annotations.NullMarked;
