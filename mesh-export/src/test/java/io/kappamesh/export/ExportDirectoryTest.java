package io.kappamesh.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.failure.LifecycleException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportDirectoryTest {
    @TempDir
    Path directory;

    /** Before it has written anything; and the one that is refused deletes nothing of the other's. */
    @Test
    void anotherExportIsRefusedFromTheFirstMomentOn() throws Exception {
        try (ExportDirectory first = ExportDirectory.empty(directory)) {
            assertThatThrownBy(() -> ExportDirectory.empty(directory))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContaining("under way");

            Files.writeString(first.partial("part-0.csv"), "k,v");
            first.complete("{}".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(directory).isDirectoryContaining("glob:**/part-0.csv");
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("part-0.csv", "manifest.json");
        }
    }

    @Test
    void anExportThatFailsLeavesTheDirectoryEmpty() throws Exception {
        try (ExportDirectory failing = ExportDirectory.empty(directory)) {
            Files.writeString(failing.partial("part-0.csv"), "k,v");
        }

        assertThat(directory).isEmptyDirectory();
    }
}
