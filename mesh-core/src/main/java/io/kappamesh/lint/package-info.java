/**
 * Finds what in a product would make a replay differ from live, before the first record.
 *
 * <p>Reading order: a {@link Rule} is what is objected to, a {@link Finding} where. {@link Linter} assembles a product's topology
 * once: {@code TopologyProbe} sees its processors, {@code TopologyRules} judges them, {@code Lineage} knows which inputs are behind a
 * store. {@code WiringCodecs} knows from which method the product is wired; {@code ReachableCode} follows its class files from there
 * ({@code CapturedClasses} adds what the wiring was given before), and {@code CodeRules} judges what it meets. {@code ExemptionFilter}
 * takes out what the product declares as deliberate.
 */
@NullMarked
package io.kappamesh.lint;

import org.jspecify.annotations.NullMarked;
