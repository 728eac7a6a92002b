package io.kappamesh.position;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that is rotated, in the order in which ingests may see it. */
class KnownPathsTest {
    @TempDir
    Path directory;

    @Test
    void contentThatLiesAtANewPathWasMoved() {
        KnownPaths paths = paths(Map.of("log", "1"), Map.of("log", "2", "log.1", "1"));

        assertThat(paths.changed(path("log"))).isEmpty();
        assertThat(paths.changed(path("log.1"))).isEmpty();
    }

    @Test
    void everyContentOfAChainOfRotationsWasMoved() {
        KnownPaths paths = paths(Map.of("log", "2", "log.1", "1"), Map.of("log", "3", "log.1", "2", "log.2", "1"));

        assertThat(paths.changed(path("log"))).isEmpty();
        assertThat(paths.changed(path("log.1"))).isEmpty();
    }

    @Test
    void copyThatWasThereBeforeIsNoSignOfAMove() {
        KnownPaths paths = paths(Map.of("log", "1", "copy", "1"), Map.of("log", "2", "copy", "1"));

        assertThat(paths.changed(path("log"))).map(IngestPosition::digest).contains("1");
        assertThat(paths.changed(path("copy"))).isEmpty();
    }

    /** One ingest sees the log moved away, the next one sees what follows it. */
    @Test
    void pathIsFreeOnceItsContentWasMovedAway() throws IOException {
        KnownPaths moved = paths(Map.of("log", "1"), Map.of("log.1", "1"));

        assertThat(moved.moved()).extracting(SeenFile::path).containsExactly(path("log"));
        Ingested then = new Ingested(
                Map.of("1", position("log", "1")),
                Map.of(
                        path("log"),
                        moved.moved().get(0),
                        path("log.1"),
                        new SeenFile(path("log.1"), SeenFile.NO_STAMP, "1")));
        assertThat(new KnownPaths(then, Map.of(path("log"), "2", path("log.1"), "1")).changed(path("log")))
                .isEmpty();

        // What is not asked for this time, but lies where it was, was not moved; nor is anything known of other
        // machines.
        Files.writeString(directory.resolve("log"), "1");
        assertThat(paths(Map.of("log", "1"), Map.of("log.1", "1")).moved()).isEmpty();
        assertThat(paths(Map.of("elsewhere/log", "1"), Map.of("log.1", "1")).moved())
                .isEmpty();
    }

    @Test
    void mapsKeepTheOrderOfTheLog() {
        Map<String, IngestPosition> positions = new java.util.LinkedHashMap<>();
        List.of("7", "3", "9", "1", "8", "2", "5")
                .forEach(digest -> positions.put(digest, position("log" + digest, digest)));

        assertThat(new Ingested(positions, Map.of()).positions().keySet())
                .containsExactly("7", "3", "9", "1", "8", "2", "5");
    }

    private KnownPaths paths(Map<String, String> before, Map<String, String> now) {
        Map<String, IngestPosition> positions = new java.util.HashMap<>();
        Map<String, SeenFile> seen = new java.util.HashMap<>();
        before.forEach((name, digest) -> {
            positions.put(digest, position(name, digest));
            seen.put(path(name), new SeenFile(path(name), SeenFile.NO_STAMP, digest));
        });
        Map<String, String> found = new java.util.HashMap<>();
        now.forEach((name, digest) -> found.put(path(name), digest));
        return new KnownPaths(new Ingested(positions, seen), found);
    }

    private IngestPosition position(String name, String digest) {
        return new IngestPosition(path(name), digest, 7, -1, true, null, "topic", RowCounts.none(1));
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }
}
