package io.kappamesh.control;

import io.kappamesh.contract.ProductName;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The one hand that decides about a product: who takes it last has it, and everybody before can write no more. This is
 * Kafka's fencing of transactional ids (KIP-98), so that it holds for one who was only asleep. Not thread-safe.
 */
public final class ControlWriter implements AutoCloseable {
    private static final int TRANSACTION_MILLIS = 10 * 60 * 1000;

    /** Longer than brokers need to end a transaction whose producer is fenced. */
    private static final Duration TO_READ = Duration.ofSeconds(30);

    private final ProductName product;
    private final Map<String, Object> client;
    private final KafkaProducer<byte[], byte[]> producer;
    private ProductLifecycle current;

    private ControlWriter(
            ProductName product,
            Map<String, Object> client,
            KafkaProducer<byte[], byte[]> producer,
            ProductLifecycle current) {
        this.product = product;
        this.client = Map.copyOf(client);
        this.producer = producer;
        this.current = current;
    }

    /**
     * Takes the decisions about a product upon itself. What another one had begun to write is undone, and what it made stand still goes
     * on: it can neither end that any more nor rely on it.
     *
     * @param client brokers and security, as for any Kafka client
     * @throws TakenOverException when another one took it at the same time
     * @throws UndecidedException when what was written before cannot be read to its end: nothing is decided then
     * @throws KafkaException when the brokers cannot be asked
     */
    public static ControlWriter take(ProductName product, Map<String, Object> client) {
        return take(product, client, TO_READ);
    }

    /** The id under which decisions about a product are written: who uses it fences everybody who did before. */
    static String transactionalId(ProductName product) {
        return product + ".control";
    }

    static ControlWriter take(ProductName product, Map<String, Object> client, Duration toRead) {
        Map<String, Object> config = new HashMap<>(client);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId(product));
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
            // Nobody else writes in transactions now, so that all that was decided before can be read.
            ProductLifecycle known = ControlSnapshot.read(List.of(product), client, toRead)
                    .lifecycle(product)
                    .orElse(ProductLifecycle.empty(product));
            ControlWriter writer = new ControlWriter(product, client, producer, known);
            if (known.cut() != null) {
                writer.decide(now -> now.cut(null));
            }
            return writer;
        } catch (RuntimeException failed) {
            producer.close();
            throw translated(product, failed);
        }
    }

    /** What is decided now. */
    public ProductLifecycle current() {
        return current;
    }

    /**
     * Decides something.
     *
     * @throws TakenOverException when somebody else has taken over
     */
    public ProductLifecycle decide(UnaryOperator<ProductLifecycle> decision) {
        return decide(decision, ignored -> {});
    }

    /**
     * Decides something and writes records that belong to it: all of it becomes visible at once, or nothing.
     *
     * @param with is given a place to send records to
     * @throws TakenOverException when somebody else has taken over
     */
    public ProductLifecycle decide(
            UnaryOperator<ProductLifecycle> decision, Consumer<Consumer<ProducerRecord<byte[], byte[]>>> with) {
        ProductLifecycle next = decision.apply(current);
        try {
            producer.beginTransaction();
            with.accept(this::send);
            commitOrigins(next);
            send(ControlRecords.of(next));
            producer.commitTransaction();
        } catch (RuntimeException failed) {
            abort();
            throw translated(product, failed);
        }
        current = next;
        return next;
    }

    /**
     * The positions from which the groups of new generations read are committed with the decision that begins them: whoever knows of a
     * generation finds them, and nobody who was overtaken can put them back later.
     */
    private void commitOrigins(ProductLifecycle next) {
        for (GenerationRecord one : next.generations()) {
            Origin origin = one.origin();
            if (origin != null && current.generation(one.number()).isEmpty()) {
                Map<TopicPartition, OffsetAndMetadata> starts = new HashMap<>();
                origin.offsets().forEach((partition, start) -> starts.put(partition, new OffsetAndMetadata(start)));
                String group = new Generation(product, one.number()).applicationId();
                try (KafkaConsumer<byte[], byte[]> outsider =
                        Clients.consumer(client, Map.of(ConsumerConfig.GROUP_ID_CONFIG, group))) {
                    producer.sendOffsetsToTransaction(starts, outsider.groupMetadata());
                }
            }
        }
    }

    /** Writes records that decide nothing, such as a copy; they become visible at once, or none. */
    public void write(Consumer<Consumer<ProducerRecord<byte[], byte[]>>> records) {
        try {
            producer.beginTransaction();
            records.accept(this::send);
            producer.commitTransaction();
        } catch (RuntimeException failed) {
            abort();
            throw translated(product, failed);
        }
    }

    /** What fails here fails the commit. */
    private void send(ProducerRecord<byte[], byte[]> record) {
        Future<?> unused = producer.send(record);
    }

    private void abort() {
        try {
            producer.abortTransaction();
        } catch (RuntimeException alsoFailed) {
            // it ends when its time is over, or when the next one takes over
        }
    }

    private static RuntimeException translated(ProductName product, RuntimeException failed) {
        for (Throwable at = failed; at != null; at = at.getCause()) {
            if (at instanceof ProducerFencedException || at instanceof InvalidProducerEpochException) {
                return new TakenOverException(product, failed);
            }
        }
        return failed;
    }

    @Override
    public void close() {
        producer.close();
    }
}
