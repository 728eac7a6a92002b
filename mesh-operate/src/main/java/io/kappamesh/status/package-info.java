/**
 * How far generations are, from the control topic and the brokers alone.
 *
 * <p>Reading order: {@code StatusReader} answers with one {@link GenerationStatus} per generation; {@code ReplayRate} measures how
 * fast one replays; {@code ProductRecords} reads what is decided.
 */
@NullMarked
package io.kappamesh.status;

import org.jspecify.annotations.NullMarked;
