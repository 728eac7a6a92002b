/**
 * Two generations of a product, side by side: whether a candidate says, at one cut, what the serving generation says.
 *
 * <p>Reading order: {@code LatestRecords} reads topics up to a cut and keeps the latest record of each key on disk ({@code
 * TopicReader} reads, {@code DiskTables} keeps); {@code PortComparison} goes through two topics of one port and tells each
 * {@code Difference}, field by field ({@code ValueComparison}, {@code FieldChange}); an {@code Expectation} is a difference that
 * somebody declared beforehand; {@link io.kappamesh.replay.PortReport} is what came out. Memory does not grow with the number of
 * keys anywhere in here.
 */
@NullMarked
package io.kappamesh.replay;

import org.jspecify.annotations.NullMarked;
