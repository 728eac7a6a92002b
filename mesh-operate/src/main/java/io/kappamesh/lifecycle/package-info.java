/**
 * What can be done with the generations of a product: replay, verify, promote, roll back, prove, retire, recover.
 *
 * <p>Reading order: {@link Lifecycle} is all that others see. {@code CandidateStarter} begins a candidate, {@code Verifier} compares
 * it, {@code Promoter} lets it serve, {@code Retirer} ends a generation. {@code Prover} does the
 * first two and the last. {@code Recoverer} rebuilds a lost control topic.
 */
@NullMarked
package io.kappamesh.lifecycle;

import org.jspecify.annotations.NullMarked;
