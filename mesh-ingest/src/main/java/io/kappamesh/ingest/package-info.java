/**
 * Archives into source ports, exactly once.
 *
 * <p>Reading order: {@link io.kappamesh.ingest.PortIngest} is the door, with {@link io.kappamesh.ingest.PortIngestBuilder}. {@code FileSurvey} finds out what the
 * files are, {@code IngestPlan} compares them with what is ingested already, and {@code IngestRun} writes records and positions of the rows that
 * {@code io.kappamesh.row} reads ahead. {@code Kept} refuses rows that brokers would delete.
 */
@NullMarked
package io.kappamesh.ingest;

import org.jspecify.annotations.NullMarked;
