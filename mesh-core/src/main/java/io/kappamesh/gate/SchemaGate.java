package io.kappamesh.gate;

import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.failure.StartupException;
import io.kappamesh.registry.RegistryRefusedException;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroDecoder;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Decides which records may reach a topology: those whose schema is known, and those whose schema id was missing when the registry was
 * asked for it after they were written. Ids are looked up in batches on a thread of its own, again and again while the registry
 * cannot be reached, so that no stream thread ever waits for the registry. Thread-safe.
 *
 * <p>Garbage that claims ever new ids costs one request each, one at a time. Partitions take turns with each id, so that garbage in one
 * holds up no other.
 */
public final class SchemaGate implements AutoCloseable {
    private static final int LARGEST_BATCH = 500;
    /** So long a partition waits for a whole batch, before it goes on with what is answered of it: each time it does so costs a fetch. */
    private static final Duration TOGETHER = Duration.ofMillis(500);

    /**
     * Which parts of records name a schema.
     *
     * @param values the topics whose values do
     * @param keys the topics whose keys do
     */
    public record Claims(Set<String> values, Set<String> keys) {
        public Claims {
            values = Set.copyOf(values);
            keys = Set.copyOf(keys);
        }

        private OptionalInt ofValue(ConsumerRecord<byte[], byte[]> record) {
            return claimed(values, record.topic(), record.value());
        }

        private OptionalInt ofKey(ConsumerRecord<byte[], byte[]> record) {
            return claimed(keys, record.topic(), record.key());
        }

        private static OptionalInt claimed(Set<String> topics, String topic, byte @Nullable [] bytes) {
            return bytes == null || !topics.contains(topic) ? OptionalInt.empty() : AvroDecoder.schemaId(bytes);
        }
    }

    /** Ids that one partition claims. */
    private static final class Batch {
        private final TopicPartition partition;
        private final Iterator<Integer> ids;
        private final long end;
        private final MissingAnswers known;
        private volatile long began = System.nanoTime();

        Batch(TopicPartition partition, Iterator<Integer> ids, long end, MissingAnswers known) {
            this.partition = partition;
            this.ids = ids;
            this.end = end;
            this.known = known;
        }

        boolean isFresh() {
            return System.nanoTime() - began < TOGETHER.toNanos();
        }

        /** What is answered of it so far has been let go. */
        void goOn() {
            began = System.nanoTime();
        }
    }

    /** A registry that is set up anew may refuse for some seconds; pauses double from a quarter of one. */
    private static final int FEW_REFUSALS = 5;

    private final AtomicInteger refusals = new AtomicInteger();
    private final SchemaRegistry registry;
    private final RetryPolicy retries;
    private final Claims claims;
    private final Consumer<StartupException> gaveUp;
    private final Map<TopicPartition, MissingAnswers> answers = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Batch> underway = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor lookups;

    /**
     * @param product whose gate this is, for the name of the thread
     * @param retries how long the registry is waited for
     * @param claims which topics carry the registry's wire format; others, such as repartition topics, pass
     * @param gaveUp called when the registry was waited for too long
     */
    public SchemaGate(
            String product,
            SchemaRegistry registry,
            RetryPolicy retries,
            Claims claims,
            Consumer<StartupException> gaveUp) {
        this.registry = registry;
        this.retries = retries;
        this.claims = claims;
        this.gaveUp = gaveUp;
        this.lookups = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, product + "-schema-lookup");
            thread.setDaemon(true);
            return thread;
        });
        this.lookups.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // it was closed meanwhile
    }

    /**
     * How many records at the head of a partition's next ones may pass. If not all, the ids of those behind are being looked up, and
     * asking again later tells. Never blocks.
     *
     * @param end the offset behind the last record that the partition is known to have
     */
    int passing(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, long end) {
        for (int i = 0; i < records.size(); i++) {
            if (!passes(partition, records.get(i))) {
                lookUp(partition, unknown(partition, records.subList(i, records.size())), end);
                return i;
            }
        }
        return records.size();
    }

    /** Whether a record that did not pass may do so now. Never blocks. */
    boolean admits(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        Batch batch = underway.get(partition);
        if (batch != null && batch.isFresh()) {
            return false;
        }
        boolean admitted = passing(partition, List.of(record), record.offset() + 1) == 1;
        if (admitted && batch != null) {
            batch.goOn();
        }
        return admitted;
    }

    /** What is waited for, in words; empty = nothing. */
    public Optional<String> waitingFor() {
        return retries.waitingFor();
    }

    private boolean passes(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
        return passes(partition, record, claims.ofValue(record)) && passes(partition, record, claims.ofKey(record));
    }

    private boolean passes(TopicPartition partition, ConsumerRecord<byte[], byte[]> record, OptionalInt claimed) {
        if (claimed.isEmpty() || registry.isSettled(claimed.getAsInt())) {
            return true;
        }
        MissingAnswers known = answers.get(partition);
        boolean missing = known != null && known.covers(claimed.getAsInt(), record.offset());
        if (missing) {
            registry.rememberMissing(claimed.getAsInt());
        }
        return missing;
    }

    private Set<Integer> unknown(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        Set<Integer> ids = new LinkedHashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            for (OptionalInt claimed : List.of(claims.ofValue(record), claims.ofKey(record))) {
                if (!passes(partition, record, claimed)) {
                    ids.add(claimed.orElseThrow());
                }
            }
            if (ids.size() >= LARGEST_BATCH) {
                break;
            }
        }
        return ids;
    }

    private void lookUp(TopicPartition partition, Set<Integer> ids, long end) {
        if (ids.isEmpty()) {
            // The last answer came meanwhile.
            return;
        }
        MissingAnswers known = answers.computeIfAbsent(partition, none -> new MissingAnswers());
        Batch batch = new Batch(partition, ids.iterator(), end, known);
        if (underway.putIfAbsent(partition, batch) == null) {
            lookups.execute(() -> next(batch));
        }
    }

    /** One id; the rest of the batch waits behind the ids of other partitions. */
    private void next(Batch batch) {
        boolean goesOn = false;
        try {
            answer(batch, batch.ids.next());
            goesOn = batch.ids.hasNext() && !lookups.isShutdown();
        } catch (StartupException tooLong) {
            gaveUp.accept(tooLong);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            if (!goesOn) {
                underway.remove(batch.partition);
            }
        }
        if (goesOn) {
            lookups.execute(() -> next(batch));
        }
    }

    private void answer(Batch batch, int id) throws InterruptedException {
        retries.await(
                "the schema registry, to tell schema id " + id,
                () -> registry.ask(id)
                        .fold(
                                found -> known(),
                                missing -> {
                                    batch.known.add(id, batch.end);
                                    return known();
                                },
                                cause -> {
                                    if (cause instanceof RegistryRefusedException refused
                                            && refusals.incrementAndGet() > FEW_REFUSALS) {
                                        throw refused;
                                    }
                                    throw new NoAnswerException(cause);
                                }));
    }

    private boolean known() {
        refusals.set(0);
        return true;
    }

    @Override
    public void close() {
        retries.stop();
        lookups.shutdownNow();
    }

    private static final class NoAnswerException extends RetriableException {
        private static final long serialVersionUID = 1L;

        NoAnswerException(Exception cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }
}
