/**
 * {@code mesh load}, {@code verify-load} and {@code reload}: ports in tables of PostgreSQL.
 *
 * <p>Reading order: {@code LoadCommands} adds the commands; {@code DatabaseOptions} says which port and which database.
 */
@NullMarked
package io.kappamesh.console.load;

import org.jspecify.annotations.NullMarked;
