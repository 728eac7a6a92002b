package io.kappamesh.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** The archive with the registry's jars, as Maven Central has it: which version, and where it is on this machine. */
final class RegistryArchive {

    static final String PROPERTY = "mesh.registry.archive";
    private static final String ARTIFACT = "apicurio-registry-app";
    /** {@code repository/org/apache/kafka/kafka-clients/<version>/<jar>}: so far above the jar is the repository. */
    private static final int FOLDERS_ABOVE_JAR = 6;

    private RegistryArchive() {}

    /** {@code apicurio-registry-app-<version>}. */
    static String name() {
        return ARTIFACT + "-" + version();
    }

    /**
     * The archive that the system property names, or else the one in the local Maven repository from which this JVM has
     * its Kafka client.
     */
    static Path locate() {
        return locate(System.getProperty(PROPERTY), jarOf(Admin.class));
    }

    static Path locate(@Nullable String chosen, @Nullable Path kafkaClientsJar) {
        if (chosen != null) {
            Path archive = Path.of(chosen);
            if (Files.isRegularFile(archive)) {
                return archive;
            }
            throw new StartException("schema registry: -D" + PROPERTY + "=" + chosen + " is not a file; " + remedy());
        }
        Path repository = above(kafkaClientsJar);
        if (repository == null) {
            throw new StartException(
                    "schema registry: cannot tell where the local Maven repository is, because the Kafka"
                            + " client comes from " + kafkaClientsJar + "; " + remedy());
        }
        Path archive = repository.resolve(Path.of("io", "apicurio", ARTIFACT, version(), name() + "-all.tar.gz"));
        if (Files.isRegularFile(archive)) {
            return archive;
        }
        throw new StartException("schema registry: no archive at " + archive + "; " + remedy());
    }

    private static String remedy() {
        return "either fetch it into the local Maven repository with `mvn dependency:copy -Dartifact=io.apicurio:"
                + ARTIFACT
                + ":" + version() + ":tar.gz:all -DoutputDirectory=.`, or set the system property " + PROPERTY
                + " to a copy of " + name()
                + "-all.tar.gz";
    }

    private static @Nullable Path above(@Nullable Path jar) {
        @Nullable Path folder = jar;
        for (int i = 0; i < FOLDERS_ABOVE_JAR && folder != null; i++) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static @Nullable Path jarOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        @Nullable URL location = source == null ? null : source.getLocation();
        try {
            return location == null ? null : Path.of(location.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("not a file: " + location, e);
        }
    }

    private static String version() {
        try (InputStream in = Objects.requireNonNull(
                RegistryArchive.class.getResourceAsStream("registry.properties"), "registry.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
