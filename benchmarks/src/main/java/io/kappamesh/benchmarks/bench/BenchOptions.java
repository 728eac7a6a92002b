package io.kappamesh.benchmarks.bench;

import java.util.List;
import java.util.Optional;

/**
 * How benchmarks are run.
 *
 * @param scale of the TPC-H data; 1 is 1.5 million orders
 * @param passes how often each arm runs; the first pass is not counted, unless it is the only one
 * @param only the arms that run; empty = all
 * @param baseline the class path of another checkout, whose arms run beside ours
 * @param variants arguments for JVMs; ours run with each of them, too
 * @param heapMebibytes the heap of each arm
 * @param jvmArguments more of them for each arm
 */
public record BenchOptions(
        double scale,
        int passes,
        List<String> only,
        Optional<String> baseline,
        List<String> variants,
        int heapMebibytes,
        List<String> jvmArguments) {
    public BenchOptions {
        only = List.copyOf(only);
        variants = List.copyOf(variants);
        jvmArguments = List.copyOf(jvmArguments);
    }
}
