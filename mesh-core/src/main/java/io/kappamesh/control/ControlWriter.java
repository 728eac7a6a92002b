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
 * The one hand that decides about a product: who takes it last has it, and everybody before can write no more. This is
 * Kafka's fencing of transactional ids (KIP-98), so that it holds for one who was only asleep. Not thread-safe.
 */
public final class ControlWriter implements AutoCloseable {
    /** Longer than brokers need to end a transaction whose producer is fenced. */
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
     * Takes the decisions about a product upon itself. What another one had begun to write is undone, and what it paused goes
     * on: it can neither end that any more nor rely on it.
     *
     * @param client brokers and security, as for any Kafka client
     * @throws TakenOverException when another one took it at the same time
     * @throws UndecidedException when what was written before cannot be read to its end: nothing is decided then
     * @throws KafkaException when the brokers cannot be asked
     */
    public static ControlWriter take(ProductName product, Map<String, Object> client) {
        return take(product, client, TO_READ, false);
    }

    /** The same where what was decided cannot be read by this version: it counts as nothing. */
    public static ControlWriter takeUnread(ProductName product, Map<String, Object> client) {
        return take(product, client, TO_READ, true);
    }

    /** The id under which decisions about a product are written: who uses it fences everybody who did before. */
    static String transactionalId(ProductName product) {
        return product + ".control";
    }

    static ControlWriter take(ProductName product, Map<String, Object> client, Duration toRead, boolean unread) {
        KafkaProducer<byte[], byte[]> producer = ControlProducer.fencing(product, client);
        try {
            // Nobody else writes in transactions now, so that all that was decided before can be read.
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
     * The positions from which the groups of new generations read are committed with the decision that begins them: whoever knows of a
     * generation finds them, and nobody who was overtaken can put them back later.
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
