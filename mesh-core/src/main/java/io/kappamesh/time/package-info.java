/** When facts happened: {@link io.kappamesh.time.EventTime} is the only time that a product knows. */
@NullMarked
package io.kappamesh.time;

import org.jspecify.annotations.NullMarked;
