/**
 * What a product is doing, as an operator sees it.
 *
 * <p>Reading order: {@link ProductStatus} is one generation at one moment, in one {@link ProductState}; {@link Health} is the answer
 * for probes. {@code ProductMetrics} counts.
 */
@NullMarked
package io.kappamesh.observe;

import org.jspecify.annotations.NullMarked;
