/**
 * {@code mesh bench}: how fast the library is beside what people would write by hand, as ratios of arms that run in turns.
 *
 * <p>Reading order: {@link io.kappamesh.benchmarks.BenchCommand} takes the options, a {@code Benchmark} names its arms and what they are
 * compared by, {@code OrdersBench} and {@code SerdeBench} run them, {@code Results} holds what was measured, and {@code Report} writes it.
 * What runs in the processes of the arms is in package {@code arm}, what they are given and have to write in package {@code data}.
 */
package io.kappamesh.benchmarks;
