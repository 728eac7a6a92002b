/**
 * {@code mesh capture}: tables of PostgreSQL into source ports.
 */
@NullMarked
package io.kappamesh.console.capture;

import org.jspecify.annotations.NullMarked;
