/**
 * How the levels of service of published ports stand: see {@code docs/adr/0044}. {@link io.kappamesh.slo.PortLevel} is one objective of one port as the catalogue
 * has it; {@link io.kappamesh.slo.PrometheusRules} are the alerts that follow from what is declared.
 */
@Internal
@NullMarked
package io.kappamesh.slo;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
