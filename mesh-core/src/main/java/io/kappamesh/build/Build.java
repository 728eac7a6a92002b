package io.kappamesh.build;

import io.kappamesh.settings.Settings;
import io.kappamesh.topology.StreamingProduct;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which code computes a product: two builds may compute different things from the same topology. */
public final class Build {
    private static final int BYTES_SHOWN = 6;

    private Build() {}

    /**
     * The name of a product's build: what {@code mesh.build} says, or else a digest of the jar or directory that its topology was
     * loaded from, so that the same jar is the same build everywhere.
     */
    public static String of(StreamingProduct product, Settings settings) {
        return settings.build().orElseGet(() -> digest(product));
    }

    /** A digest of the jar or directory that a product's topology was loaded from. */
    public static String digest(StreamingProduct product) {
        return digest(product.topology().getClass());
    }

    private static String digest(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            throw new IllegalStateException(
                    "where " + type.getName() + " was loaded from is not known; name the build with mesh.build");
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Optional<NestedCode> nested = NestedCode.at(source.getLocation());
            if (nested.isPresent()) {
                nested.get().digest(digest);
            } else {
                digest(Path.of(source.getLocation().toURI()), digest);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, BYTES_SHOWN);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException nested) {
            throw new IllegalStateException(
                    type.getName() + " was not loaded from a file (" + source.getLocation()
                            + "), so that its build is not known; name it with mesh.build",
                    nested);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void digest(Path place, MessageDigest digest) throws IOException {
        for (Path file : files(place)) {
            digest.update(place.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
            digest.update(Files.readAllBytes(file));
        }
    }

    private static List<Path> files(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
