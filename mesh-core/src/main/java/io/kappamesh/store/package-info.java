/** State stores that know which keys they do not hold. See ADR 33. */
@NullMarked
package io.kappamesh.store;

import org.jspecify.annotations.NullMarked;
