/**
 * The commands of an operator.
 *
 * <p>Reading order: {@link OperatorCommands} adds them to a command line. Each is a class, {@code …Command}; {@code Shell} is where a
 * command runs, {@code ConnectionOptions} how it reaches the platform. {@code …Text} is output for people, {@code Json} for programs.
 */
@Internal
@NullMarked
package io.kappamesh.command;

import io.kappamesh.Internal;
import org.jspecify.annotations.NullMarked;
