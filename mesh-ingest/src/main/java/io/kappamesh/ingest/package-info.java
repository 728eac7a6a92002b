/**
 * Archives into source ports, exactly once.
 *
 * <p>Reading order: {@link io.kappamesh.ingest.PortIngest} is the door, with {@link io.kappamesh.ingest.PortIngestBuilder}. {@code IngestPlan} compares the
 * files with what is ingested already; {@code MergedRows} is the order of their rows, {@code RowJudge} makes records of them by the port's own intake,
 * and {@code IngestRun} writes records and positions.
 */
@NullMarked
package io.kappamesh.ingest;

import org.jspecify.annotations.NullMarked;
