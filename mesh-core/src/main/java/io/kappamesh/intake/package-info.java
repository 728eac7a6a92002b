/**
 * The intake: the only place at which a record can be rejected.
 *
 * <p>Reading order, along the way of a record: {@code EventTimeExtractor} makes an {@code IncomingRecord} of it;
 * {@code RecordValidator} decodes and judges it ({@code ValidationResult}); {@code Intake} forwards it, or makes it a
 * {@link DeadLetter} with its original bytes and a {@link Reason}. {@code SizeValidator} rejects what would not fit into the product's
 * own topics ({@code RecordLimit}).
 */
@NullMarked
package io.kappamesh.intake;

import org.jspecify.annotations.NullMarked;
