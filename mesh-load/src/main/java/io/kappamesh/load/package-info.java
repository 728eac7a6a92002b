/**
 * Loads published ports into tables of PostgreSQL, exactly once.
 *
 * <p>Reading order: a {@link io.kappamesh.load.PortLoader} is what programs use. It opens sessions, claims the table, and lets a {@code LoadRun}
 * do the work: {@code SourceTopic} checks that the topic is still the one whose positions are stored, {@code PortContract} is what the registry
 * says of its values, {@code RowMaker} makes rows of records, and {@code CorrectionBarrier} keeps the corrections of a promotion together.
 * {@link io.kappamesh.load.LoadVerifier} compares the table with the topic; {@link io.kappamesh.load.PortReload} builds it again.
 */
@NullMarked
package io.kappamesh.load;

import org.jspecify.annotations.NullMarked;
