package io.kappamesh.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveFilesTest {
    @TempDir
    Path top;

    @BeforeEach
    void files() throws Exception {
        for (String name : List.of(
                "b.csv",
                "a.csv.gz",
                "notes.txt",
                "_SUCCESS",
                ".a.csv.crc",
                "more/c.jsonl",
                "more/_temporary/d.csv",
                "more/e.avro.zst")) {
            Files.createDirectories(top.resolve(name).getParent());
            Sale.write(top.resolve(name), "x");
        }
    }

    @Test
    void directoriesAreSearchedForNamesThatSayTheirFormat() {
        assertThat(found(false, "")).containsExactly("a.csv.gz", "b.csv", "more/c.jsonl", "more/e.avro.zst");
        assertThat(found(true, ""))
                .containsExactly("a.csv.gz", "b.csv", "more/c.jsonl", "more/e.avro.zst", "notes.txt");
    }

    @Test
    void globsAndNamesMeanEachFileOnce() {
        assertThat(found(false, "*.csv*")).containsExactly("a.csv.gz", "b.csv");
        assertThat(found(false, "**.{jsonl,csv}")).containsExactly("b.csv", "more/c.jsonl");
        assertThat(found(false, "more/[a-c].*", "b.csv", "more/../b.csv", "notes.txt"))
                .containsExactly("b.csv", "more/c.jsonl", "notes.txt");
    }

    /** Below may lie other people's millions of files, or a directory that nobody may read, or a link to one above. */
    @Test
    void globsLookNoDeeperThanTheySay() throws Exception {
        Files.createSymbolicLink(top.resolve("more/loop"), top);
        Files.createSymbolicLink(top.resolve("more/_loop"), top);

        assertThat(found(false, "*.csv")).containsExactly("b.csv");
        Files.delete(top.resolve("more/loop"));
        assertThat(found(false, "more/*.jsonl", "**.avro.zst")).containsExactly("more/c.jsonl", "more/e.avro.zst");
    }

    @Test
    void whatMeansNoFileIsSaid() {
        assertThatThrownBy(() -> found(false, "nothing.csv"))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("nothing.csv: there is no such file");
        assertThatThrownBy(() -> found(false, "*.orc")).hasMessageContaining("*.orc: there is no such file");
    }

    private List<String> found(boolean anyName, String... given) {
        return ArchiveFiles.find(Stream.of(given).map(one -> top + "/" + one).toList(), anyName).stream()
                .map(file -> top.relativize(file.path()).toString())
                .toList();
    }

    /** So that whoever ends an ingest need not wait for the digest of a large file. */
    @Test
    void readingEndsOnceItsThreadIsInterrupted() {
        ArchiveFile file = ArchiveFile.of(Sale.write(top.resolve("a.csv"), "1,2\n"));
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(file::digest)
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContaining("InterruptedIOException");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
