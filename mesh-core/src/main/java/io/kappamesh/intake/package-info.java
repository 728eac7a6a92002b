/**
 * The intake: the only place that can reject a record.
 *
 * <p>Reading order, which is the order in which a record passes: {@code RecordValidator}, the deserializer, decodes and checks the value
 * ({@code ValidationResult}) and returns an {@code IncomingRecord}; {@code SizeValidator} is the check whether the value fits into the
 * product's own topics ({@code RecordLimit}). {@code EventTimeExtractor} sets the record's time and checks its key ({@code RecordKeys}).
 * {@code Intake}, the first processor, forwards the record, or writes it as a {@link DeadLetter} with its original bytes and a
 * {@link Reason}.
 */
@NullMarked
package io.kappamesh.intake;

import org.jspecify.annotations.NullMarked;
