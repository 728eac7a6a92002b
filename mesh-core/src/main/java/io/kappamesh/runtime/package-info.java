/**
 * Runs data products in a process.
 *
 * <p>Reading order: a service embeds {@link MeshRuntime}. It has one {@code ProductRunner} per product, which decides with the product's
 * control topic which generations to run here, and one {@code GenerationRunner} per generation, which runs Kafka Streams. A
 * {@code StatusWatch} calls the {@link ProductListener}s. {@code StartupStep} turns every fault at a start into one exception.
 */
@NullMarked
package io.kappamesh.runtime;

import org.jspecify.annotations.NullMarked;
