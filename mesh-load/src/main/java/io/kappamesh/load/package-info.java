/**
 * Loads published ports into tables of PostgreSQL, exactly once.
 *
 * <p>Reading order: a {@link io.kappamesh.load.PortLoader} is what programs use. It opens sessions, sees that there is a table ({@code FirstLoad}),
 * claims it, and lets a {@code LoadRun} do the work. {@code LoadVerifier} compares the table with the topic; {@code PortReload} builds it again.
 */
@NullMarked
package io.kappamesh.load;

import org.jspecify.annotations.NullMarked;
