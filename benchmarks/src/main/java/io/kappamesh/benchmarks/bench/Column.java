package io.kappamesh.benchmarks.bench;

import io.kappamesh.benchmarks.measure.Latency;
import io.kappamesh.benchmarks.measure.Measurement;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One thing that is told of an arm.
 *
 * @param name in JSON
 * @param title in tables, with the unit
 * @param measure the number, as JSON has it
 * @param unit how much of it is one in tables
 * @param form how it is written
 */
public record Column(String name, String title, ToDoubleFunction<Measurement> measure, double unit, String form) {
    public static final Column SPEED =
            new Column("recordsPerSecond", "records/s", Measurement::recordsPerSecond, 1, "%,.0f");
    public static final Column PROCESSOR =
            new Column("cpuMicrosPerRecord", "CPU µs/record", Measurement::cpuMicrosPerRecord, 1, "%.2f");
    public static final Column MEMORY = new Column("peakBytes", "peak MiB", Measurement::peakBytes, 1 << 20, "%.0f");
    public static final Column P50 = latency("p50Millis", "p50 ms", Latency::p50);
    public static final Column P99 = latency("p99Millis", "p99 ms", Latency::p99);
    public static final Column P999 = latency("p999Millis", "p99.9 ms", Latency::p999);

    public static final Column SECONDS = new Column("seconds", "s", Measurement::seconds, 1, "%.2f");
    public static final Column PAUSE = new Column("pauseSeconds", "pause s", Measurement::pauseSeconds, 1, "%.3f");
    public static final Column LOAD =
            new Column("cpuMillisPerSecond", "CPU ms/s", one -> 1_000 * one.cpuSeconds() / one.seconds(), 1, "%.1f");
    public static final Column THREADS =
            new Column("threads", "threads", one -> one.footprint().threads(), 1, "%.0f");
    public static final Column CONNECTIONS =
            new Column("connections", "connections", one -> one.footprint().connections(), 1, "%.0f");
    public static final Column REQUESTS =
            new Column("requestsPerSecond", "requests/s", one -> one.footprint().requestsPerSecond(), 1, "%.1f");

    private static Column latency(String name, String title, ToDoubleFunction<Latency> part) {
        return new Column(name, title, measurement -> part.applyAsDouble(measurement.latency()), 1, "%.1f");
    }

    /** One number with its unit. */
    public String of(Measurement measurement) {
        return String.format(Locale.ROOT, form, shown(measurement)) + ' ' + title;
    }

    /** The number in the unit of tables. */
    public double shown(Measurement measurement) {
        return measure.applyAsDouble(measurement) / unit;
    }
}
