/**
 * What is found in the catalogue, for a human, for a program and as a picture.
 *
 * <p>Reading order: {@link io.kappamesh.display.CatalogText}, {@link io.kappamesh.display.CatalogJson}; {@link io.kappamesh.display.LineageSvg}
 * draws what {@code LineageLayout} has placed.
 */
@Internal
@NullMarked
package io.kappamesh.display;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
