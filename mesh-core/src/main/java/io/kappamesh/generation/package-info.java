/**
 * Generations of a product and everything that is recorded about them. Values without a clock, a network or a topic.
 *
 * <p>Reading order: a {@link Generation} has a {@link Role}; a {@code GenerationRecord} is all that is known about it: its
 * {@code Computation}, {@code PortTopics}, {@code History} and {@code Findings}. {@code ProductLifecycle} holds the records of all
 * generations of a product and the only transitions between them. A {@code Cut} makes generations stop at one vector of offsets, which
 * their processes confirm with an {@code Acknowledgement}. An {@code Origin} is where a generation begins to read, a {@code Horizon}
 * what it cannot recompute.
 */
@NullMarked
package io.kappamesh.generation;

import org.jspecify.annotations.NullMarked;
