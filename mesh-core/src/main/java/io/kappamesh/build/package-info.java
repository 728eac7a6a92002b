/**
 * Builds of a product: by what two of them can be told apart.
 *
 * <p>Reading order: {@code ProductBuild} is everything that is known of a build without brokers or a registry; {@code Build} is its
 * name, {@code CodeFingerprint} the digest of the code that its topology can reach.
 */
@Internal
@NullMarked
package io.kappamesh.build;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
