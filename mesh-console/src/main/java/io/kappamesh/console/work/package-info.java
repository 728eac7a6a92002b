/** What commands share that work for long: they show how far they are, and stop in order when the process is told to end. */
@NullMarked
package io.kappamesh.console.work;

import org.jspecify.annotations.NullMarked;
