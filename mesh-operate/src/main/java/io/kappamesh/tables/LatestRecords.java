package io.kappamesh.tables;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest record per key of several topics, each up to a cut, on local disk. A deletion is kept too, as long as the topic has it,
 * because of its timestamp. Heap and native memory do not grow with the number of keys. Not thread-safe.
 *
 * <p>Work goes in rounds: {@link #read} every topic up to a cut, {@link #readLater} what may have displaced something since, go
 * through pairs of topics, {@link #settle}; in the next round, after another cut, {@link KeyScope#TOUCHED} is what changed.
 */
public final class LatestRecords implements AutoCloseable {
    /** The header of records that a promotion wrote so that a port says what its new generation says. */
    public static final String CORRECTION_HEADER = "mesh-generation";

    /** How long a reading may pause before it fails. */
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final DiskTables disk;
    private final TopicReader reader;
    private final KeylessRecords keyless;
    private final Map<String, TopicTables> topics = new HashMap<>();
    private boolean settled;

    private LatestRecords(DiskTables disk, TopicReader reader, KeylessRecords keyless) {
        this.disk = disk;
        this.reader = reader;
        this.keyless = keyless;
    }

    /**
     * Nothing is read yet.
     *
     * @param parentDirectory where a directory is made, which is deleted on {@link #close}; needs room for the keys and latest
     *     values of all topics, and for a while about as much again
     * @param consumerConfig how brokers are reached, with Kafka's names; what makes readings correct is set here
     */
    public static LatestRecords open(Path parentDirectory, Map<String, Object> consumerConfig) {
        return open(parentDirectory, consumerConfig, TIMEOUT);
    }

    public static LatestRecords open(Path parentDirectory, Map<String, Object> consumerConfig, Duration timeout) {
        return open(parentDirectory, consumerConfig, timeout, KeylessRecords.REFUSED);
    }

    /**
     * The same, of a topic in which records may have no key.
     *
     * @param keyless is told of those up to the cut; they are in no table
     */
    public static LatestRecords open(Path parentDirectory, Map<String, Object> consumerConfig, KeylessRecords keyless) {
        return open(parentDirectory, consumerConfig, TIMEOUT, keyless);
    }

    private static LatestRecords open(
            Path parentDirectory, Map<String, Object> consumerConfig, Duration timeout, KeylessRecords keyless) {
        DiskTables disk = DiskTables.under(parentDirectory);
        try {
            return new LatestRecords(disk, new TopicReader(consumerConfig, timeout), keyless);
        } catch (RuntimeException refused) {
            disk.close();
            throw refused;
        }
    }

    /**
     * Reads what is committed of a topic, from where the last reading stopped, at first the beginning, up to a cut. May be called
     * again after it failed, and goes on. What {@link #readLater} found is forgotten: it was seen from another cut.
     *
     * @param ends the cut: for every partition the offset after the last one that belongs to it
     * @throws IllegalArgumentException if the ends are not those of all partitions, or before what was read
     * @throws IllegalStateException if a record has no key; or the cut cannot be reached: the topic is gone, it ends before the
     *     cut, or records were deleted before they were read
     */
    public void read(String topic, Map<Integer, Long> ends, ReadProgress progress) {
        reader.checkCut(topic, ends);
        TopicTables tables = topics.computeIfAbsent(topic, first -> new TopicTables(disk, keyless));
        tables.forgetLater();
        reader.read(topic, ends, progress, records -> tables.take(records, settled));
    }

    /**
     * Looks at what was written behind the cut until now, for {@link #isOvertaken}: compaction may have removed the value that a
     * key had at the cut, if and only if there is a later record of that key by the time the topic was read.
     *
     * @throws IllegalStateException as {@link #read}, or if that was never called for the topic
     */
    public void readLater(String topic, ReadProgress progress) {
        TopicTables tables = tables(topic);
        tables.forgetLater();
        reader.readLater(topic, progress, tables::takeLater);
    }

    /** Whether a key was written again behind the cut, so that what is kept of it may not be what it was at the cut. */
    public boolean isOvertaken(String topic, int partition, byte[] key) {
        return tables(topic).hasLater(RecordKey.of(partition, key));
    }

    /**
     * Goes through two topics in the order of partition and key (as unsigned bytes). The visitor may call {@link #mark} and {@link
     * #isOvertaken}, and must not read or settle.
     */
    public void forEachPair(String from, String to, KeyScope scope, PairVisitor visitor) {
        TopicTables one = tables(from);
        TopicTables other = tables(to);
        if (scope == KeyScope.ALL || !settled) {
            try (Cursor left = one.all();
                    Cursor right = other.all()) {
                join(left, right, (key, inLeft, inRight) -> {
                    Latest its = inLeft ? Latest.of(left.value()) : null;
                    Latest others = inRight ? Latest.of(right.value()) : null;
                    if (Latest.hasValue(its) || Latest.hasValue(others)) {
                        visitor.visit(RecordKey.partition(key), RecordKey.key(key), its, others);
                    }
                });
            }
            return;
        }
        try (Cursor left = one.touched();
                Cursor right = other.touched()) {
            join(
                    left,
                    right,
                    (key, inLeft, inRight) -> visitor.visit(
                            RecordKey.partition(key), RecordKey.key(key), one.latest(key), other.latest(key)));
        }
    }

    /** Has a key gone through again in the next round, even if nothing more is read of it. */
    public void mark(String topic, int partition, byte[] key) {
        tables(topic).mark(RecordKey.of(partition, key));
    }

    /** Ends a round: from now on keys are touched by what is read and marked after this, and by the marks of the round that ends. */
    public void settle() {
        topics.values().forEach(TopicTables::settle);
        settled = true;
    }

    /** Deletes everything. */
    @Override
    public void close() {
        try {
            reader.close();
        } finally {
            disk.close();
        }
    }

    private TopicTables tables(String topic) {
        @Nullable TopicTables tables = topics.get(topic);
        if (tables == null) {
            throw new IllegalStateException("topic %s: nothing was read of it; call read(…) first".formatted(topic));
        }
        return tables;
    }

    private interface KeyVisitor {
        void visit(byte[] key, boolean inLeft, boolean inRight);
    }

    private static void join(Cursor left, Cursor right, KeyVisitor visitor) {
        while (true) {
            int order = left.compareTo(right);
            byte[] key = order <= 0 ? left.key() : right.key();
            if (key == null) {
                return;
            }
            visitor.visit(key, order <= 0, order >= 0);
            if (order <= 0) {
                left.next();
            }
            if (order >= 0) {
                right.next();
            }
        }
    }
}
