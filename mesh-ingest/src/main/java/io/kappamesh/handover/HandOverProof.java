package io.kappamesh.handover;

import io.kappamesh.Internal;
import io.kappamesh.handover.HandOverReport.Part;
import io.kappamesh.handover.HandOverReport.Verdict;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows of an archive, and then the records of a topic, by day and key range, and compares which they are by digests of key and event time. Of rows from the
 * hand-over on it holds one number each; of all others, some numbers for each day and key range. For one thread.
 */
@Internal
public final class HandOverProof {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int HALF = 32;

    /**
     * A day and key range.
     *
     * @param isLive whether from the hand-over on
     */
    private record Cell(boolean isLive, LocalDate day, int range) implements Comparable<Cell> {
        private static final Comparator<Cell> ORDER =
                Comparator.comparing(Cell::isLive).thenComparing(Cell::day).thenComparing(Cell::range);

        @Override
        public int compareTo(Cell other) {
            return ORDER.compare(this, other);
        }
    }

    /** What is in a cell. */
    private static final class Count {
        private long rows;
        private long records;
        /** Of all rows less those of all records: zero if they are the same. */
        private long digests;
        /** Rows from the hand-over on, by digest, less the records that are the same; zero stays, and says that the archive has them. */
        private final Map<Long, Integer> left = new HashMap<>();
        /** Records from the hand-over on that the archive has too, and has less often. */
        private long doubled;

        Part part(Cell cell, Set<Integer> shortened) {
            long missing =
                    cell.isLive() ? left.values().stream().mapToLong(one -> one).sum() : Math.max(0, rows - records);
            return new Part(
                    cell.day(),
                    cell.range(),
                    cell.isLive(),
                    rows,
                    records,
                    missing,
                    verdict(cell, missing, shortened.contains(cell.range())));
        }

        private Verdict verdict(Cell cell, long missing, boolean isShortened) {
            if (missing > 0) {
                return isShortened ? Verdict.DELETED : Verdict.GAP;
            }
            if (cell.isLive() ? doubled > 0 : records > rows) {
                return Verdict.OVERLAP;
            }
            return cell.isLive() || digests == 0 ? Verdict.EQUAL : Verdict.DIFFERENT;
        }

        void recordFromTheHandOverOn(long digest) {
            @Nullable Integer number = left.get(digest);
            if (number == null) {
                return;
            }
            if (number == 0) {
                doubled++;
            } else {
                left.put(digest, number - 1);
            }
        }
    }

    private final String port;
    private final Instant handOver;
    private final int ranges;
    private final SortedMap<Cell, Count> counts = new TreeMap<>();
    private long newestRow = Long.MIN_VALUE;
    private long refused;
    private long unreadable;
    private long keyless;

    /** @param ranges how many partitions the topic has */
    public HandOverProof(String port, Instant handOver, int ranges) {
        this.port = port;
        this.handOver = handOver;
        this.ranges = ranges;
    }

    /** A row of the archive. All rows come before the first record. */
    public void row(byte[] key, long time) {
        newestRow = Math.max(newestRow, time);
        Cell cell = cell(key, time);
        Count count = count(cell);
        long digest = digest(key, time);
        count.rows++;
        count.digests += digest;
        if (cell.isLive()) {
            count.left.merge(digest, 1, Integer::sum);
        }
    }

    /** A row that the port's intake refuses. */
    public void refused() {
        refused++;
    }

    /** A record of the topic. */
    public void record(byte[] key, long time) {
        Cell cell = cell(key, time);
        if (cell.isLive() && time > newestRow) {
            return;
        }
        Count count = count(cell);
        long digest = digest(key, time);
        count.records++;
        count.digests -= digest;
        if (cell.isLive()) {
            count.recordFromTheHandOverOn(digest);
        }
    }

    /** A record whose value or event time cannot be read. */
    public void unreadable() {
        unreadable++;
    }

    /** A record without a key. */
    public void keyless() {
        keyless++;
    }

    /**
     * What is found.
     *
     * @param shortened the partitions whose first records the brokers have deleted
     */
    public HandOverReport report(Set<Integer> shortened) {
        List<Part> parts = new ArrayList<>();
        counts.forEach((cell, count) -> parts.add(count.part(cell, shortened)));
        return new HandOverReport(port, handOver, parts, refused, unreadable, keyless);
    }

    private Count count(Cell cell) {
        return counts.computeIfAbsent(cell, missing -> new Count());
    }

    private Cell cell(byte[] key, long time) {
        return new Cell(
                time >= handOver.toEpochMilli(),
                Instant.ofEpochMilli(time).atOffset(ZoneOffset.UTC).toLocalDate(),
                Utils.toPositive(Utils.murmur2(key)) % ranges);
    }

    /** 64 bits, so that others are the same once in as many as there are. */
    private static long digest(byte[] key, long time) {
        long digest = (FNV_OFFSET ^ time) * FNV_PRIME;
        for (byte one : key) {
            digest = (digest ^ one) * FNV_PRIME;
        }
        digest = (digest ^ (digest >>> HALF)) * FNV_OFFSET;
        return digest ^ (digest >>> HALF);
    }
}
