/**
 * The control topic of a product: which generations there are and what they are to do. Every process of the product reads it; one
 * writer at a time decides.
 *
 * <p>Reading order: {@code ControlTopic} says what the topic has to be; {@code ControlRecords} are its records on the wire.
 * {@code ControlView} follows it, {@code ControlSnapshot} reads it once to the end of what was written, and {@code ControlWriter}
 * decides: whoever takes it last fences everybody before.
 */
@Internal
@NullMarked
package io.kappamesh.control;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
