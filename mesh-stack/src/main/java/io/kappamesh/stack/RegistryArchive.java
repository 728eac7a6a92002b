package io.kappamesh.stack;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** The archive with the registry's jars, as Maven Central has it: which version, and where it is on this machine. */
final class RegistryArchive {

    static final String PROPERTY = "mesh.registry.archive";
    private static final String ARTIFACT = "apicurio-registry-app";
    /** Where a repository has the client: {@code org/apache/kafka/kafka-clients/<version>/<jar>}. */
    private static final Path CLIENT = Path.of("org", "apache", "kafka", "kafka-clients");

    private static final Path UP_TO_REPOSITORY = Path.of("..", "..", "..", "..");

    private RegistryArchive() {}

    /** {@code apicurio-registry-app-<version>}. */
    static String name() {
        return ARTIFACT + "-" + version();
    }

    /**
     * The archive that the system property names, or else the one in a local Maven repository: the one from which this JVM has its Kafka
     * client, one on the class path (a build may have copied the client elsewhere, as a jar with a {@code Class-Path} needs it), or the user's.
     */
    static Path locate() {
        List<Path> jars = new ArrayList<>();
        @Nullable Path client = jarOf(Admin.class);
        if (client != null) {
            jars.add(client);
        }
        Stream.of(System.getProperty("java.class.path", "").split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .forEach(jars::add);
        Path users = Path.of(System.getProperty("user.home"), ".m2", "repository");
        return locate(System.getProperty(PROPERTY), jars, users);
    }

    static Path locate(@Nullable String chosen, List<Path> jars, Path usersRepository) {
        if (chosen != null) {
            Path archive = Path.of(chosen);
            if (Files.isRegularFile(archive)) {
                return archive;
            }
            throw new StartException("schema registry: -D" + PROPERTY + "=" + chosen + " is not a file; " + remedy());
        }
        List<Path> archives = Stream.concat(
                        jars.stream().flatMap(RegistryArchive::repository), Stream.of(usersRepository))
                .distinct()
                .map(repository ->
                        repository.resolve(Path.of("io", "apicurio", ARTIFACT, version(), name() + "-all.tar.gz")))
                .toList();
        return archives.stream().filter(Files::isRegularFile).findFirst().orElseThrow(() -> {
            String places = archives.stream().map(Path::toString).collect(Collectors.joining(" or "));
            return new StartException("schema registry: no archive at " + places + "; " + remedy());
        });
    }

    /** The repository that has a jar of the Kafka client; nothing for any other jar. */
    private static Stream<Path> repository(Path jar) {
        @Nullable Path version = jar.getParent();
        @Nullable Path artifact = version == null ? null : version.getParent();
        return artifact == null || !artifact.endsWith(CLIENT)
                ? Stream.empty()
                : Stream.of(artifact.resolve(UP_TO_REPOSITORY).normalize());
    }

    private static String remedy() {
        return "either fetch it into the local Maven repository with `mvn dependency:copy -Dartifact=io.apicurio:"
                + ARTIFACT
                + ":" + version() + ":tar.gz:all -DoutputDirectory=.`, or set the system property " + PROPERTY
                + " to a copy of " + name()
                + "-all.tar.gz";
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
