/**
 * {@code mesh demo}: the worked domains on a local platform, from history to live, and the published answers out of their topics and in SQL.
 *
 * <p>Reading order: {@link io.kappamesh.console.demo.DemoCommand} takes the options, {@code Demo} tells the story, {@code
 * LocalPlatform} starts and stops the processes, {@code EventFeed} writes the events, {@code Drain} knows when all of them are
 * through, and {@code ProductTopics} reads the results as any consumer would.
 */
@NullMarked
package io.kappamesh.console.demo;

import org.jspecify.annotations.NullMarked;
