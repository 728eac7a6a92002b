package io.kappamesh.build;

import io.kappamesh.Internal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/** The version of this library. Stateless. */
@Internal
public final class LibraryVersion {
    private LibraryVersion() {}

    /** Such as {@code 0.1.0}. */
    public static String text() {
        try (InputStream in = Objects.requireNonNull(
                LibraryVersion.class.getResourceAsStream("version.properties"), "version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
