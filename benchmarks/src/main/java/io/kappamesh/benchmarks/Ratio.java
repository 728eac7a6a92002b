package io.kappamesh.benchmarks;

import io.kappamesh.benchmarks.arm.Measurement;
import java.util.function.ToDoubleFunction;

/**
 * Two arms beside each other.
 *
 * @param of the arm that is judged
 * @param to the arm that it is compared with
 * @param measure what is divided
 * @param unit its name
 * @param goal what it should be, in words; empty = there is none
 */
record Ratio(String of, String to, ToDoubleFunction<Measurement> measure, String unit, String goal) {
    /** Makes the ratio of one measure. */
    interface Maker {
        Ratio of(String of, String to, String goal);
    }

    static Ratio speed(String of, String to, String goal) {
        return new Ratio(of, to, Measurement::recordsPerSecond, "records/s", goal);
    }

    static Ratio cpu(String of, String to, String goal) {
        return new Ratio(of, to, Measurement::cpuMicrosPerRecord, "CPU per record", goal);
    }

    /** Of what a second of processor time brings about. */
    static Ratio perCpu(String of, String to, String goal) {
        return new Ratio(of, to, Measurement::recordsPerCpuSecond, "records/CPU s", goal);
    }

    /** Of the latencies that 99 of 100 records do not exceed. */
    static Ratio p99(String of, String to, String goal) {
        return new Ratio(of, to, measurement -> measurement.latency().p99(), "p99", goal);
    }
}
