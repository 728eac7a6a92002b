package io.kappamesh.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.contract.ProductName;
import io.kappamesh.failure.Causes;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.Origin;
import io.kappamesh.generation.ProductLifecycle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the decisions about a product. There is one writer at a time: a new one fences the earlier ones, which cannot write any more. This
 * is Kafka's fencing of transactional ids (KIP-98), so it also works against a process that was only suspended. Not thread-safe.
 */
public final class ControlWriter implements AutoCloseable {
    /** Longer than brokers need to abort the transaction of a fenced producer. */
    private static final Duration TO_READ = Duration.ofSeconds(30);

    private final ProductName product;
    private final Map<String, Object> client;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Queue<String> obsolete;
    private ProductLifecycle current;
    private @Nullable JsonNode written;

    private ControlWriter(
            ProductName product,
            Map<String, Object> client,
            KafkaProducer<byte[], byte[]> producer,
            ControlState state) {
        this.product = product;
        this.client = Map.copyOf(client);
        this.producer = producer;
        this.obsolete = new ArrayDeque<>(state.obsolete());
        this.current = state.unreadable().isPresent()
                ? ProductLifecycle.empty(product)
                : state.lifecycle().orElse(ProductLifecycle.empty(product));
        this.written = state.written().orElse(null);
    }

    /**
     * Creates the writer of a product and fences the earlier one. The open transaction of that one is aborted, and generations that it
     * paused continue, because it can no longer end the pause.
     *
     * @param client brokers and security, as for any Kafka client
     * @throws TakenOverException when another writer took over at the same time
     * @throws UndecidedException when the control topic cannot be read to its end; nothing is written then
     * @throws KafkaException when the brokers do not answer
     */
    public static ControlWriter take(ProductName product, Map<String, Object> client) {
        return take(product, client, TO_READ, false);
    }

    /** The same, but if this version cannot read the latest decision, the writer starts as if there were none. */
    public static ControlWriter takeUnread(ProductName product, Map<String, Object> client) {
        return take(product, client, TO_READ, true);
    }

    /** The transactional id of the writers of a product. A producer that uses it fences all earlier ones. */
    static String transactionalId(ProductName product) {
        return product + ".control";
    }

    static ControlWriter take(ProductName product, Map<String, Object> client, Duration toRead, boolean unread) {
        KafkaProducer<byte[], byte[]> producer = ControlProducer.fencing(product, client);
        try {
            // No other writer has an open transaction now, so all earlier decisions can be read.
            ControlSnapshot before = ControlSnapshot.read(List.of(product), client, toRead);
            ControlState state = before.state(product);
            if (!unread || state.unreadable().isEmpty()) {
                before.lifecycle(product);
            }
            ControlWriter writer = new ControlWriter(product, client, producer, state);
            if (writer.current.cut() != null) {
                writer.decide(now -> now.cut(null));
            }
            return writer;
        } catch (RuntimeException failed) {
            producer.close();
            throw translated(product, failed);
        }
    }

    /** The latest decision. */
    public ProductLifecycle current() {
        return current;
    }

    /**
     * Writes a decision.
     *
     * @param decision computes the next decision from the latest one
     * @throws TakenOverException when another writer has taken over
     */
    public ProductLifecycle decide(UnaryOperator<ProductLifecycle> decision) {
        return decide(decision, ignored -> {});
    }

    /**
     * Writes a decision and records that belong to it, in one transaction.
     *
     * @param decision computes the next decision from the latest one
     * @param with is called with a consumer that sends records in the transaction
     * @throws TakenOverException when another writer has taken over
     */
    public ProductLifecycle decide(
            UnaryOperator<ProductLifecycle> decision, Consumer<Consumer<ProducerRecord<byte[], byte[]>>> with) {
        ProductLifecycle next = decision.apply(current);
        JsonNode record = ControlRecords.written(next, written);
        try {
            producer.beginTransaction();
            obsolete.forEach(key -> send(ControlRecords.forgotten(product, key)));
            with.accept(this::send);
            commitOrigins(next);
            send(ControlRecords.of(product, record));
            producer.commitTransaction();
        } catch (RuntimeException failed) {
            abort();
            throw translated(product, failed);
        }
        obsolete.clear();
        current = next;
        written = record;
        return next;
    }

    /**
     * Commits the start offsets of new generations' groups in the transaction of the decision that begins them. So every process that knows
     * a generation finds its offsets, and a fenced writer cannot reset them later.
     */
    private void commitOrigins(ProductLifecycle next) {
        for (GenerationRecord one : next.generations()) {
            Origin origin = one.history().origin();
            if (origin != null && current.generation(one.number()).isEmpty()) {
                Map<TopicPartition, OffsetAndMetadata> starts = new HashMap<>();
                origin.offsets().forEach((partition, start) -> starts.put(partition, new OffsetAndMetadata(start)));
                String group = new Generation(product, one.number()).applicationId();
                try (KafkaConsumer<byte[], byte[]> outsider =
                        CommittedReaders.consumer(client, Map.of(ConsumerConfig.GROUP_ID_CONFIG, group))) {
                    producer.sendOffsetsToTransaction(starts, outsider.groupMetadata());
                }
            }
        }
    }

    /** Writes records without a decision, such as a copy, in one transaction. */
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

    /** An error of a send also fails the commit. */
    private void send(ProducerRecord<byte[], byte[]> record) {
        Future<?> unused = producer.send(record);
    }

    private void abort() {
        try {
            producer.abortTransaction();
        } catch (RuntimeException alsoFailed) {
            // the brokers abort it at its timeout, or when the next writer takes over
        }
    }

    static RuntimeException translated(ProductName product, RuntimeException failed) {
        boolean takenOver = Causes.chain(failed)
                .anyMatch(at -> at instanceof ProducerFencedException || at instanceof InvalidProducerEpochException);
        return takenOver ? new TakenOverException(product, failed) : failed;
    }

    @Override
    public void close() {
        producer.close();
    }
}
