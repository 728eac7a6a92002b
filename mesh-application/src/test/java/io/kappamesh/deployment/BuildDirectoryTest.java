package io.kappamesh.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.failure.StartupException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds that are directories: a real program with its real libraries, asked in a process of its own. */
class BuildDirectoryTest {
    private static final String PROGRAM = "io.kappamesh.deployment.PackedProgram";
    private static final String LIBRARIES = "libraries.jar";
    private static final String OTHER = "io.kappamesh.deployment.OtherProgram";

    @TempDir
    Path directory;

    @Test
    void mavensTargetIsAskedWithItsClassesAndLibraries() throws IOException {
        putClass(directory.resolve("classes"), PROGRAM);
        libraries(directory.resolve("dependency"));

        assertIsThePackedProgram(directory);
        assertIsThePackedProgram(directory.resolve("classes"));
    }

    @Test
    void anApplicationWithAJarThatHasAMainClassIsAskedByThat() throws IOException {
        Path classes = directory.resolve("elsewhere");
        putClass(classes, PROGRAM);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, PROGRAM);
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "lib/" + LIBRARIES);
        Path application = Files.createDirectory(directory.resolve("application"));
        libraries(application.resolve("lib"));
        jar(application.resolve("packed.jar"), classes, manifest);

        assertIsThePackedProgram(application);
    }

    @Test
    void theManifestOfAnUnpackedJarChoosesAmongSeveralPrograms() throws IOException {
        putClass(directory, PROGRAM);
        putClass(directory, OTHER);
        libraries(directory.resolve("lib"));

        assertThatThrownBy(() -> BuildFile.read(directory))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(directory + ": has several classes with a main method: " + OTHER + ", " + PROGRAM)
                .hasMessageContaining("no Main-Class in META-INF/MANIFEST.MF");

        Files.createDirectory(directory.resolve("META-INF"));
        Files.writeString(
                directory.resolve("META-INF/MANIFEST.MF"),
                "Manifest-Version: 1.0\nMain-Class: " + PROGRAM + "\n",
                StandardCharsets.UTF_8);
        assertIsThePackedProgram(directory);
    }

    @Test
    void aDirectoryWithoutAProgramAndOneThatIsNotThereAreRefused() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "nothing");

        assertThatThrownBy(() -> BuildFile.read(directory))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(directory + ": has no class with a main method");
        assertThatThrownBy(() -> BuildFile.read(directory.resolve("none")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void aProgramThatCannotSayItIsNamedWithHowItWasAsked() throws IOException {
        putClass(directory.resolve("classes"), OTHER);

        assertThatThrownBy(() -> BuildFile.read(directory))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(directory + ": does not say what it declares; see what `java -cp ")
                .hasMessageContaining(OTHER + " contracts` prints");
    }

    /** What this test runs with, without the programs of the test, by one jar that names all of it. */
    private static void libraries(Path directory) throws IOException {
        Files.createDirectory(directory);
        Manifest manifest = new Manifest();
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                                .map(Path::of)
                                .filter(entry -> Files.exists(entry) && !entry.endsWith("test-classes"))
                                .map(entry -> entry.toUri().toString())
                                .collect(Collectors.joining(" ")));
        jar(directory.resolve(LIBRARIES), Files.createDirectory(directory.resolve("empty")), manifest);
    }

    private static void assertIsThePackedProgram(Path build) {
        assertThat(BuildFile.read(build))
                .extracting(ProductDescription::product)
                .containsExactly("packed.copy");
    }

    private static void putClass(Path classes, String name) throws IOException {
        String file = name.replace('.', '/') + ".class";
        Path to = classes.resolve(file);
        Files.createDirectories(to.getParent());
        try (var in = BuildDirectoryTest.class.getClassLoader().getResourceAsStream(file)) {
            Files.copy(in, to);
        }
    }

    private static void jar(Path to, Path classes, Manifest manifest) throws IOException {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("MANIFEST.MF"))
                    .toList();
        }
        try (OutputStream out = Files.newOutputStream(to);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Path file : files) {
                jar.putNextEntry(
                        new ZipEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, jar);
            }
        }
    }
}
