/**
 * Makes generations stop at one vector of input offsets, and lets them go on.
 *
 * <p>Reading order: {@code CutCoordinator} orders it and waits for the answers; a {@code QuiescedGeneration} has stopped.
 * {@code GenerationGroups} and {@code TransactionalIds} are what brokers know of its work, {@code GenerationTopics} its topics.
 * {@link Progress} is called as an operation goes on.
 */
@NullMarked
package io.kappamesh.cut;

import org.jspecify.annotations.NullMarked;
