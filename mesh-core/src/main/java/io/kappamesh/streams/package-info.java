/**
 * One Kafka Streams instance: its configuration, and what becomes of a stream thread that fails.
 *
 * <p>Reading order: {@code StreamsConfiguration} configures it; {@code StreamsSupervisor} follows it, replaces threads that a fault of
 * the platform killed ({@code Fault}, {@code FaultStreak}), and ends it with an {@code Ending}. {@code AccessRefusal} names the
 * missing right.
 */
@Internal
@NullMarked
package io.kappamesh.streams;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
