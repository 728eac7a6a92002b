/**
 * The clients of a stream thread, with a gate in the consumer.
 *
 * <p>Reading order: {@code GenerationClients} makes the clients. {@code GatedConsumer} holds back a partition whose next record may
 * not pass: because its schema is not known yet ({@code SchemaGate}), because the generation is to stop at a cut ({@code CutGate},
 * {@code CutLine}), or because it came too fast ({@code Throttle}). {@code WatchedProducer} measures commits, from which
 * {@code LivePacing} and {@code ThreadPacing} decide when the next one is due.
 */
@Internal
@NullMarked
package io.kappamesh.gate;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
