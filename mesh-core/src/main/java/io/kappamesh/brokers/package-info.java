/**
 * Requests to brokers that outlast a broker that goes away or restarts.
 *
 * <p>Reading order: an {@code AdminCall} is repeated while brokers come and go; {@code TopicAdmin} asks about topics in that way and
 * names the missing right; a {@code RetryPolicy} waits at start for as long as the settings allow. {@code GroupMembers},
 * {@code TopicEnds}, {@code ShadowTopics} and {@code GenerationTraces} are what brokers hold of a generation. A {@code LazyAdmin}
 * connects at the first request.
 */
@Internal
@NullMarked
package io.kappamesh.brokers;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
