package io.kappamesh.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
    @TempDir
    private Path directory;

    @Test
    void thoseOfThisMachineCanBeLoaded() {
        NativeLibraries.require();
    }

    @Test
    void aDirectoryThatIsMissingIsNamedWithTheRemedy() {
        assertThat(NativeLibraries.problems(directory.resolve("none"), Map.of()))
                .singleElement()
                .asString()
                .contains(directory.resolve("none").toString(), "-Djava.io.tmpdir=");
    }

    @Test
    void everyLibraryThatCannotBeLoadedIsNamed() {
        Map<String, NativeLibraries.Loading> libraries = new LinkedHashMap<>();
        libraries.put("one", () -> {
            throw new UnsatisfiedLinkError("failed to map segment from shared object");
        });
        libraries.put("fine", () -> {});
        libraries.put("two", () -> {
            throw new ExceptionInInitializerError("Cannot unpack two");
        });

        assertThat(NativeLibraries.problems(directory, libraries))
                .hasSize(2)
                .anyMatch(problem -> problem.contains("one") && problem.contains("failed to map segment"))
                .anyMatch(problem -> problem.contains("two") && problem.contains("noexec"));
    }
}
