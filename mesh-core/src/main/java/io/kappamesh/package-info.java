/** What all packages share: {@link io.kappamesh.Internal}, which marks what is not API. */
@NullMarked
package io.kappamesh;

import org.jspecify.annotations.NullMarked;
