/**
 * The command line: what runs a domain's products, and what an operator says to generations.
 *
 * <p>Reading order: {@link io.kappamesh.application.MeshApplication} is the main program of a domain;
 * {@link io.kappamesh.application.OperatorCommands} are those of its commands that need no products, for any other program. Each
 * command is a class, {@code …Command}; {@code Shell} is where it finds itself, {@code ConnectionOptions} how it reaches the platform.
 * {@code …Text} is what a human is shown, {@code Json} what a program is.
 */
package io.kappamesh.application;
