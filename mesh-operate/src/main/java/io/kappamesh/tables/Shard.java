package io.kappamesh.tables;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.InterruptException;

/** Some of the partitions of all topics, with a consumer and tables of its own. One thread at a time. */
final class Shard implements AutoCloseable {
    /** Keys between two looks whether it should end. */
    private static final int GLANCE_KEYS = 1_024;

    private final DiskTables disk;
    private final TopicReader reader;
    private final KeylessRecords keyless;
    private final Map<String, TopicTables> topics = new HashMap<>();
    private final Map<String, Map<Integer, Long>> begins = new HashMap<>();
    private boolean settled;

    private Shard(DiskTables disk, TopicReader reader, KeylessRecords keyless) {
        this.disk = disk;
        this.reader = reader;
        this.keyless = keyless;
    }

    /** @param memory of its tables, and of those of other shards */
    static Shard open(
            Path parentDirectory,
            TableMemory memory,
            Map<String, Object> consumerConfig,
            Duration timeout,
            KeylessRecords keyless) {
        DiskTables disk = DiskTables.under(parentDirectory, memory);
        try {
            return new Shard(disk, new TopicReader(consumerConfig, timeout), keyless);
        } catch (RuntimeException refused) {
            disk.close();
            throw refused;
        }
    }

    TopicReader reader() {
        return reader;
    }

    void begin(String topic, Map<Integer, Long> offsets, Before before) {
        reader.begin(topic, offsets);
        begins.put(topic, offsets);
        tables(topic).setPartial();
        if (before == Before.NOTHING) {
            tables(topic).setComplete();
        }
    }

    void readBefore(String topic, ReadProgress progress) {
        TopicTables tables = tables(topic);
        reader.readBefore(topic, begins.getOrDefault(topic, Map.of()), progress, tables::takeBefore);
        tables.setComplete();
    }

    long lacking(String topic) {
        return tables(topic).lacking();
    }

    void read(String topic, Map<Integer, Long> ends, ReadProgress progress) {
        TopicTables tables = tables(topic);
        tables.forgetLater();
        reader.read(topic, ends, progress, records -> tables.take(records, settled));
    }

    void readLater(String topic, ReadProgress progress) {
        TopicTables tables = tables(topic);
        tables.forgetLater();
        reader.readLater(topic, progress, tables::takeLater);
    }

    boolean isOvertaken(String topic, int partition, byte[] key) {
        return tables(topic).hasLater(RecordKey.of(partition, key));
    }

    void forEachPair(String from, String to, int partition, KeyScope scope, PairVisitor visitor) {
        TopicTables one = tables(from);
        TopicTables other = tables(to);
        if (scope == KeyScope.ALL || !settled) {
            if (one.isPartial() || other.isPartial()) {
                throw new IllegalStateException(
                        "topics %s and %s were not read from their beginning, so that not all keys are known"
                                .formatted(from, to));
            }
            try (Cursor left = one.all(partition);
                    Cursor right = other.all(partition)) {
                join(left, right, (key, inLeft, inRight) -> visitAll(left, right, inLeft, inRight, visitor));
            }
            return;
        }
        try (Cursor left = one.touched(partition);
                Cursor right = other.touched(partition)) {
            join(left, right, (at, inLeft, inRight) -> {
                byte[] key = at.key();
                Latest its = one.latest(key);
                Latest others = other.latest(key);
                boolean lacking = one.lacks(its);
                lacking |= other.lacks(others);
                if (lacking) {
                    one.mark(key);
                } else {
                    visitor.visit(partition, RecordKey.key(key), its, others);
                }
            });
        }
    }

    private static void visitAll(Cursor left, Cursor right, boolean inLeft, boolean inRight, PairVisitor visitor) {
        if (inLeft && inRight && Latest.areSame(left.value(), right.value())) {
            boolean isDeleted = Latest.isDeletion(left.value());
            if (isDeleted || visitor.equal()) {
                return;
            }
        }
        Latest its = inLeft ? Latest.of(left.value()) : null;
        Latest others = inRight ? Latest.of(right.value()) : null;
        if (Latest.hasValue(its) || Latest.hasValue(others)) {
            byte[] key = inLeft ? left.key() : right.key();
            visitor.visit(RecordKey.partition(key), RecordKey.key(key), its, others);
        }
    }

    void mark(String topic, int partition, byte[] key) {
        tables(topic).mark(RecordKey.of(partition, key));
    }

    void settle() {
        topics.values().forEach(TopicTables::settle);
        settled = true;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } finally {
            disk.close();
        }
    }

    /** Of a topic that was read, if no partition of it is here either. */
    private TopicTables tables(String topic) {
        return topics.computeIfAbsent(topic, first -> new TopicTables(disk, keyless));
    }

    private interface KeyVisitor {
        /** @param at the key; its cursor stands there */
        void visit(Cursor at, boolean inLeft, boolean inRight);
    }

    private static void join(Cursor left, Cursor right, KeyVisitor visitor) {
        int keys = 0;
        while (left.isThere() || right.isThere()) {
            if (++keys % GLANCE_KEYS == 0 && Thread.currentThread().isInterrupted()) {
                throw new InterruptException("stopped amid a comparison");
            }
            int order = left.compareTo(right);
            visitor.visit(order <= 0 ? left : right, order <= 0, order >= 0);
            if (order <= 0) {
                left.next();
            }
            if (order >= 0) {
                right.next();
            }
        }
    }
}
