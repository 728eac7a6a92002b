package io.kappamesh.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NestedCodeTest {
    @TempDir
    private Path directory;

    @Test
    void aNestedJarHasTheDigestThatItHasByItself() throws Exception {
        byte[] library = "a library".getBytes(StandardCharsets.UTF_8);
        Path app = jar(Map.of("BOOT-INF/lib/other.jar", library, "BOOT-INF/classes/A.class", new byte[1]));
        MessageDigest alone = MessageDigest.getInstance("SHA-256");
        alone.update(library);

        assertThat(digest(app, "BOOT-INF/lib/other.jar!/")).isEqualTo(alone.digest());
    }

    @Test
    void classesInAFolderOfAJarHaveADigestOfTheirNamesAndBytesAlone() throws Exception {
        byte[] one = digest(
                jar(Map.of("BOOT-INF/classes/A.class", bytes("1"), "BOOT-INF/lib/x.jar", bytes("x"))),
                "BOOT-INF/classes/!/");

        assertThat(digest(
                        jar(Map.of("BOOT-INF/classes/A.class", bytes("1"), "BOOT-INF/lib/x.jar", bytes("y"))),
                        "BOOT-INF/classes/!/"))
                .isEqualTo(one);
        assertThat(digest(jar(Map.of("BOOT-INF/classes/A.class", bytes("2"))), "BOOT-INF/classes/!/"))
                .isNotEqualTo(one);
        assertThat(digest(jar(Map.of("BOOT-INF/classes/B.class", bytes("1"))), "BOOT-INF/classes/!/"))
                .isNotEqualTo(one);
    }

    @Test
    void anOrdinaryPlaceIsNotNested() throws Exception {
        assertThat(NestedCode.at(URI.create("file:/app/lib/other.jar").toURL())).isEmpty();
        assertThat(NestedCode.at(URI.create("file:/app/classes/").toURL())).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] digest(Path jar, String entry) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        NestedCode.at(nested("jar:nested:" + jar + "/!" + entry)).orElseThrow().digest(digest);
        return digest.digest();
    }

    /** Only Spring Boot's loader knows the protocol. */
    private static URL nested(String location) throws MalformedURLException {
        return new URL(null, location, new URLStreamHandler() {
            @Override
            protected java.net.URLConnection openConnection(URL url) throws IOException {
                throw new IOException("not to be opened");
            }
        });
    }

    private Path jar(Map<String, byte[]> entries) throws IOException {
        Path jar = Files.createTempFile(directory, "app", ".jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> entry : new TreeMap<>(entries).entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return jar;
    }
}
