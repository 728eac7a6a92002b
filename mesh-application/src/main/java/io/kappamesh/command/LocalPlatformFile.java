package io.kappamesh.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings file that a command reads when it was given neither a file nor an address: {@code mesh.properties} in the working
 * directory, or else the one that {@code ./mesh up} writes in the user's home directory.
 */
public final class LocalPlatformFile {
    /** What such a file is called. */
    public static final String NAME = "mesh.properties";
    /** The system property that puts the local platform somewhere else. */
    public static final String PROPERTY = "mesh.local";

    private LocalPlatformFile() {}

    /** Where {@code ./mesh up} keeps the local platform of this user. */
    public static Path directory() {
        String chosen = System.getProperty(PROPERTY);
        return chosen == null
                ? Path.of(System.getProperty("user.home"), ".kappa-mesh", "local")
                : Path.of(chosen).toAbsolutePath();
    }

    static Optional<Path> find(Path workingDirectory) {
        return Optional.of(workingDirectory.resolve(NAME))
                .filter(Files::isRegularFile)
                .or(() -> Optional.of(directory().resolve(NAME)).filter(Files::isRegularFile));
    }
}
