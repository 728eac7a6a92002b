/**
 * What in a product would make a replay differ from live, found before the first record.
 *
 * <p>Reading order: {@link io.kappamesh.lint.Rule} is what is objected to, {@link io.kappamesh.lint.Finding} where. {@link
 * io.kappamesh.lint.Linter} assembles a product's topology once: {@code Witness} sees its processors, {@code TopologyRules} judges
 * them, {@code Lineage} tells which inputs are behind a store. {@code WiringCodecs} tells from which method the product is wired;
 * {@code ReachableCode} follows its class files from there ({@code Captured} adds what the wiring was given before), and {@code CodeRules} judges what it meets. {@code Exempting} takes out
 * what the product declares as deliberate.
 */
package io.kappamesh.lint;
