package io.kappamesh.writers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.archive.ArchiveRow;
import io.kappamesh.archive.ArchiveRows;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.file.FileStamp;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.intake.RecordTrial;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.RowCounts;
import io.kappamesh.position.SplitPosition;
import io.kappamesh.position.WriterPart;
import io.kappamesh.row.JudgedRow;
import io.kappamesh.row.MergedRows;
import io.kappamesh.row.PlannedFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which rows writers get, and which are taken for written. */
class RowRouterTest {
    private static final int PARTITIONS = 6;
    private static final int WRITERS = 3;
    private static final IngestPosition NEW =
            new IngestPosition("/a", "d", 0, -1, false, null, "topic", RowCounts.none(PARTITIONS));
    private static final PlannedFile FILE =
            new PlannedFile(0, new ArchiveFile(Path.of("/a"), new FileStamp(1, 1, "1", false)), NEW);

    @Test
    void rowsOfAPartitionHaveOneWriterWhichGetsThemInTheirOrder() {
        RowRouter router = router(SplitPosition.of(NEW, WRITERS), 1_000);
        for (int row = 1; row <= 300; row++) {
            assertThat(router.route(row(row))).isFalse();
        }

        RoutedRows routed = router.routed();

        List<Long> all = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int own = writer;
            List<MergedRows.Next> rows = routed.rows().get(writer);
            assertThat(rows)
                    .isNotEmpty()
                    .allSatisfy(next -> assertThat(partition(next) % WRITERS).isEqualTo(own));
            assertThat(rows).extracting(next -> next.row().number()).isSorted();
            rows.forEach(next -> all.add(next.row().number()));
        }
        assertThat(all).hasSize(300).doesNotHaveDuplicates();
        // Also those without rows hear how far the file is.
        assertThat(routed.reached()).singleElement().satisfies(reached -> {
            assertThat(reached.place()).isEqualTo(new RowPosition(300, 3_000));
            assertThat(reached.isDone()).isFalse();
        });
        assertThat(router.routed().reached()).isEmpty();
    }

    @Test
    void writerThatIsAheadGetsOnlyWhatItDoesNotHave() {
        SplitPosition split = split(100, 0, 40);
        RowRouter router = router(split, 1_000);
        for (int row = 1; row <= 200; row++) {
            router.route(row(row));
        }

        RoutedRows routed = router.routed();

        for (int writer = 0; writer < WRITERS; writer++) {
            long had = split.parts().get(writer).place().rows();
            assertThat(routed.rows().get(writer))
                    .allSatisfy(next -> assertThat(next.row().number()).isGreaterThan(had));
        }
        assertThat(routed.rows().get(1))
                .anySatisfy(next -> assertThat(next.row().number()).isLessThan(40));
    }

    @Test
    void writerThatHasAsManyAsATransactionMayHaveIsToldOf() {
        RowRouter router = router(SplitPosition.of(NEW, WRITERS), 2);
        MergedRows.Next first = row(1);

        assertThat(router.route(first)).isFalse();
        assertThat(router.route(next(2, first.row().key()))).isTrue();
    }

    @Test
    void refusedRowsAreTheFirstWritersAndEndsAreToldToAll() {
        RowRouter router = router(SplitPosition.of(NEW, WRITERS), 1_000);

        router.route(next(1, null));
        router.route(new MergedRows.Next(FILE, null));

        RoutedRows routed = router.routed();
        assertThat(routed.rows().get(0)).hasSize(1);
        assertThat(routed.reached()).singleElement().satisfies(reached -> {
            assertThat(reached.place()).isEqualTo(new RowPosition(1, 10));
            assertThat(reached.isDone()).isTrue();
        });
    }

    /** The end of the rows that writers are behind is not that of the file. */
    @Test
    void endOfSomeRowsIsNotToldAsTheEndOfTheFile() {
        RowRouter router = new RowRouter(target(1_000), WRITERS, Map.of("d", SplitPosition.of(NEW, WRITERS)), false);

        router.route(new MergedRows.Next(FILE, null));

        assertThat(router.routed().reached()).isEmpty();
    }

    @Test
    void rowsThatWouldBePassedOverAreThoseThatAreWritten() {
        SplitPosition split = split(100, 20, 60);

        new SplitCheck<>(opener(100), RowRouterTest::judged, PARTITIONS).require(FILE, split);

        // A row that was a record is refused now: its writer is behind it, and the first one is not.
        long ofSecond = 21;
        while (KeyPlaces.writer(row(ofSecond).row(), PARTITIONS, WRITERS) != 1) {
            ofSecond++;
        }
        long other = ofSecond;
        refused(split, row -> row == other ? next(row, null).row() : row(row).row());
        // Another key.
        refused(
                split,
                row -> next(row, ("k" + row).getBytes(StandardCharsets.UTF_8)).row());
        // Lines are cut at other places.
        refused(split, row -> {
            JudgedRow judged = row(row).row();
            return new JudgedRow(
                    row,
                    judged.row(),
                    judged.key(),
                    judged.value(),
                    judged.time(),
                    judged.refusal(),
                    new RowPosition(row, row * 11));
        });
        assertThatThrownBy(() -> new SplitCheck<>(opener(99), RowRouterTest::judged, PARTITIONS).require(FILE, split))
                .isInstanceOf(LifecycleException.class);
    }

    private static void refused(SplitPosition split, LongFunction<JudgedRow> judge) {
        assertThatThrownBy(() -> new SplitCheck<>(opener(100), row -> judge.apply(row.number()), PARTITIONS)
                        .require(FILE, split))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("rows 21 to 100 are ingested in part: 3 writers");
    }

    /** As writers would have stored it that are at these rows. */
    private static SplitPosition split(long... places) {
        List<WriterPart> parts = new ArrayList<>();
        for (int writer = 0; writer < places.length; writer++) {
            long taken = 0;
            for (long row = 1; row <= places[writer]; row++) {
                taken += KeyPlaces.writer(row(row).row(), PARTITIONS, WRITERS) == writer ? WriterPart.hash(row) : 0;
            }
            parts.add(new WriterPart(
                    new RowPosition(places[writer], places[writer] * 10), false, RowCounts.none(PARTITIONS), taken));
        }
        return new SplitPosition(NEW, parts);
    }

    private static java.util.function.BiFunction<PlannedFile, RowPosition, ArchiveRows<String>> opener(long rows) {
        return (file, from) -> new ArchiveRows<>() {
            private long read = from.rows();

            @Override
            public @Nullable ArchiveRow<String> next() {
                if (read >= rows) {
                    return null;
                }
                read++;
                return new ArchiveRow<>(
                        read, () -> new byte[0], new ValueFormat.Value<>("v"), new RowPosition(read, read * 10));
            }

            @Override
            public void drain() {}

            @Override
            public long bytesRead() {
                return 0;
            }

            @Override
            public String digest() {
                return "d";
            }

            @Override
            public void close() {}
        };
    }

    private static JudgedRow judged(ArchiveRow<String> row) {
        return row(row.number()).row();
    }

    private static int partition(MergedRows.Next next) {
        return KeyPlaces.partition(next.row().key(), PARTITIONS);
    }

    private static MergedRows.Next row(long number) {
        return next(number, ("s" + number).getBytes(StandardCharsets.UTF_8));
    }

    private static MergedRows.Next next(long number, byte @Nullable [] key) {
        return new MergedRows.Next(
                FILE,
                new JudgedRow(
                        number,
                        new byte[0],
                        key,
                        key,
                        number,
                        key == null ? new RecordTrial.Refusal("quality", "of a test") : null,
                        new RowPosition(number, number * 10)));
    }

    private static RowRouter router(SplitPosition begun, int mostRows) {
        return new RowRouter(target(mostRows), WRITERS, Map.of("d", begun), true);
    }

    private static WriteTarget target(int mostRows) {
        return new WriteTarget(
                PortAddress.of("shop.sales.v1"),
                "shop.sales.v1",
                PARTITIONS,
                ProductName.of("shop.all"),
                null,
                new Pace(WRITERS, OptionalLong.empty(), mostRows, 1 << 20, Duration.ofSeconds(1)),
                new WriteLog() {
                    @Override
                    public void reached(int writer, IngestStep step) {}

                    @Override
                    public void committed(long rows, long written, long refused, long live) {}
                });
    }
}
