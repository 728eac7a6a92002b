/**
 * Kafka Streams on several partitions, in the test's own thread and with every decision in the test's hands.
 *
 * <p>{@link io.kappamesh.testkit.simulation.Simulation} runs one real stream task per part of a topology and partition over logs in
 * memory. What Kafka's test driver leaves to chance or leaves out is a call here: what is fetched when, how much is processed before
 * the next commit, which task is restarted, which one crashes, when a
 * topic is compacted. {@link io.kappamesh.testkit.simulation.Happening} tells what came of
 * it.
 *
 * <p>Inside, along the way of a record: {@code Logs} are the topics, {@code LogConsumer} says where a task stands in them, {@code
 * SimulatedTask} is one life of a stream task, {@code Transaction} is what it has written and not yet committed. {@code
 * StreamTasks} and, for global tables, {@code GlobalTables} put the internals of Kafka Streams together.
 *
 * <p>Left out: retention of topics, which the history of a test does not live long enough to see; standby tasks; the
 * optimisation that reads a source topic in place of a changelog. Several instances are simulated as far as a task can tell: they
 * share nothing but topics, apart from the record cache, which evicts per store.
 */
@NullMarked
package io.kappamesh.testkit.simulation;

import org.jspecify.annotations.NullMarked;
