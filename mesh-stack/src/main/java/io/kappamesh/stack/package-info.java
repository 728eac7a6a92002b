/**
 * A real Kafka broker and a real schema registry on this machine, as child processes on loopback, without containers.
 *
 * <p>Reading order: {@link io.kappamesh.stack.JavaCommand} says how a child JVM is started and
 * {@link io.kappamesh.stack.JavaProcess} is the running child; {@code Readiness} waits until it answers. On these two
 * stand {@link io.kappamesh.stack.LocalKafka} ({@code BrokerSettings}, {@code KafkaNode}, and in the child
 * {@code BrokerMain}) and {@link io.kappamesh.stack.LocalRegistry} ({@code RegistryArchive}, {@code Unpacking}).
 */
@NullMarked
package io.kappamesh.stack;

import org.jspecify.annotations.NullMarked;
