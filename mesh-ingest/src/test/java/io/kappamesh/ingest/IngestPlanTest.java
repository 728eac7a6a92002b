package io.kappamesh.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.archive.ArchiveFile;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.RowCounts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IngestPlanTest {
    private static final ArchiveFile A = new ArchiveFile(Path.of("/archive/a.csv"), 10);
    private static final ArchiveFile B = new ArchiveFile(Path.of("/archive/b.csv"), 10);
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
        IngestPlan plan = plan(Map.of(B, "1"), Map.of("1", position(A, "1", 7, true, null)), null);

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
        assertThatThrownBy(() -> IngestPlan.of("", files("1", "3"), known, HAND_OVER, "topic", 4))
                .hasMessageContaining("had 3 partitions, and now it has 4");
        assertThat(plan(files("1", "3"), Map.of("1", position(A, "1", 7, true, HAND_OVER)), HAND_OVER)
                        .done())
                .hasSize(1);
    }

    private static IngestPlan plan(
            Map<ArchiveFile, String> digests, Map<String, IngestPosition> known, @Nullable Instant handOver) {
        return IngestPlan.of("", digests, known, handOver, "topic", 3);
    }

    private static Map<ArchiveFile, String> files(String digestOfA, String digestOfB) {
        Map<ArchiveFile, String> digests = new LinkedHashMap<>();
        digests.put(A, digestOfA);
        digests.put(B, digestOfB);
        return digests;
    }

    private static IngestPosition position(
            ArchiveFile file, String digest, long rows, boolean done, @Nullable Instant handOver) {
        return new IngestPosition(
                file.name(), digest, rows, -1, done, handOver, "topic", new RowCounts(List.of(rows, 0L, 0L), 0, 0, 5));
    }
}
