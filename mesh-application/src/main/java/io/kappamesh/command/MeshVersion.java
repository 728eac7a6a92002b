package io.kappamesh.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.utils.internals.AppInfoParser;

/** Which build of the library this is, and with what it runs. */
public final class MeshVersion {
    private MeshVersion() {}

    /** The version of the library, such as {@code 0.1.0}. */
    public static String library() {
        try (InputStream in = Objects.requireNonNull(
                MeshVersion.class.getResourceAsStream("version.properties"), "version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line with the versions of the library, Kafka's client and Java. */
    public static String line() {
        return "Kappa Mesh " + library() + ", Kafka " + AppInfoParser.getVersion() + ", Java " + Runtime.version();
    }
}
