package io.kappamesh.benchmarks.measure;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What an arm is to do.
 *
 * @param bootstrapServers of the brokers; empty where the arm needs none
 * @param registryUrl of the schema registry; empty where the arm needs none
 * @param records how many records there are
 * @param warmUp how many of them are taken before anything is measured
 * @param scale of the TPC-H data
 * @param directory for local state; empty and the arm's own
 * @param jdbcUrl of the database; empty where the arm needs none
 */
public record Job(
        String bootstrapServers,
        String registryUrl,
        long records,
        long warmUp,
        double scale,
        Path directory,
        String jdbcUrl) {

    /** One without a database. */
    public Job(String bootstrapServers, String registryUrl, long records, long warmUp, double scale, Path directory) {
        this(bootstrapServers, registryUrl, records, warmUp, scale, directory, "");
    }

    /** Reads what {@link #write} has written. */
    public static Job read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Job(
                properties.getProperty("bootstrapServers"),
                properties.getProperty("registryUrl"),
                Long.parseLong(properties.getProperty("records")),
                Long.parseLong(properties.getProperty("warmUp")),
                Double.parseDouble(properties.getProperty("scale")),
                Path.of(properties.getProperty("directory")),
                properties.getProperty("jdbcUrl", ""));
    }

    public void write(Path file) {
        Properties properties = new Properties();
        properties.setProperty("bootstrapServers", bootstrapServers);
        properties.setProperty("registryUrl", registryUrl);
        properties.setProperty("records", Long.toString(records));
        properties.setProperty("warmUp", Long.toString(warmUp));
        properties.setProperty("scale", Double.toString(scale));
        properties.setProperty("directory", directory.toString());
        properties.setProperty("jdbcUrl", jdbcUrl);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
