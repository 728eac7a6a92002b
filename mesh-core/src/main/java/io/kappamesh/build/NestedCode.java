package io.kappamesh.build;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Code in a jar within a jar, or in a folder within a jar, as Spring Boot's executable jars have it. A nested jar has the digest that
 * it has beside others: where it lies makes no other build of it.
 *
 * @param jar the outer jar
 * @param entry the nested jar, or a folder with {@code /} at its end
 */
record NestedCode(Path jar, String entry) {
    /** {@code jar:nested:/app.jar/!BOOT-INF/classes/!/} and {@code jar:nested:/app.jar/!BOOT-INF/lib/other.jar!/}. */
    private static final Pattern NESTED = Pattern.compile("(?:jar:)?nested:(.+?)/!(.+?)(?:!/)?");

    static Optional<NestedCode> at(URL location) {
        Matcher nested = NESTED.matcher(URLDecoder.decode(location.toString(), StandardCharsets.UTF_8));
        return nested.matches()
                ? Optional.of(new NestedCode(Path.of(nested.group(1)), nested.group(2)))
                : Optional.empty();
    }

    void digest(MessageDigest digest) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            List<? extends ZipEntry> files = zip.stream()
                    .filter(one -> !one.isDirectory())
                    .filter(one -> entry.endsWith("/")
                            ? one.getName().startsWith(entry)
                            : one.getName().equals(entry))
                    .sorted((one, other) -> one.getName().compareTo(other.getName()))
                    .toList();
            if (files.isEmpty()) {
                throw new IOException(jar + " has no " + entry);
            }
            for (ZipEntry file : files) {
                digest.update(file.getName().substring(entry.length()).getBytes(StandardCharsets.UTF_8));
                try (InputStream bytes = zip.getInputStream(file)) {
                    digest.update(bytes.readAllBytes());
                }
            }
        }
    }
}
