package io.kappamesh.benchmarks.bench;

import io.kappamesh.benchmarks.measure.Measurement;
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
public record Ratio(String of, String to, ToDoubleFunction<Measurement> measure, String unit, String goal) {
    /** Makes the ratio of one measure. */
    public interface Maker {
        Ratio of(String of, String to, String goal);
    }

    public static Ratio speed(String of, String to, String goal) {
        return new Ratio(of, to, Measurement::recordsPerSecond, "records/s", goal);
    }

    public static Ratio cpu(String of, String to, String goal) {
        return new Ratio(of, to, Measurement::cpuMicrosPerRecord, "CPU per record", goal);
    }

    /** Of what a second of processor time brings about. */
    public static Ratio perCpu(String of, String to, String goal) {
        return new Ratio(of, to, Measurement::recordsPerCpuSecond, "records/CPU s", goal);
    }

    /** Of one column. */
    public static Ratio of(Column column, String of, String to, String goal) {
        return new Ratio(of, to, column.measure(), column.title(), goal);
    }

    /** Of the latencies that 99 of 100 records do not exceed. */
    public static Ratio p99(String of, String to, String goal) {
        return new Ratio(of, to, measurement -> measurement.latency().p99(), "p99", goal);
    }
}
