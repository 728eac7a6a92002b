package io.kappamesh.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.archive.ArchiveFormat;
import io.kappamesh.archive.Sale;
import io.kappamesh.contract.KeyRule;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.file.FileStamp;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.Ingested;
import io.kappamesh.position.RowCounts;
import io.kappamesh.position.SeenFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found out of files, and which are read for it. */
class FileSurveyTest {
    @TempDir
    Path directory;

    @Test
    void fileThatNobodyHasWrittenSinceIsNotRead() throws Exception {
        ArchiveFile file = file(IngestLab.csv(0, 10, 1));

        FoundFile first = survey(file, new Ingested(Map.of(), Map.of()));
        FoundFile again = survey(file, known(file, file.digest(), false));

        assertThat(first.isRead()).isTrue();
        assertThat(first.digest()).isEqualTo(file.digest());
        assertThat(again.isRead()).isFalse();
        assertThat(again.digest()).isEqualTo(first.digest());
        assertThat(again.seen()).isEqualTo(first.seen());
    }

    @Test
    void fileOfAnotherTimeOrWithoutOneIsRead() throws Exception {
        ArchiveFile file = file(IngestLab.csv(0, 10, 1));
        Ingested known = known(file, file.digest(), false);

        assertThat(survey(stamped(file, "later", true), known).isRead()).isTrue();
        assertThat(survey(stamped(file, file.stamp().text(), false), known).isRead())
                .isTrue();
        assertThat(survey(stamped(file, file.stamp().text(), false), known)
                        .seen()
                        .stamp())
                .isEqualTo(SeenFile.NO_STAMP);
    }

    /** It was stopped before its first row, or amid its rows, and is asked for with other options. */
    @Test
    void columnThatIsMissedNowIsSaidOfFilesThatWereReadEarlier() throws Exception {
        ArchiveFile file = file(IngestLab.csv(0, 10, 1).replaceFirst("amount", "other"));

        assertThat(survey(file, known(file, file.digest(), false)).problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("amount"));
        assertThat(survey(file, known(file, file.digest(), true)).problem()).isEmpty();
    }

    private ArchiveFile file(String rows) throws Exception {
        Path path = Sale.write(directory.resolve("a.csv"), rows);
        long modified = Files.getLastModifiedTime(path).to(java.util.concurrent.TimeUnit.NANOSECONDS);
        return new ArchiveFile(path, new FileStamp(Files.size(path), modified, "as it is", true));
    }

    private static ArchiveFile stamped(ArchiveFile file, String text, boolean isSettled) {
        return new ArchiveFile(
                file.path(), new FileStamp(file.bytes(), file.stamp().modified(), text, isSettled));
    }

    private static Ingested known(ArchiveFile file, String digest, boolean done) {
        return new Ingested(
                Map.of(digest, new IngestPosition(file.name(), digest, 3, 1, done, null, "topic", RowCounts.none(1))),
                Map.of(file.name(), new SeenFile(file.name(), "as it is", digest)));
    }

    private static FoundFile survey(ArchiveFile file, Ingested known) throws InterruptedException {
        SourcePort<GenericRecord> port = IngestLab.port("survey");
        IngestOptions<GenericRecord> options = new IngestOptions<>(
                IngestLab.settings("127.0.0.1:1", "http://127.0.0.1:1"),
                IngestLab.product("survey"),
                port,
                KeyRule.field(Sale.SCHEMA, "saleId"),
                new IngestOptions.Files(List.of(), Optional.<ArchiveFormat>empty(), true, false),
                null,
                new io.kappamesh.writers.Pace(1, OptionalLong.empty(), 1, 1, Duration.ZERO),
                (writer, step) -> {});
        return new FileSurvey<>(options, new IngestMeters(), new CountDownLatch(1))
                .of(List.of(file), known)
                .get(0);
    }
}
