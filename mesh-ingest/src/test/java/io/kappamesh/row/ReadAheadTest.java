package io.kappamesh.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.archive.ArchiveRow;
import io.kappamesh.archive.ArchiveRows;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.file.FileStamp;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.position.IngestPosition;
import io.kappamesh.position.RowCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One file whose rows are made as they are read. */
@Timeout(60)
class ReadAheadTest {
    private static final int ROWS = 400;
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final int HANGS_AT = 20;
    private static final int AHEAD = 8 << 20;

    private final AtomicInteger read = new AtomicInteger();
    private volatile boolean closed;
    private int rowBytes = 100 << 10;
    private @Nullable RuntimeException failure;
    private final CountDownLatch endless = new CountDownLatch(1);
    private boolean hangs;

    @Test
    void rowsComeInTheirOrderThenTheEnd() throws Exception {
        List<Long> numbers = new ArrayList<>();
        try (ReadAhead ahead = ahead()) {
            for (ReadAhead.Chunk chunk = next(ahead); !chunk.isLast(); chunk = next(ahead)) {
                for (MergedRows.Next next : chunk.rows()) {
                    numbers.add(next.row() == null ? -1 : next.row().number());
                }
            }
        }

        assertThat(numbers).hasSize(ROWS + 1).startsWith(1L, 2L).endsWith((long) ROWS, -1L);
        assertThat(closed).isTrue();
    }

    /** What the writer has in hand counts, too. */
    @Test
    void noMoreIsReadThanThereIsRoomFor() throws Exception {
        rowBytes = 3 << 20;
        try (ReadAhead ahead = ahead()) {
            ReadAhead.Chunk first = next(ahead);
            assertThat(first.rows()).hasSize(1);

            // One row in hand, one in the queue, and one that waits for room.
            awaitBlockedAt(3);
            next(ahead);
            awaitBlockedAt(4);
        }
        assertThat(closed).isTrue();
    }

    @Test
    void rowThatIsLargerThanTheRoomPassesAlone() throws Exception {
        rowBytes = AHEAD + 1;
        try (ReadAhead ahead = ahead()) {
            for (int row = 1; row < 5; row++) {
                assertThat(next(ahead).rows()).hasSize(1);
                awaitBlockedAt(row + 1);
            }
        }
    }

    @Test
    void failureComesBehindTheRowsThatWereReadBeforeIt() throws Exception {
        failure = new IllegalStateException("breaks off");
        int rows = 0;
        try (ReadAhead ahead = ahead()) {
            while (rows < ROWS) {
                rows += next(ahead).rows().size();
            }
            assertThat(rows).isEqualTo(ROWS);
            assertThatThrownBy(() -> next(ahead)).isSameAs(failure);
        }
        assertThat(closed).isTrue();
    }

    /** As in the digest of a large file. */
    @Test
    void closingInterruptsWhoReads() throws Exception {
        hangs = true;
        ReadAhead ahead = ahead();
        awaitBlockedAt(HANGS_AT);

        ahead.close();

        assertThat(closed).isTrue();
    }

    /** Waits until so many rows are read and the reader can do no more, and sees that it is no more. */
    private void awaitBlockedAt(int rows) {
        Awaitility.await()
                .atMost(WAIT)
                .until(() -> read.get() >= rows
                        && Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().equals("ahead"))
                                .anyMatch(thread -> thread.getState() == Thread.State.WAITING));
        assertThat(read).hasValue(rows);
    }

    private static ReadAhead.Chunk next(ReadAhead ahead) throws InterruptedException {
        ReadAhead.Chunk chunk = ahead.poll(WAIT);
        assertThat(chunk).isNotNull();
        return chunk;
    }

    private ReadAhead ahead() {
        ArchiveFile file = new ArchiveFile(Path.of("/file"), new FileStamp(1, 1, "1 1", false));
        PlannedFile planned = new PlannedFile(
                0, file, new IngestPosition(file.name(), "digest", 0, -1, false, null, "topic", RowCounts.none(1)));
        return new ReadAhead(
                "ahead", () -> new MergedRows<>(List.of(planned), (of, from) -> new Made(), this::judged, false));
    }

    private JudgedRow judged(ArchiveRow<Long> row) {
        return new JudgedRow(row.number(), new byte[rowBytes], null, null, row.number(), null, row.end());
    }

    private final class Made implements ArchiveRows<Long> {
        @Override
        public @Nullable ArchiveRow<Long> next() {
            if (read.get() == ROWS && failure != null) {
                throw failure;
            }
            if (read.get() == ROWS) {
                return null;
            }
            if (read.get() == HANGS_AT && hangs) {
                hang();
            }
            int number = read.incrementAndGet();
            return new ArchiveRow<>(
                    number, () -> new byte[0], ValueFormat.Result.value((long) number), new RowPosition(number, -1));
        }

        private void hang() {
            try {
                endless.await();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }

        @Override
        public void drain() {}

        @Override
        public long heldBytes() {
            return 0;
        }

        @Override
        public long bytesRead() {
            return read.get();
        }

        @Override
        public String digest() {
            return "digest";
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
