package io.kappamesh.control;

import io.kappamesh.contract.ProductName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a domain's control topic for as long as it is open, on a thread of its own, and says there what this process has to say.
 * Thread-safe; nothing here blocks. While brokers are away it tries again and again, and what was known stays known.
 */
public final class ControlView implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlView.class);
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);

    /** Is told what is decided about a product, on the thread that follows: to be quick. */
    public interface Listener {
        void changed(ProductLifecycle lifecycle);
    }

    private record Interest(ProductName product, Listener listener) {}

    private record Awaited(CompletableFuture<Void> ticket, long end) {}

    private final String domain;
    private final Map<String, Object> client;
    private final ControlState state = new ControlState();
    private final List<Interest> interests = new CopyOnWriteArrayList<>();
    private final Queue<CompletableFuture<Void>> asked = new ConcurrentLinkedQueue<>();
    private final Queue<ProducerRecord<byte[], byte[]>> toSay = new ConcurrentLinkedQueue<>();
    private final List<Awaited> awaited = new ArrayList<>();
    private final Thread follower;
    /** Of the follower's thread only. */
    private long reached;

    private volatile boolean closed;

    private ControlView(String domain, Map<String, Object> client) {
        this.domain = domain;
        this.client = Map.copyOf(client);
        this.follower = new Thread(this::follow, domain + "-control");
        follower.setDaemon(true);
    }

    /**
     * Begins to follow.
     *
     * @param client brokers and security, as for any Kafka client
     */
    public static ControlView follow(String domain, Map<String, Object> client) {
        ControlView view = new ControlView(domain, client);
        view.follower.start();
        return view;
    }

    /** What was decided about a product, as far as is known; see {@link #refresh()}. */
    public Optional<ProductLifecycle> lifecycle(ProductName product) {
        return state.lifecycle(product);
    }

    /** What the processes of a generation said to a cut, as far as is known. */
    public List<Acknowledgement> acknowledgements(Generation generation, String cut) {
        return state.acknowledgements(generation, cut);
    }

    /** Completes once everything is known that was decided before this call. */
    public CompletableFuture<Void> refresh() {
        CompletableFuture<Void> ticket = new CompletableFuture<>();
        asked.add(ticket);
        return ticket;
    }

    /** Tells of changes from now on. What is known already is told at once, on the calling thread. */
    public void onChange(ProductName product, Listener listener) {
        interests.add(new Interest(product, listener));
        state.lifecycle(product).ifPresent(listener::changed);
    }

    /** Ends the interest of a listener. */
    public void forget(Listener listener) {
        interests.removeIf(interest -> interest.listener() == listener);
    }

    /** Says something, soon; a later word of the same process replaces it. */
    public void acknowledge(Acknowledgement word) {
        toSay.add(ControlRecords.of(word));
    }

    /** Where a generation stood when its last process ended, as far as is known; empty = it runs, or ended in another way. */
    public Optional<Rest> rest(Generation generation) {
        return state.rest(generation);
    }

    /** Says where a generation stands whose last process ends; still said while this is closed. */
    public void rests(Rest rest) {
        toSay.add(ControlRecords.of(rest));
    }

    /** Says that a generation runs. */
    public void runs(Generation generation) {
        toSay.add(ControlRecords.noRest(generation));
    }

    private void follow() {
        TopicPartition partition = ControlTopic.partition(domain);
        while (!closed) {
            try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(client);
                    KafkaProducer<byte[], byte[]> producer = producer()) {
                consumer.assign(List.of(partition));
                // Not from the beginning again after a fault: what was decided long ago would be told as if it held
                // now.
                consumer.seek(partition, reached);
                while (!closed) {
                    look(consumer, partition);
                    speak(producer);
                }
                speak(producer);
            } catch (RuntimeException fault) {
                // Also a record that cannot be read: to go on without it would be to act on half of what is decided.
                if (!closed) {
                    LOG.warn("{}: cannot follow {}; trying again", domain, partition.topic(), fault);
                    pause();
                }
            }
        }
    }

    private void look(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        promise(consumer, partition);
        ConsumerRecords<byte[], byte[]> records = consumer.poll(GLANCE);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            ControlRecords.read(record, state);
            reached = record.offset() + 1;
        }
        if (!records.isEmpty()) {
            tell();
        }
        reached = consumer.position(partition);
        awaited.removeIf(one -> {
            boolean known = reached >= one.end();
            if (known) {
                one.ticket().complete(null);
            }
            return known;
        });
    }

    /** The end is asked for after the question, so that whatever was decided before it lies below. */
    private void promise(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        List<CompletableFuture<Void>> questions = new ArrayList<>();
        for (CompletableFuture<Void> ticket = asked.poll(); ticket != null; ticket = asked.poll()) {
            questions.add(ticket);
        }
        if (questions.isEmpty()) {
            return;
        }
        try {
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            questions.forEach(ticket -> awaited.add(new Awaited(ticket, end)));
        } catch (KafkaException away) {
            asked.addAll(questions);
            throw away;
        }
    }

    private void tell() {
        for (Interest interest : interests) {
            state.lifecycle(interest.product()).ifPresent(interest.listener()::changed);
        }
    }

    private void speak(KafkaProducer<byte[], byte[]> producer) {
        for (ProducerRecord<byte[], byte[]> next = toSay.poll(); next != null; next = toSay.poll()) {
            ProducerRecord<byte[], byte[]> word = next;
            Future<?> unused = producer.send(word, (written, failed) -> {
                if (failed != null) {
                    LOG.warn("{}: could not say something", domain, failed);
                    toSay.add(word);
                }
            });
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> config = new HashMap<>(client);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, ControlTopic.of(domain));
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void pause() {
        try {
            Thread.sleep(AFTER_A_FAULT.toMillis());
        } catch (InterruptedException stop) {
            closed = true;
        }
    }

    /** Stops following. Idempotent; what was refreshed in vain never completes. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;

        if (Thread.currentThread() != follower) {
            try {
                follower.join(Duration.ofSeconds(5).toMillis());
            } catch (InterruptedException stop) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
