package io.kappamesh.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackingTest {

    @TempDir
    Path directory;

    private Path cache;

    @BeforeEach
    void createCache() throws IOException {
        cache = Files.createDirectory(directory.resolve("cache"));
    }

    @Test
    void contentIsThereOnceAndNothingElseIsLeft() throws IOException {
        Path archive = archive(new TarArchiveEntry("lib/a.jar"));

        Path unpacked = Unpacking.once(archive, cache, "program");

        assertThat(unpacked.resolve("lib/a.jar")).hasContent("content");
        assertThat(filesIn(cache)).containsExactly("program");
    }

    @Test
    void unpackedFolderIsUsedAgainWithoutTheArchive() throws IOException {
        Path archive = archive(new TarArchiveEntry("a.jar"));
        Path first = Unpacking.once(archive, cache, "program");
        Files.delete(archive);

        assertThat(Unpacking.once(archive, cache, "program")).isEqualTo(first);
    }

    @Test
    void manyWhoUnpackAtTheSameTimeAllGetACompleteFolder() throws Exception {
        Path archive = archive(new TarArchiveEntry("lib/a.jar"), new TarArchiveEntry("lib/b.jar"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Path> unpack = () -> Unpacking.once(archive, cache, "program");

            for (Future<Path> unpacked : threads.invokeAll(Collections.nCopies(8, unpack))) {
                assertThat(unpacked.get().resolve("lib/b.jar")).hasContent("content");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(filesIn(cache)).containsExactly("program");
    }

    @Test
    void entryThatLeadsOutIsRefusedAndNothingIsPublished() throws IOException {
        Path archive = archive(new TarArchiveEntry("a.jar"), new TarArchiveEntry("../../evil.sh"));

        assertThatThrownBy(() -> Unpacking.once(archive, cache, "program"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("../../evil.sh leads out of the archive");
        assertThat(filesIn(cache)).isEmpty();
        assertThat(directory.resolve("evil.sh")).doesNotExist();
    }

    @Test
    void symbolicLinkIsRefused() throws IOException {
        TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
        link.setLinkName("/etc");

        assertThatThrownBy(() -> Unpacking.once(archive(link), cache, "program"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("link is neither a file nor a folder");
    }

    @Test
    void truncatedArchiveIsRefusedAndNothingIsPublished() throws IOException {
        Path archive = archive(new TarArchiveEntry("a.jar"));
        byte[] bytes = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));

        assertThatThrownBy(() -> Unpacking.once(archive, cache, "program"))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(archive.toString());
        assertThat(filesIn(cache)).isEmpty();
    }

    private Path archive(TarArchiveEntry... entries) throws IOException {
        Path archive = directory.resolve("archive.tar.gz");
        byte[] content = "content".getBytes(StandardCharsets.UTF_8);
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(archive)))) {
            for (TarArchiveEntry entry : entries) {
                entry.setSize(entry.isSymbolicLink() ? 0 : content.length);
                tar.putArchiveEntry(entry);
                if (!entry.isSymbolicLink()) {
                    tar.write(content);
                }
                tar.closeArchiveEntry();
            }
        }
        return archive;
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
