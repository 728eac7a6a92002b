/**
 * What a bench is, and what it found.
 *
 * <p>Reading order: a {@code Benchmark} has {@code Arm}s, which it runs one after the other, in turns; {@code Results} keeps what they came to, and
 * {@code Report} makes text, Markdown and JSON of that.
 */
@NullMarked
package io.kappamesh.benchmarks.bench;

import org.jspecify.annotations.NullMarked;
