/**
 * Ends ports that nobody reads any more. See {@code docs/adr/0041}.
 *
 * <p>Reading order: {@link io.kappamesh.retirement.PortRetirer} asks who reads a port, and ends it; {@link
 * io.kappamesh.retirement.PortRetirement} is what became of it.
 */
@Internal
@NullMarked
package io.kappamesh.retirement;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
