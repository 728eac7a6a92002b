package io.kappamesh.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryClientJarTest {
    @TempDir
    private Path directory;

    @Test
    void oneClientIsFine() throws IOException {
        assertThat(RegistryClientJar.problem()).isEmpty();
        try (URLClassLoader loader = loader(jar("lib", "original-7.5.3.jar"))) {
            assertThat(RegistryClientJar.problem(loader)).isEmpty();
        }
    }

    @Test
    void originalAndBundleTogetherAreRefusedByName() throws IOException {
        try (URLClassLoader loader = loader(jar("lib", "original-7.5.3.jar"), jar("lib", "bundle-0.1.0.jar"))) {
            assertThat(RegistryClientJar.problem(loader).orElseThrow())
                    .contains("2 times, in bundle-0.1.0.jar and original-7.5.3.jar")
                    .contains("keep one of io.confluent:kafka-schema-registry-client");
        }
    }

    @Test
    void theSameJarInTwoPlacesDoesNoHarm() throws IOException {
        try (URLClassLoader loader = loader(jar("lib", "bundle.jar"), jar("target", "bundle.jar"))) {
            assertThat(RegistryClientJar.problem(loader)).isEmpty();
        }
    }

    @Test
    void withoutOneBothAreOffered() throws IOException {
        try (URLClassLoader loader = loader()) {
            assertThat(RegistryClientJar.problem(loader).orElseThrow())
                    .contains("none on the class path")
                    .contains("io.confluent:kafka-schema-registry-client")
                    .contains("io.kappamesh:confluent-schema-registry-client");
        }
    }

    private static URLClassLoader loader(URL... jars) {
        return new URLClassLoader(jars, null);
    }

    private URL jar(String folder, String name) throws IOException {
        Path jar = Files.createDirectories(directory.resolve(folder)).resolve(name);
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("io/confluent/kafka/schemaregistry/client/SchemaRegistryClient.class"));
        }
        return jar.toUri().toURL();
    }
}
