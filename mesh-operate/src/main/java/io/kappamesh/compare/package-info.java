/**
 * Compares what two generations wrote, key by key and field by field.
 *
 * <p>Reading order: a {@code GenerationPair} is what is compared; {@code PairComparison} compares all of its ports,
 * {@code PortComparison} one. Each key has a {@code KeyComparison} ({@code ValueComparison}, {@code FieldChange}); an
 * {@code Expectation} is a difference that somebody declared beforehand; {@code PortHorizon} is the time before which nothing is
 * compared. A {@link PortReport} is the result for a port, a {@link Verification} the whole.
 */
@NullMarked
package io.kappamesh.compare;

import org.jspecify.annotations.NullMarked;
