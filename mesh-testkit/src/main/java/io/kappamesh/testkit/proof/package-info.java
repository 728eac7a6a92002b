/**
 * Proves in a test that a product's replay equals live, under many schedules.
 *
 * <p>Reading order: {@link io.kappamesh.testkit.proof.ReplayProof} is what a test uses. {@code History} is the input; {@code Scheduling}
 * draws a {@code Schedule} of {@code Step}s; a {@code Trial} runs it on the simulation ({@code Bench}) and has an {@code Outcome}. Where
 * two differ, {@code Shrinking} looks for a smaller history that differs too, which the {@code Counterexample} prints.
 */
@NullMarked
package io.kappamesh.testkit.proof;

import org.jspecify.annotations.NullMarked;
