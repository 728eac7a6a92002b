/**
 * A broker and a registry on this machine to develop against: {@code mesh up} and {@code mesh down}.
 *
 * <p>Reading order: {@link UpCommand}, {@code LocalHome} for the files, {@code Supervisor} for the process that stays behind.
 */
@NullMarked
package io.kappamesh.console.local;

import org.jspecify.annotations.NullMarked;
