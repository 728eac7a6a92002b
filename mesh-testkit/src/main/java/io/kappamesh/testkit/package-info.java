/**
 * What a domain developer tests with.
 *
 * <p>{@link io.kappamesh.testkit.ProductDriver} runs one product's topology in the test's own thread, on Kafka's test driver and an
 * in-memory registry: the fast tests. {@link io.kappamesh.testkit.proof.ReplayProof} runs a history live and
 * in a hundred other orders, and shows that it ends the same, or a small {@link io.kappamesh.testkit.proof.ReplayDifference}. {@link
 * io.kappamesh.testkit.LocalMesh} is a JUnit extension that gives a test real brokers and a real registry, for what crosses a
 * process.
 */
@NullMarked
package io.kappamesh.testkit;

import org.jspecify.annotations.NullMarked;
