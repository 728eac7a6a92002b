/** The {@code mesh} command. {@link io.kappamesh.console.Mesh} is its entrance; each verb has a package of its own. */
@NullMarked
package io.kappamesh.console;

import org.jspecify.annotations.NullMarked;
