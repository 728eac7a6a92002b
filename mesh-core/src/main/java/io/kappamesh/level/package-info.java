/**
 * Levels of service: what the owner of a port promises, what of it is counted, and what the counts say.
 *
 * <p>Reading order: {@link io.kappamesh.level.ServiceLevels} stands in a port's declaration, with an {@link io.kappamesh.level.Objective} for
 * each {@link io.kappamesh.level.Indicator}. {@link io.kappamesh.level.Tally} counts by the hour, {@link io.kappamesh.level.Counts} is what a process
 * has counted, and {@link io.kappamesh.level.Reading} says how an objective stands.
 */
@NullMarked
package io.kappamesh.level;

import org.jspecify.annotations.NullMarked;
