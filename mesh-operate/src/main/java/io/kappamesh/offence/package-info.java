/** Which records a candidate refuses by a rule and the serving generation does not: {@link io.kappamesh.offence.RuleOffence}. */
@NullMarked
package io.kappamesh.offence;

import org.jspecify.annotations.NullMarked;
