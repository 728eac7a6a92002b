/**
 * Finds products, from the catalogues of all domains and the brokers alone.
 *
 * <p>Reading order: {@link io.kappamesh.discovery.Discovery} answers with a {@link io.kappamesh.discovery.Catalog} of {@link
 * io.kappamesh.discovery.FoundProduct}s and of {@link io.kappamesh.discovery.Edge}s between them. {@link
 * io.kappamesh.discovery.SampledRecord} shows what a port holds; {@code Masking} keeps back what is classified.
 */
@Internal
@NullMarked
package io.kappamesh.discovery;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
