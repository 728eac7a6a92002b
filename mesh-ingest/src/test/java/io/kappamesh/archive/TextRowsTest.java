package io.kappamesh.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.json.JsonFormat;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines that are decoded ahead, in pieces of a hundred and some. */
class TextRowsTest {
    private static final int ROWS = 1_500;

    @TempDir
    Path directory;

    @Test
    void rowsComeInTheirOrderEachWithItsBytesItsValueAndItsPlace() throws Exception {
        StringBuilder text = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int row = 1; row <= ROWS; row++) {
            // Long ones in between fill a piece by themselves; some are no rows, and some are none of the port.
            String note = "n".repeat(row % 500 == 0 ? 200_000 : row % 7);
            String line = row % 11 == 0
                    ? "{broken " + row
                    : "{\"saleId\":\"s" + row + "\",\"amount\":1,\"at\":\"1970-01-01T00:00:00Z\",\"note\":\"" + note
                            + "\"}";
            text.append(line).append(row % 5 == 0 ? "\n\n" : "\n");
            expected.add(row + " " + (row % 11 == 0 ? "refused" : "s" + row) + " " + line.length());
        }
        Path file = Sale.write(directory.resolve("a.jsonl"), text.toString());

        List<ArchiveRow<GenericRecord>> rows = rows(file, RowPosition.BEGINNING);

        assertThat(rows).extracting(TextRowsTest::said).isEqualTo(expected);
        for (int from : new int[] {1, 127, 128, 129, 500, ROWS - 1}) {
            assertThat(rows(file, rows.get(from - 1).end()))
                    .extracting(TextRowsTest::said)
                    .isEqualTo(expected.subList(from, ROWS));
        }
    }

    @Test
    void rowsInFrontOfWhatIsDamagedComeFirst() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int row = 1; row <= ROWS; row++) {
            text.append("{\"saleId\":\"s")
                    .append(row * 2_654_435_761L)
                    .append("\",\"amount\":1,\"at\":\"1970-01-01T00:00:00Z\"}\n");
        }
        byte[] packed = Sale.gzip(text.toString());
        Path file = Sale.write(directory.resolve("a.jsonl.gz"), Arrays.copyOf(packed, packed.length - 30));
        List<ArchiveRow<GenericRecord>> before = new ArrayList<>();

        assertThatThrownBy(() -> read(file, RowPosition.BEGINNING, before))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("behind row " + before.size())
                .hasMessageContaining("breaks off");

        assertThat(before).hasSizeGreaterThan(ROWS / 2);
        assertThat(before.get(before.size() - 1).number()).isEqualTo(before.size());
    }

    @Test
    void lineWithoutAnEndOfAFileThatGrowsIsRefusedBehindTheRowsBeforeIt() throws Exception {
        String line = "{\"saleId\":\"s\",\"amount\":1,\"at\":\"1970-01-01T00:00:00Z\"}";
        Path file = Sale.write(directory.resolve("a.jsonl"), (line + "\n").repeat(300) + line.substring(0, 20));
        ArchiveFile found = ArchiveFile.of(file);
        Files.writeString(file, line.substring(20) + "\n", StandardOpenOption.APPEND);
        List<ArchiveRow<GenericRecord>> before = new ArrayList<>();

        assertThatThrownBy(() -> read(found, RowPosition.BEGINNING, before))
                .hasMessageContaining("Row 300 is the last");

        assertThat(before).hasSize(300);
    }

    @Test
    void ofAFileThatIsOnlyLookedAtOneRowIsDecoded() throws Exception {
        AtomicInteger decoded = new AtomicInteger();
        try (ArchiveRows<GenericRecord> rows = numbers(ROWS, number -> decoded.incrementAndGet())) {
            assertThat(rows.next()).isNotNull();
            assertThat(decoded).hasValue(1);

            for (int row = 2; row <= ROWS; row++) {
                assertThat(rows.next()).isNotNull();
            }
            assertThat(rows.next()).isNull();
        }
        assertThat(decoded).hasValue(ROWS);
    }

    @Test
    void ofTheShortestRowsNoMoreThanSomeHundredsAreAhead() throws Exception {
        AtomicInteger decoded = new AtomicInteger();
        try (ArchiveRows<GenericRecord> rows = numbers(ROWS, number -> decoded.incrementAndGet())) {
            for (int row = 1; row <= ROWS; row++) {
                assertThat(rows.next()).isNotNull();
                assertThat(decoded.get()).isLessThanOrEqualTo(row + 512);
            }
        }
    }

    @Test
    void afterCloseNothingIsDecoded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger late = new AtomicInteger();
        // So many that the first piece that is read ahead begins in front of it, and the next one behind.
        int held = 127 + 129;
        ArchiveRows<GenericRecord> rows = numbers(ROWS, number -> {
            if (number >= held) {
                late.incrementAndGet();
                begun.countDown();
                awaited(goOn);
            }
        });
        for (int row = 1; row <= 128; row++) {
            assertThat(rows.next()).isNotNull();
        }
        awaited(begun);
        Thread closing = new Thread(rows::close);

        closing.start();
        await().until(() -> closing.getState() == Thread.State.BLOCKED);
        goOn.countDown();
        closing.join();

        assertThat(ForkJoinPool.commonPool().awaitQuiescence(1, TimeUnit.MINUTES))
                .isTrue();
        // Each thread of the pool may have begun a row of its own.
        assertThat(late.get()).isBetween(1, Math.min(2, ForkJoinPool.getCommonPoolParallelism()));
    }

    @Test
    void formatRunsWithTheContextClassLoaderOfWhoeverReads() throws Exception {
        Set<ClassLoader> seen = ConcurrentHashMap.newKeySet();
        Thread here = Thread.currentThread();
        ClassLoader before = here.getContextClassLoader();
        try (URLClassLoader own = new URLClassLoader(new URL[0], before)) {
            here.setContextClassLoader(own);
            try (ArchiveRows<GenericRecord> rows =
                    numbers(ROWS, number -> seen.add(Thread.currentThread().getContextClassLoader()))) {
                for (int row = 1; row <= ROWS; row++) {
                    assertThat(rows.next()).isNotNull();
                }
            }
            assertThat(seen).containsExactly(own);
        } finally {
            here.setContextClassLoader(before);
        }
    }

    /** Rows that say their numbers, in a format of somebody's own. */
    private ArchiveRows<GenericRecord> numbers(int rows, IntConsumer decoding) {
        String text = IntStream.rangeClosed(1, rows).mapToObj(row -> row + "\n").collect(Collectors.joining());
        Path file = Sale.write(directory.resolve("a.txt"), text);
        ValueFormat format = ValueFormat.of(GenericRecord.class, bytes -> {
            decoding.accept(Integer.parseInt(new String(bytes, StandardCharsets.UTF_8)));
            return ValueFormat.Result.rejected("none");
        });
        return ArchiveFormat.lines(format)
                .open(ArchiveFile.of(file), GenericRecord.class, Sale.SCHEMA, RowPosition.BEGINNING);
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static String said(ArchiveRow<GenericRecord> row) {
        String value = row.result() instanceof ValueFormat.Value<GenericRecord> read
                ? read.value().get("saleId").toString()
                : "refused";
        return row.number() + " " + value + " " + new String(row.bytes().get(), StandardCharsets.UTF_8).length();
    }

    private static List<ArchiveRow<GenericRecord>> rows(Path file, RowPosition from) {
        List<ArchiveRow<GenericRecord>> rows = new ArrayList<>();
        read(file, from, rows);
        return rows;
    }

    private static void read(Path file, RowPosition from, List<ArchiveRow<GenericRecord>> into) {
        read(ArchiveFile.of(file), from, into);
    }

    private static void read(ArchiveFile file, RowPosition from, List<ArchiveRow<GenericRecord>> into) {
        try (ArchiveRows<GenericRecord> rows =
                ArchiveFormat.jsonLines(JsonFormat.json()).open(file, GenericRecord.class, Sale.SCHEMA, from)) {
            for (ArchiveRow<GenericRecord> row = rows.next(); row != null; row = rows.next()) {
                into.add(row);
            }
        }
    }
}
