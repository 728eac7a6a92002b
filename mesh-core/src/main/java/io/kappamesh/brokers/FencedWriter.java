package io.kappamesh.brokers;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records and the positions of where they come from, in transactions. It has fenced whoever wrote under its transactional id before. After a
 * fault that passes, the same writer aborts and goes on; it is never made anew, because another one would fence whoever began meanwhile. One thread.
 */
public final class FencedWriter implements AutoCloseable {
    /** Longer than any batch is collected, and short enough that a killed writer does not hold up readers for long. */
    private static final int TRANSACTION_MILLIS = 60_000;

    private static final Duration TO_CLOSE = Duration.ofSeconds(15);
    private static final int BATCH_BYTES = 256 * 1024;
    private static final long BUFFER_BYTES = 64L << 20;
    private static final long LEAST_BUFFER_BYTES = 4L << 20;

    private final WriterFaults faults;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failedSend = new AtomicReference<>();
    private final Callback sent = (metadata, failed) -> {
        if (failed != null) {
            failedSend.compareAndSet(null, failed);
        }
    };
    private boolean open;

    private FencedWriter(WriterFaults faults, KafkaProducer<byte[], byte[]> producer) {
        this.faults = faults;
        this.producer = producer;
    }

    /**
     * Ends all earlier writers of an id, and their transactions.
     *
     * @param client brokers and security, as for any Kafka client
     * @param id transactional
     * @param largestRecord in bytes; topics limit the size of a record, this is for its memory
     */
    public static FencedWriter open(WriterFaults faults, Map<String, Object> client, String id, long largestRecord) {
        return open(faults, client, id, largestRecord, 1);
    }

    /**
     * The same for one of several writers, which share the memory of one.
     *
     * @param writers how many there are
     */
    public static FencedWriter open(
            WriterFaults faults, Map<String, Object> client, String id, long largestRecord, int writers) {
        Map<String, Object> config = new LinkedHashMap<>(client);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.MAX_VALUE);
        config.put(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                Math.max(Math.max(BUFFER_BYTES / writers, LEAST_BUFFER_BYTES), 2 * largestRecord));
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            return new FencedWriter(faults, producer);
        } catch (RuntimeException failed) {
            producer.close(Duration.ZERO);
            throw failed;
        }
    }

    /** Whether a transaction is open. */
    public boolean isOpen() {
        return open;
    }

    /** Begins a transaction. */
    public void begin() {
        producer.beginTransaction();
        failedSend.set(null);
        open = true;
    }

    /** Sends a record of the open transaction. Whether it arrived is known when that is committed. */
    public void send(ProducerRecord<byte[], byte[]> record) {
        var unused = producer.send(record, sent);
    }

    /**
     * Commits. A commit that gets no answer may have happened: it is asked again until the answer is there.
     *
     * @param goesOn whether to ask once more, after so long
     * @throws KafkaException when it did not happen
     */
    public void commit(Predicate<Duration> goesOn) {
        long began = System.nanoTime();
        while (true) {
            try {
                producer.commitTransaction();
                open = false;
                return;
            } catch (TimeoutException unanswered) {
                Duration waited = Duration.ofNanos(System.nanoTime() - began);
                if (!goesOn.test(waited)) {
                    throw faults.unanswered(waited, unanswered);
                }
            }
        }
    }

    /** What is behind a fault: the first record that was not sent, or else the fault itself. */
    public KafkaException behind(KafkaException failed) {
        @Nullable Exception send = failedSend.get();
        return send instanceof KafkaException first && !WriterFaults.isFenced(failed) ? first : failed;
    }

    /**
     * Takes back what is not committed, to begin again.
     *
     * @param because what it failed by
     * @param goesOn whether to ask once more, when brokers do not answer
     */
    public void abort(KafkaException because, Predicate<Duration> goesOn) {
        long began = System.nanoTime();
        while (open) {
            try {
                producer.abortTransaction();
                open = false;
            } catch (TimeoutException unanswered) {
                if (!goesOn.test(Duration.ofNanos(System.nanoTime() - began))) {
                    throw faults.ending(because);
                }
            } catch (KafkaException fatal) {
                throw faults.ending(fatal);
            }
        }
    }

    /**
     * The same as far as possible, because it ends; else brokers do it when the transaction's time is over, or at the next start.
     *
     * @return whether brokers have answered
     */
    public boolean abandon() {
        if (open) {
            try {
                producer.abortTransaction();
            } catch (TimeoutException unanswered) {
                open = false;
                return false;
            } catch (KafkaException | IllegalStateException gone) {
                // The next writer of the id aborts it; a commit without an answer cannot be taken back here at all.
            }
            open = false;
        }
        return true;
    }

    /** Closes several writers within the time of one. */
    public static void closeAll(Collection<FencedWriter> writers) {
        long began = System.nanoTime();
        writers.forEach(one -> {
            Duration left = TO_CLOSE.minusNanos(System.nanoTime() - began);
            one.producer.close(left.isNegative() ? Duration.ZERO : left);
        });
    }

    /** Without a limit it would wait for brokers that are gone, to take back a transaction that they take back themselves. */
    @Override
    public void close() {
        producer.close(TO_CLOSE);
    }
}
