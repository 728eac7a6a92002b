/**
 * What a replay would take, and what a promotion would change for others. Changes nothing.
 *
 * <p>Reading order: {@code Planner} makes a {@link Plan}. A {@link BuildChange} says what another build changes, {@link Downstream}
 * who reads the product, {@link Reach} what a reader will see of a promotion.
 */
@NullMarked
package io.kappamesh.plan;

import org.jspecify.annotations.NullMarked;
