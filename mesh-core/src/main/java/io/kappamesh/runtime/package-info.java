/**
 * Runs data products in a process.
 *
 * <p>Reading order: {@link MeshRuntime} is what a service embeds. A {@code ProductRunner} keeps the generations of one product
 * running, each with a {@code GenerationRunner}.
 */
@NullMarked
package io.kappamesh.runtime;

import org.jspecify.annotations.NullMarked;
