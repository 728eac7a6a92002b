/**
 * Rows as they stand in the tables, read back in the order of their keys for a comparison: {@code TableRows} those of a port, {@code ElementRows} those of the elements of a
 * field.
 */
@Internal
@NullMarked
package io.kappamesh.rows;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
