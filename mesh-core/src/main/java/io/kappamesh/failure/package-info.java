/**
 * Why something could not be done, and how the process ends.
 *
 * <p>Reading order: an {@link ExitCode} is what the process ends with; a {@link StartupException} names every problem of a product
 * that cannot run, a {@link LifecycleException} why an operation on generations was not done. {@code Causes} puts the causes of an
 * exception of Kafka's clients into words.
 */
@NullMarked
package io.kappamesh.failure;

import org.jspecify.annotations.NullMarked;
