package io.kappamesh.ingest;

import io.kappamesh.archive.ArchiveRow;
import io.kappamesh.archive.ArchiveRows;
import io.kappamesh.archive.RowPosition;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.row.JudgedRow;
import io.kappamesh.row.RowJudge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.generic.IndexedRecord;

/** Looks at every row of some files, as an ingest would, and writes nothing. For one thread. */
final class Checker<V extends IndexedRecord> {
    /** So many examples of each reason. */
    private static final int EXAMPLES = 5;

    private final IngestOptions<V> options;
    private final RowJudge<V> judge;
    private final IngestMeters meters;
    private final CountDownLatch stop;
    private final SortedMap<String, Long> refused = new TreeMap<>();
    private final List<IngestCheck.Example> examples = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final long keptFrom;
    private long rows;
    private long expired;
    private long live;

    Checker(IngestOptions<V> options, RowJudge<V> judge, IngestMeters meters, CountDownLatch stop) {
        this.options = options;
        this.judge = judge;
        this.meters = meters;
        this.stop = stop;
        this.keptFrom = options.files().takesExpired()
                ? Long.MIN_VALUE
                : options.port()
                        .contract()
                        .levels()
                        .retention()
                        .map(kept -> Instant.now().minus(kept).toEpochMilli())
                        .orElse(Long.MIN_VALUE);
    }

    IngestCheck check(List<ArchiveFile> files) {
        meters.writing(files.stream().mapToLong(ArchiveFile::bytes).sum());
        long read = 0;
        for (ArchiveFile file : files) {
            try {
                check(file, read);
            } catch (LifecycleException broken) {
                problems.add(String.valueOf(broken.getMessage()));
            }
            read += file.bytes();
        }
        return new IngestCheck(rows, expired, live, refused, examples, problems);
    }

    private void check(ArchiveFile file, long readBefore) {
        long newest = -1;
        long unsorted = 0;
        long firstUnsorted = 0;
        try (ArchiveRows<V> all = options.open(file, RowPosition.BEGINNING)) {
            for (ArchiveRow<V> row = all.next(); row != null && stop.getCount() > 0; row = all.next()) {
                JudgedRow judged = judge.judge(row);
                rows++;
                boolean isRefused = judged.refusal() != null;
                boolean isLive = options.handOver() != null
                        && judged.time() >= options.handOver().toEpochMilli();
                if (isRefused) {
                    count(file, judged);
                } else if (options.files().byTime() && judged.time() < newest) {
                    firstUnsorted = unsorted++ == 0 ? judged.number() : firstUnsorted;
                }
                expired += !isRefused && !isLive && judged.time() < keptFrom ? 1 : 0;
                live += !isRefused && isLive ? 1 : 0;
                newest = Math.max(newest, judged.time());
                meters.committed(1, isRefused || isLive ? 0 : 1, isRefused ? 1 : 0, !isRefused && isLive ? 1 : 0);
                meters.read(readBefore + all.bytesRead());
            }
        } finally {
            if (unsorted > 0) {
                problems.add(file.wrong("row " + firstUnsorted
                                + " has an earlier event time than a row before it, and so have " + (unsorted - 1)
                                + " others; sort the file, or declare with inFileOrder() (--in-file-order) that rows are"
                                + " written as they stand")
                        .getMessage());
            }
        }
    }

    private void count(ArchiveFile file, JudgedRow judged) {
        var refusal = judged.refusal();
        if (refusal == null) {
            return;
        }
        long before = refused.merge(refusal.reason(), 1L, Long::sum);
        if (before <= EXAMPLES) {
            examples.add(new IngestCheck.Example(file.path(), judged.number(), refusal.reason(), refusal.detail()));
        }
    }
}
