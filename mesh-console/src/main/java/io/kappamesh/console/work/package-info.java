/** What commands share that work for long: they show how far they are, stop in order when the process is told to end, and connect to a database. */
@NullMarked
package io.kappamesh.console.work;

import org.jspecify.annotations.NullMarked;
