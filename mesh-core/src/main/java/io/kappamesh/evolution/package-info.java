/**
 * How contracts may change: what a new declaration of a port breaks towards those that were released, and towards what readers need of it. See
 * {@code docs/adr/0037}.
 *
 * <p>Reading order: {@link io.kappamesh.evolution.ReleaseGate} compares a port with its releases, {@link
 * io.kappamesh.evolution.ConsumerGate} with the needs of a reader; both answer with {@link io.kappamesh.evolution.Breach}es. Builds, starts
 * and {@code can-i-deploy} ask the same two. {@link io.kappamesh.evolution.ContractFiles} keeps releases and needs in a repository.
 */
@Internal
@NullMarked
package io.kappamesh.evolution;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
