package io.kappamesh.benchmarks.measure;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What one run of an arm took, from the end of its warm-up to the last commit.
 *
 * @param records how many records were handled in that time
 * @param seconds how long it was
 * @param cpuSeconds processor time of the whole process in it: its compiler, collector and clients are part of the price
 * @param gcSeconds pauses of the collector in it
 * @param peakBytes the most memory that the process ever had resident; 0 where the system does not tell
 * @param latency from the time at which an event was due to be written until what comes of it was read; {@link Latency#NONE} unless that was measured,
 *     which an arm itself cannot
 * @param footprint what the process held in the end; {@link Footprint#NONE} unless that was measured
 * @param pauseSeconds for how long nothing was published that came meanwhile; no number unless that was measured
 */
public record Measurement(
        long records,
        double seconds,
        double cpuSeconds,
        double gcSeconds,
        long peakBytes,
        Latency latency,
        Footprint footprint,
        double pauseSeconds) {

    /** One of which nothing else was measured. */
    public Measurement(long records, double seconds, double cpuSeconds, double gcSeconds, long peakBytes) {
        this(records, seconds, cpuSeconds, gcSeconds, peakBytes, Latency.NONE, Footprint.NONE, Double.NaN);
    }

    /** The same run, with what was seen from outside. */
    public Measurement with(Latency seen) {
        return new Measurement(records, seconds, cpuSeconds, gcSeconds, peakBytes, seen, footprint, pauseSeconds);
    }

    /** The same run, with what the process held. */
    public Measurement with(Footprint held) {
        return new Measurement(records, seconds, cpuSeconds, gcSeconds, peakBytes, latency, held, pauseSeconds);
    }

    /** The same run, with a pause. */
    public Measurement withPause(double pause) {
        return new Measurement(records, seconds, cpuSeconds, gcSeconds, peakBytes, latency, footprint, pause);
    }

    public double recordsPerSecond() {
        return records / seconds;
    }

    public double cpuMicrosPerRecord() {
        return cpuSeconds * 1e6 / records;
    }

    /** Records for each second of processor time, the other way round. */
    public double recordsPerCpuSecond() {
        return records / cpuSeconds;
    }

    /** Reads what {@link #write} has written. */
    public static Measurement read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Measurement(
                        Long.parseLong(properties.getProperty("records")),
                        Double.parseDouble(properties.getProperty("seconds")),
                        Double.parseDouble(properties.getProperty("cpuSeconds")),
                        Double.parseDouble(properties.getProperty("gcSeconds")),
                        Long.parseLong(properties.getProperty("peakBytes")))
                .with(new Footprint(
                        Double.parseDouble(properties.getProperty("threads")),
                        Double.parseDouble(properties.getProperty("connections")),
                        Double.parseDouble(properties.getProperty("requestsPerSecond"))))
                .withPause(Double.parseDouble(properties.getProperty("pauseSeconds", "NaN")));
    }

    public void write(Path file) {
        Properties properties = new Properties();
        properties.setProperty("records", Long.toString(records));
        properties.setProperty("seconds", Double.toString(seconds));
        properties.setProperty("cpuSeconds", Double.toString(cpuSeconds));
        properties.setProperty("gcSeconds", Double.toString(gcSeconds));
        properties.setProperty("peakBytes", Long.toString(peakBytes));
        properties.setProperty("threads", Double.toString(footprint.threads()));
        properties.setProperty("connections", Double.toString(footprint.connections()));
        properties.setProperty("requestsPerSecond", Double.toString(footprint.requestsPerSecond()));
        properties.setProperty("pauseSeconds", Double.toString(pauseSeconds));
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
