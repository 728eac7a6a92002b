/**
 * What a domain developer tests with.
 *
 * <p>{@link io.kappamesh.testkit.ProductDriver} runs one product's topology in the test's own thread, on Kafka's test driver and an
 * in-memory registry: the fast tests. {@link io.kappamesh.testkit.ReplayProof} runs a {@link io.kappamesh.testkit.History} live and
 * in a hundred other orders, and shows that it ends the same, or a small {@link io.kappamesh.testkit.ReplayDifference}. {@link
 * io.kappamesh.testkit.LocalMesh} is a JUnit extension that gives a test real brokers and a real registry, for what crosses a
 * process.
 *
 * <p>Inside the proof: {@code Scheduling} draws a {@code Schedule} of {@code Step}s, {@code Bench} runs it in a simulation and
 * returns an {@code Outcome}, {@code Shrinking} makes a {@code Trial} that differs smaller, {@code Counterexample} tells it.
 */
package io.kappamesh.testkit;
