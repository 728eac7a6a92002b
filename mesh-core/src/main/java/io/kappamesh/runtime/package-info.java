/**
 * Running data products: settings, start and stop, health, metrics.
 *
 * <p>Reading order: {@link io.kappamesh.runtime.Settings} say how a process is to run; {@code Patience} waits for the platform;
 * {@code Topics} creates what the products own and waits for what they read; {@code StartupChecks} refuses what would
 * break a promise later. A {@code ProductRunner} keeps the {@code Generations} of a product running, each with a {@code
 * GenerationRunner}; {@code GatedConsumer} holds records back that may not come in yet. {@code ProductMetrics} counts, and {@code HealthServer} tells it, with a
 * {@code ProductStatus} per product. What cannot start ends in a
 * {@link io.kappamesh.runtime.StartupException} that names every problem and the {@link io.kappamesh.runtime.ExitCode}.
 */
package io.kappamesh.runtime;
