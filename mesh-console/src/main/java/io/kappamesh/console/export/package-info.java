/** {@code mesh export}: a published port as files. */
@NullMarked
package io.kappamesh.console.export;

import org.jspecify.annotations.NullMarked;
