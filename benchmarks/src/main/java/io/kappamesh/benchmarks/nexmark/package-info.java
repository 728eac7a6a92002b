/**
 * Nexmark's auction: {@link io.kappamesh.benchmarks.nexmark.Generator} makes its events, {@link io.kappamesh.benchmarks.nexmark.Query} says what is
 * asked, as a product of ours and in plain Kafka Streams, and {@code Answers} computes what has to come out without either. See <a
 * href="https://github.com/nexmark/nexmark">nexmark/nexmark</a>.
 */
package io.kappamesh.benchmarks.nexmark;
