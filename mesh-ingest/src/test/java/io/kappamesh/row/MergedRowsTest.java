package io.kappamesh.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.archive.ArchiveRow;
import io.kappamesh.archive.ArchiveRows;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.file.FileStamp;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.intake.RecordTrial;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.RowCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Files whose rows are times; a negative one is a row that is refused. */
class MergedRowsTest {
    private int open;
    private int mostOpen;
    private long held = 1 << 10;

    @Test
    void rowsOfAllFilesComeInTheOrderOfTimeAndThenOfFiles() {
        assertThat(merged(true, new long[] {1, 4, 4, 9}, new long[] {2, 4, 5}, new long[] {}, new long[] {0, 20}))
                .containsExactly(
                        "2 ends", "3:0", "0:1", "1:2", "0:4", "0:4", "1:4", "1:5", "1 ends", "0:9", "0 ends", "3:20",
                        "3 ends");
    }

    @Test
    void filesAreReadOneAfterTheOtherWhereThatIsDeclared() {
        assertThat(merged(false, new long[] {9, 4}, new long[] {2, 1}))
                .containsExactly("0:9", "0:4", "0 ends", "1:2", "1:1", "1 ends");
    }

    @Test
    void refusedRowsKeepTheirPlace() {
        assertThat(merged(true, new long[] {1, -1, 5}, new long[] {-1, 2}))
                .containsExactly("1:-1", "0:1", "0:-1", "1:2", "1 ends", "0:5", "0 ends");
    }

    @Test
    void fileThatIsNotSortedIsAnErrorWithItsRow() {
        assertThatThrownBy(() -> merged(true, new long[] {1, 4, 3}))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("row 3 has an earlier event time");
    }

    @Test
    void anyFilesAreMergedAsIfTheyWereSortedTogether() {
        Random random = new Random(9);
        for (int round = 0; round < 300; round++) {
            long[][] files = IntStream.range(0, random.nextInt(6))
                    .mapToObj(file ->
                            random.longs(random.nextInt(20), 0, 30).sorted().toArray())
                    .toArray(long[][]::new);
            List<long[]> expected = new ArrayList<>();
            for (int file = 0; file < files.length; file++) {
                for (long time : files[file]) {
                    expected.add(new long[] {time, file});
                }
            }
            expected.sort(
                    java.util.Comparator.<long[]>comparingLong(row -> row[0]).thenComparingLong(row -> row[1]));
            assertThat(merged(true, files).stream().filter(row -> row.contains(":")))
                    .containsExactlyElementsOf(
                            expected.stream().map(row -> row[1] + ":" + row[0]).toList());
            assertThat(open).isZero();
        }
    }

    @Test
    void filesThatFollowEachOtherAreNotOpenTogether() {
        long[][] files = IntStream.range(0, 1_000)
                .mapToObj(file -> new long[] {10L * file, 10L * file + 5})
                .toArray(long[][]::new);

        assertThat(merged(true, files)).hasSize(3_000);
        assertThat(mostOpen).isLessThan(100);
    }

    /** As row groups of Parquet are. */
    @Test
    void filesThatHoldMuchMemoryAreNotLeftOpenAfterTheFirstLook() {
        long[][] files = IntStream.range(0, 100)
                .mapToObj(file -> new long[] {10L * file, 10L * file + 5})
                .toArray(long[][]::new);
        held = 30 << 20;

        assertThat(merged(true, files)).hasSize(300);
        assertThat(mostOpen).isLessThan(5);
    }

    @Test
    void moreFilesOfOneTimeThanCanBeOpenAreRefusedInWords() {
        long[][] files = IntStream.range(0, MergedRows.MOST_OPEN + 2)
                .mapToObj(file -> new long[] {file, 10_000})
                .toArray(long[][]::new);

        assertThatThrownBy(() -> merged(true, files))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("files have rows of the same time");
        assertThat(open).isZero();
        assertThat(merged(false, files)).hasSize(3 * files.length);
    }

    @Test
    void filesWithoutRowsAreNotLeftOpen() {
        long[][] files = new long[MergedRows.MOST_OPEN + 2][0];

        assertThat(merged(true, files)).hasSize(files.length).allMatch(row -> row.endsWith(" ends"));
        assertThat(mostOpen).isEqualTo(1);
        assertThat(open).isZero();
    }

    @Test
    void fileThatWasChangedMeanwhileIsNotDone() {
        try (MergedRows<Long> rows = new MergedRows<>(
                List.of(planned(0, "what it was")),
                (file, from) -> new Times(file, new long[] {1}),
                MergedRowsTest::judged,
                true)) {
            assertThat(rows.next()).isNotNull();
            assertThatThrownBy(rows::next).hasMessageContaining("was changed while it was read");
        }
    }

    /** What writers lack of the first rows may be all that is read of a file. */
    @Test
    void fileThatWasChangedIsFoundAlsoWhereOnlyItsFirstRowsAreRead() {
        try (MergedRows<Long> rows = new MergedRows<>(
                List.of(planned(0, "what it was")),
                (file, from) -> new FirstRows<>(new Times(file, new long[] {1, 2}), file, 1),
                MergedRowsTest::judged,
                true)) {
            assertThat(rows.next()).isNotNull();
            assertThatThrownBy(rows::next).hasMessageContaining("was changed while it was read");
        }
    }

    private List<String> merged(boolean byTime, long[]... files) {
        List<PlannedFile> planned = IntStream.range(0, files.length)
                .mapToObj(file -> planned(file, "digest"))
                .toList();
        List<String> merged = new ArrayList<>();
        try (MergedRows<Long> rows = new MergedRows<>(
                planned, (file, from) -> new Times(file, files[file.index()]), MergedRowsTest::judged, byTime)) {
            for (MergedRows.Next next = rows.next(); next != null; next = rows.next()) {
                JudgedRow row = next.row();
                merged.add(next.file().index() + (row == null ? " ends" : ":" + row.time()));
            }
        }
        return merged;
    }

    private static PlannedFile planned(int index, String digest) {
        ArchiveFile file = new ArchiveFile(Path.of("/file" + index), new FileStamp(1, 1, "1 1", false));
        return new PlannedFile(
                index, file, new IngestPosition(file.name(), digest, 0, -1, false, null, "topic", RowCounts.none(1)));
    }

    private static JudgedRow judged(ArchiveRow<Long> row) {
        long time = ((ValueFormat.Value<Long>) row.result()).value();
        RecordTrial.@Nullable Refusal refusal = time < 0 ? new RecordTrial.Refusal("invalid", "is negative") : null;
        return new JudgedRow(row.number(), row.bytes().get(), null, null, time, refusal, row.end());
    }

    private final class Times implements ArchiveRows<Long> {
        private final long[] times;
        private int at;
        private boolean closed;

        Times(PlannedFile file, long[] times) {
            assertThat(file.begun().rows()).isZero();
            this.times = Arrays.copyOf(times, times.length);
            mostOpen = Math.max(mostOpen, ++open);
        }

        @Override
        public @Nullable ArchiveRow<Long> next() {
            return at == times.length
                    ? null
                    : new ArchiveRow<>(
                            at + 1, () -> new byte[0], ValueFormat.Result.value(times[at++]), new RowPosition(at, -1));
        }

        @Override
        public void drain() {}

        @Override
        public long heldBytes() {
            return held;
        }

        @Override
        public long bytesRead() {
            return at;
        }

        @Override
        public String digest() {
            return "digest";
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open--;
            }
        }
    }
}
