/**
 * {@code mesh bench}: how fast the library is beside what people would write by hand, as ratios of arms that run in turns.
 *
 * <p>Reading order: {@link io.kappamesh.benchmarks.BenchCommand} takes the options. {@code OrdersBench} and the other benches name their arms and what these are
 * compared by, and their sessions run them. What a bench is and what it found is in package {@code bench}; what
 * runs in the processes of the arms is in packages {@code arm}, {@code lines} and {@code nexmark}, what they run on in package {@code platform}, how it is measured in package {@code measure}, and what they are given and have to write in package {@code data}.
 */
package io.kappamesh.benchmarks;
