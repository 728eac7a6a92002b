package io.kappamesh.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.file.FileStamp;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.Ingested;
import io.kappamesh.position.RowCounts;
import io.kappamesh.position.SeenFile;
import io.kappamesh.row.PlannedFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IngestPlanTest {
    private static final ArchiveFile A = file("/archive/a.csv");
    private static final ArchiveFile B = file("/archive/b.csv");
    private static final Instant HAND_OVER = Instant.ofEpochSecond(100);

    @Test
    void newBegunAndDoneFilesAreToldApart() {
        IngestPlan plan = plan(files("1", "2"), Map.of("2", position(B, "2", 7, false, null)), null);

        assertThat(plan.toDo()).extracting(file -> file.begun().rows()).containsExactly(0L, 7L);
        assertThat(plan(files("1", "2"), Map.of("2", position(B, "2", 7, true, null)), null)
                        .done())
                .extracting(PlannedFile::file)
                .containsExactly(B);
    }

    @Test
    void renamedFileIsTheSame() {
        IngestPlan plan = plan(List.of(found(B, "1")), Map.of("1", position(A, "1", 7, true, null)), null);

        assertThat(plan.toDo()).isEmpty();
        assertThat(plan.done())
                .singleElement()
                .extracting(file -> file.begun().file())
                .isEqualTo(A.name());
    }

    @Test
    void filesOfOneContentAreOne() {
        IngestPlan plan = plan(files("1", "1"), Map.of(), null);

        assertThat(plan.toDo()).extracting(PlannedFile::file).containsExactly(A);
        assertThat(plan.same()).containsExactly(Map.entry(B.path(), A.name()));
    }

    @Test
    void changedFileIsRefused() {
        assertThatThrownBy(() -> plan(files("3", "2"), Map.of("1", position(A, "1", 7, false, null)), null))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("/archive/a.csv: was changed since 7 of its rows were ingested");
    }

    /** A glob may see a file before anything is in it. */
    @Test
    void fileThatWasEmptyMayGetRows() {
        IngestPlan plan = plan(files("3", "2"), Map.of("1", position(A, "1", 0, true, null)), null);

        assertThat(plan.toDo()).extracting(PlannedFile::file).containsExactly(A, B);
    }

    @Test
    void rotatedFilesAreNotChangedOnes() {
        // What was a is b now, and a is new.
        IngestPlan plan = plan(files("2", "1"), Map.of("1", position(A, "1", 7, true, null)), null);

        assertThat(plan.toDo()).extracting(PlannedFile::file).containsExactly(A);
        assertThat(plan.done()).extracting(PlannedFile::file).containsExactly(B);
    }

    @Test
    void otherHandOverOtherTopicAndOtherPartitionsAreRefusedTogether() {
        Map<String, IngestPosition> known = new LinkedHashMap<>();
        known.put("1", position(A, "1", 7, true, HAND_OVER));
        known.put("2", new IngestPosition(B.name(), "2", 1, -1, true, null, "old", RowCounts.none(3)));

        assertThatThrownBy(() -> plan(files("1", "2"), known, null))
                .hasMessageContaining("up to the hand-over 1970-01-01T00:01:40Z, and now none")
                .hasMessageContaining("b.csv: was ingested into a topic of this port that was deleted");
        assertThatThrownBy(
                        () -> IngestPlan.of("", files("1", "3"), new Ingested(known, Map.of()), HAND_OVER, "topic", 4))
                .hasMessageContaining("had 3 partitions, and now it has 4");
        assertThat(plan(files("1", "3"), Map.of("1", position(A, "1", 7, true, HAND_OVER)), HAND_OVER)
                        .done())
                .hasSize(1);
    }

    /** A file that breaks off matters where its rows are wanted, and not where they are ingested. */
    @Test
    void whatIsWrongWithAFileMattersUnlessItIsIngested() {
        List<FoundFile> broken = List.of(new FoundFile(A, "", Optional.of("a breaks off"), true), lacking());

        assertThatThrownBy(() -> plan(broken, Map.of(), null))
                .hasMessageContaining("a breaks off")
                .hasMessageContaining("b lacks a column")
                .hasMessageContaining("Nothing was written");
        assertThat(plan(List.of(lacking()), Map.of("2", position(B, "2", 7, true, null)), null)
                        .done())
                .hasSize(1);
    }

    /** Of two files that say the same, the second one may be the one that is being written. */
    @Test
    void whatIsWrongWithASecondFileOfOneContentMattersToo() {
        List<FoundFile> files = List.of(found(A, "2"), lacking());

        assertThatThrownBy(() -> plan(files, Map.of(), null)).hasMessageContaining("b lacks a column");
    }

    /** A log was rotated twice: of its path, two contents are known. */
    @Test
    void latestContentOfAPathIsTheOneThatWasChanged() {
        Map<String, IngestPosition> known = new LinkedHashMap<>();
        // Many, so that no order but that of the log brings the latest to the end.
        for (int digest = 1; digest <= 20; digest++) {
            known.put("" + digest, position(A, "" + digest, 7, true, null));
        }

        assertThatThrownBy(() -> plan(files("21", "1"), known, null))
                .hasMessageContaining("a.csv: was changed since 7");
        assertThat(plan(files("21", "20"), known, null).toDo())
                .extracting(PlannedFile::file)
                .containsExactly(A);
    }

    /** It was ingested under another name, packed since, and then a member was appended to it. */
    @Test
    void pathIsProtectedWhereItsContentIsKnownUnderAnotherName() {
        Ingested known = new Ingested(
                Map.of("1", position(A, "1", 7, true, null)), Map.of(A.name(), seen(A, "1"), B.name(), seen(B, "1")));

        // Also while the other one is still there: it is no sign of a rotation, because it was there before.
        assertThatThrownBy(() -> IngestPlan.of("", files("1", "2"), known, null, "topic", 3))
                .hasMessageContaining("b.csv: was changed since 7");
        assertThatThrownBy(() -> IngestPlan.of("", List.of(found(B, "2")), known, null, "topic", 3))
                .hasMessageContaining("b.csv: was changed since 7");
    }

    @Test
    void whatFilesAreFoundToBeIsStoredOnceAlsoWithoutATimeThatCanBeTrusted() {
        Map<String, IngestPosition> positions = Map.of("1", position(A, "1", 7, true, null));
        List<SeenFile> seen = IngestPlan.of("", files("1", "1"), new Ingested(positions, Map.of()), null, "topic", 3)
                .seen();

        assertThat(seen).containsExactly(seen(A, "1"), seen(B, "1"));
        Map<String, SeenFile> stored = Map.of(A.name(), seen.get(0), B.name(), seen.get(1));
        assertThat(IngestPlan.of("", files("1", "1"), new Ingested(positions, stored), null, "topic", 3)
                        .seen())
                .isEmpty();
    }

    private static SeenFile seen(ArchiveFile file, String digest) {
        return new SeenFile(file.name(), SeenFile.NO_STAMP, digest);
    }

    private static FoundFile lacking() {
        return new FoundFile(B, "2", Optional.of("b lacks a column"), true);
    }

    private static IngestPlan plan(
            List<FoundFile> found, Map<String, IngestPosition> known, @Nullable Instant handOver) {
        return IngestPlan.of("", found, new Ingested(known, Map.of()), handOver, "topic", 3);
    }

    private static List<FoundFile> files(String digestOfA, String digestOfB) {
        return List.of(found(A, digestOfA), found(B, digestOfB));
    }

    private static FoundFile found(ArchiveFile file, String digest) {
        return new FoundFile(file, digest, Optional.empty(), true);
    }

    private static ArchiveFile file(String path) {
        return new ArchiveFile(Path.of(path), new FileStamp(10, 1, "10 1", false));
    }

    private static IngestPosition position(
            ArchiveFile file, String digest, long rows, boolean done, @Nullable Instant handOver) {
        return new IngestPosition(
                file.name(), digest, rows, -1, done, handOver, "topic", new RowCounts(List.of(rows, 0L, 0L), 0, 0, 5));
    }
}
