package io.kappamesh.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.failure.StartupException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
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
        Manifest manifest = runs(PROGRAM);
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

    @Test
    void symbolicLinksAreFollowed() throws IOException {
        putClass(directory.resolve("releases").resolve("classes"), PROGRAM);
        libraries(directory.resolve("releases").resolve("lib"));
        Path current = Files.createSymbolicLink(directory.resolve("current"), directory.resolve("releases"));
        Path linked = Files.createDirectory(directory.resolve("linked"));
        Files.createSymbolicLink(
                linked.resolve("classes"), directory.resolve("releases").resolve("classes"));
        Files.createSymbolicLink(
                linked.resolve("lib"), directory.resolve("releases").resolve("lib"));

        assertIsThePackedProgram(current);
        assertIsThePackedProgram(current.resolve("classes"));
        assertIsThePackedProgram(linked);
    }

    @Test
    void onlyADirectoryOfClassesTakesTheLibrariesBesideIt() throws IOException {
        Path classes = directory.resolve("target").resolve("classes");
        Path unpacked = directory.resolve("target").resolve("unpacked");
        putClass(classes, PROGRAM);
        putClass(unpacked, PROGRAM);
        libraries(directory.resolve("target").resolve("lib"));
        String library = directory
                .toRealPath()
                .resolve("target")
                .resolve("lib")
                .resolve(LIBRARIES)
                .toString();

        assertThat(new BuildDirectory(classes.resolve(".")).program().get(1)).contains(library);
        assertThatThrownBy(() -> new BuildDirectory(unpacked).program())
                .as("its program is not one without its library, which is not beside it")
                .hasMessageContaining("has no class with a main method");
    }

    @Test
    void aThinJarWithoutAClassPathFindsItsLibraries() throws IOException {
        Path classes = directory.resolve("elsewhere");
        putClass(classes, PROGRAM);
        Path application = Files.createDirectory(directory.resolve("application"));
        libraries(application.resolve("lib"));
        jar(application.resolve("packed.jar"), classes, runs(PROGRAM));

        assertIsThePackedProgram(application);
    }

    /** Many libraries can be run too. */
    @Test
    void aRunnableLibraryIsNotTakenForTheBuildWhoseClassesLieBesideIt() throws IOException {
        Path elsewhere = directory.resolve("elsewhere");
        putClass(elsewhere, OTHER);
        Path build = directory.resolve("build");
        putClass(build, PROGRAM);
        jar(build.resolve("tool.jar"), elsewhere, runs(OTHER));
        libraries(build.resolve("lib"));

        assertIsThePackedProgram(build);
    }

    @Test
    void aDirectoryThatCannotBeReadIsSaidSo() throws IOException {
        putClass(directory.resolve("classes"), PROGRAM);
        Path closed = Files.createDirectory(directory.resolve("classes").resolve("closed"));
        Files.setPosixFilePermissions(closed, Set.of());
        assumeFalse(Files.isReadable(closed), "whoever runs this may read everything");

        assertThatThrownBy(() -> BuildFile.read(directory))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(directory + ": cannot be read (")
                .hasMessageContaining("closed");
    }

    private static Manifest runs(String program) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, program);
        return manifest;
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
