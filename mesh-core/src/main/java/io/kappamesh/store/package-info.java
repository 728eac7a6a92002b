/** State stores that know which keys they do not hold, and hold back what is not committed. See ADR 33 and 53. */
@NullMarked
package io.kappamesh.store;

import org.jspecify.annotations.NullMarked;
