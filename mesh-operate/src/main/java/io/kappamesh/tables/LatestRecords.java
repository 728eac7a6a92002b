package io.kappamesh.tables;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The latest record per key of several topics, each up to a cut, on local disk. A deletion is kept too, as long as the topic has it,
 * because of its timestamp. Heap and native memory do not grow with the number of keys. One thread at a time; several work for it, each on
 * some of the partitions.
 *
 * <p>Work goes in rounds: {@link #read} every topic up to a cut, {@link #readLater} what may have displaced something since, go
 * through pairs of topics, {@link #settle}; in the next round, after another cut, {@link KeyScope#TOUCHED} is what changed.
 */
public final class LatestRecords implements AutoCloseable {
    /** The header of records that a promotion wrote so that a port says what its new generation says. */
    public static final String CORRECTION_HEADER = "mesh-generation";

    /** How long a reading may pause before it fails. */
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Of native memory, for all tables together; what is read ahead comes on top of it. */
    private static final long MEMORY_BYTES = 128L << 20;

    /** More would read no faster than brokers answer. */
    private static final int MOST_SHARDS = 4;

    private final TableMemory memory;
    private final List<Shard> shards = new ArrayList<>();
    private final Map<String, Integer> partitions = new HashMap<>();

    private LatestRecords(TableMemory memory) {
        this.memory = memory;
    }

    /**
     * Nothing is read yet.
     *
     * @param parentDirectory where directories are made, which are deleted on {@link #close}; needs room for the keys and latest
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
     * @param keyless is told of those up to the cut, on one thread at a time; they are in no table
     */
    public static LatestRecords open(Path parentDirectory, Map<String, Object> consumerConfig, KeylessRecords keyless) {
        return open(parentDirectory, consumerConfig, TIMEOUT, keyless);
    }

    private static LatestRecords open(
            Path parentDirectory, Map<String, Object> consumerConfig, Duration timeout, KeylessRecords keyless) {
        int count = Math.min(MOST_SHARDS, Runtime.getRuntime().availableProcessors());
        return open(parentDirectory, consumerConfig, timeout, keyless, count);
    }

    /** With so many shards. */
    static LatestRecords open(
            Path parentDirectory,
            Map<String, Object> consumerConfig,
            Duration timeout,
            KeylessRecords keyless,
            int count) {
        Object turn = new Object();
        KeylessRecords inTurn = (topic, partition, offset) -> {
            synchronized (turn) {
                keyless.met(topic, partition, offset);
            }
        };
        LatestRecords records = new LatestRecords(new TableMemory(MEMORY_BYTES, count));
        try {
            while (records.shards.size() < count) {
                records.shards.add(Shard.open(parentDirectory, records.memory, consumerConfig, timeout, inTurn));
            }
            return records;
        } catch (RuntimeException | Error refused) {
            try {
                records.close();
            } catch (RuntimeException alsoFailed) {
                refused.addSuppressed(alsoFailed);
            }
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
     * @throws org.apache.kafka.common.errors.InterruptException when this thread is interrupted
     */
    public void read(String topic, Map<Integer, Long> ends, ReadProgress progress) {
        int count = shards.get(0).reader().partitions(topic);
        Set<Integer> expected = IntStream.range(0, count).boxed().collect(Collectors.toSet());
        if (!ends.keySet().equals(expected)) {
            throw new IllegalArgumentException("topic %s: a cut needs the ends of partitions %s but has those of %s"
                    .formatted(topic, new TreeSet<>(expected), new TreeSet<>(ends.keySet())));
        }
        shards.forEach(shard -> shard.reader().requireAhead(topic, ends));
        partitions.put(topic, count);
        onShards(
                count,
                (shard, its) -> {
                    shard.read(topic, endsOf(ends, shards.indexOf(shard)), its);
                    return null;
                },
                progress);
    }

    /**
     * Has the reading of a topic begin at these offsets, and not at its beginning. To be called before the first {@link #read} of it, and after {@link
     * #settle}: only what is touched is gone through then. A pair of which one is not known in full, because nothing of its key was
     * read of a topic that has something before, is left out, and comes again in the next round; {@link #lacking} names that topic.
     *
     * @param offsets for every partition the first one to be read
     */
    public void begin(String topic, Map<Integer, Long> offsets, Before before) {
        partitions.put(topic, offsets.size());
        for (int i = 0; i < shards.size(); i++) {
            shards.get(i).begin(topic, endsOf(offsets, i), before);
        }
    }

    /** Up to where a topic is read: for every partition the offset behind it. */
    public Map<Integer, Long> reached(String topic) {
        requireRead(topic);
        Map<Integer, Long> all = new HashMap<>();
        shards.forEach(shard -> all.putAll(shard.reader().reached(topic)));
        return all;
    }

    /** Topics of which something that was needed in this round stands before what is read, and how often it was. */
    public Map<String, Long> lacking() {
        Map<String, Long> lacking = new HashMap<>();
        partitions.keySet().forEach(topic -> {
            long times =
                    shards.stream().mapToLong(shard -> shard.lacking(topic)).sum();
            if (times > 0) {
                lacking.put(topic, times);
            }
        });
        return lacking;
    }

    /**
     * Reads what stands in a topic before the offsets at which its reading began. Nothing of it is touched by that.
     *
     * @throws IllegalStateException as {@link #read}
     */
    public void readBefore(String topic, ReadProgress progress) {
        onShards(
                partitions(topic),
                (shard, its) -> {
                    shard.readBefore(topic, its);
                    return null;
                },
                progress);
    }

    /**
     * Looks at what was written behind the cut until now, for {@link #isOvertaken}: compaction may have removed the value that a
     * key had at the cut, if and only if there is a later record of that key by the time the topic was read.
     *
     * @throws IllegalStateException as {@link #read}, or if that was never called for the topic
     */
    public void readLater(String topic, ReadProgress progress) {
        onShards(
                partitions(topic),
                (shard, its) -> {
                    shard.readLater(topic, its);
                    return null;
                },
                progress);
    }

    /** Whether a key was written again behind the cut, so that what is kept of it may not be what it was at the cut. */
    public boolean isOvertaken(String topic, int partition, byte[] key) {
        requireRead(topic);
        return shard(partition).isOvertaken(topic, partition, key);
    }

    /**
     * Goes through two topics in the order of partition and key (as unsigned bytes). The visitor may call {@link #mark} and {@link
     * #isOvertaken} of any key, and must not read or settle.
     */
    public void forEachPair(String from, String to, KeyScope scope, PairVisitor visitor) {
        for (int partition = 0; partition < Math.max(partitions(from), partitions(to)); partition++) {
            shard(partition).forEachPair(from, to, partition, scope, visitor);
        }
    }

    /**
     * The same with several partitions at once, each with a visitor of its own and in the order of its keys. A visitor may call {@link #mark} and {@link
     * #isOvertaken} of keys of its own partition only; what visitors share has to be thread-safe.
     *
     * @param visitors one for a partition, made on any thread
     * @return the visitors in the order of their partitions
     */
    public <V extends PairVisitor> List<V> forEachPairAtOnce(
            String from, String to, KeyScope scope, IntFunction<V> visitors) {
        int count = Math.max(partitions(from), partitions(to));
        List<Map<Integer, V>> all = onShards(
                count,
                (shard, unused) -> {
                    Map<Integer, V> its = new HashMap<>();
                    for (int partition = shards.indexOf(shard); partition < count; partition += shards.size()) {
                        V visitor = visitors.apply(partition);
                        shard.forEachPair(from, to, partition, scope, visitor);
                        its.put(partition, visitor);
                    }
                    return its;
                },
                ReadProgress.NONE);
        Map<Integer, V> byPartition = new HashMap<>();
        all.forEach(byPartition::putAll);
        return IntStream.range(0, count).mapToObj(byPartition::get).toList();
    }

    /** Has a key gone through again in the next round, even if nothing more is read of it. */
    public void mark(String topic, int partition, byte[] key) {
        requireRead(topic);
        shard(partition).mark(topic, partition, key);
    }

    /** Ends a round: from now on keys are touched by what is read and marked after this, and by the marks of the round that ends. */
    public void settle() {
        shards.forEach(Shard::settle);
    }

    /** Deletes everything. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (Shard shard : shards) {
            try {
                shard.close();
            } catch (RuntimeException failed) {
                if (failure == null) {
                    failure = failed;
                } else {
                    failure.addSuppressed(failed);
                }
            }
        }
        memory.close();
        if (failure != null) {
            throw failure;
        }
    }

    private Shard shard(int partition) {
        return shards.get(Math.floorMod(partition, shards.size()));
    }

    private Map<Integer, Long> endsOf(Map<Integer, Long> ends, int shard) {
        return ends.entrySet().stream()
                .filter(end -> end.getKey() % shards.size() == shard)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private void requireRead(String topic) {
        var unused = partitions(topic);
    }

    private int partitions(String topic) {
        Integer count = partitions.get(topic);
        if (count == null) {
            throw new IllegalStateException("topic %s: nothing was read of it; call read(…) first".formatted(topic));
        }
        return count;
    }

    /** Has each shard that has one of so many partitions do something, all at once. */
    private <T> List<T> onShards(int count, BiFunction<Shard, ReadProgress, T> work, ReadProgress progress) {
        int some = Math.min(count, shards.size());
        AtomicLongArray done = new AtomicLongArray(some);
        AtomicLongArray targets = new AtomicLongArray(some);
        Set<Integer> began = ConcurrentHashMap.newKeySet();
        List<Callable<T>> tasks = new ArrayList<>();
        for (int i = 0; i < some; i++) {
            int number = i;
            tasks.add(() -> work.apply(shards.get(number), (itsDone, itsTarget) -> {
                targets.set(number, itsTarget);
                done.set(number, itsDone);
                began.add(number);
            }));
        }
        return AtOnce.run(tasks, () -> {
            if (began.size() == some) {
                progress.at(sum(done), sum(targets));
            }
        });
    }

    private static long sum(AtomicLongArray numbers) {
        return IntStream.range(0, numbers.length()).mapToLong(numbers::get).sum();
    }
}
