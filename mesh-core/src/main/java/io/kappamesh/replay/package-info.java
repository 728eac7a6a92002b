/**
 * What can be done with the generations of a product: replay, compare, promote, go back, retire.
 *
 * <p>Reading order: {@link io.kappamesh.replay.Lifecycle} is all that others see. {@code Planning} and {@code StatusReader} only look;
 * {@code Beginning} and {@code Retiring} are the first step and the last. {@code Cutting} makes generations stand still at one vector
 * of input offsets; {@code Verifying} compares what they wrote up to there, and {@code Promoting} exchanges their roles, with the
 * {@code Corrections} that this takes.
 *
 * <p>The comparison: {@code LatestRecords} reads topics up to a cut and keeps the latest record of each key on disk ({@code
 * TopicReader} reads, {@code DiskTables} keeps); {@code PortComparison} goes through two topics of one port and tells each
 * {@code Difference}, field by field ({@code ValueComparison}, {@code FieldChange}); an {@code Expectation} is a difference that
 * somebody declared beforehand; {@link io.kappamesh.replay.PortReport} is what came out. Memory does not grow with the number of
 * keys anywhere in here.
 */
@NullMarked
package io.kappamesh.replay;

import org.jspecify.annotations.NullMarked;
