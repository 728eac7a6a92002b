package io.kappamesh.control;

import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Acknowledgement;
import io.kappamesh.generation.CaughtUp;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.OffsetCheckpoint;
import io.kappamesh.generation.ProductLifecycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the control topics of products for as long as it is open, on a thread of its own, and says there what this process has to
 * say. Thread-safe; nothing here blocks, and no product waits for another. While brokers are away it tries again and again, and what
 * was known stays known.
 */
public final class ControlView implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlView.class);
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);
    private static final Duration HELD_UP = Duration.ofSeconds(30);

    /** A topic that is gone holds up what is said elsewhere for no longer. */
    private static final int TO_FIND_A_TOPIC_MILLIS = 2_000;

    /** Is told what is decided about a product, on the thread that follows: to be quick. */
    public interface Listener {
        void changed(ProductLifecycle lifecycle);
    }

    private final Admin admin;
    private final Map<String, Object> client;
    private final Duration heldUp;
    private final Map<ProductName, FollowedTopic> products = new ConcurrentHashMap<>();
    private final Queue<ProducerRecord<byte[], byte[]>> toSay = new ConcurrentLinkedQueue<>();
    private final Thread follower;

    private volatile boolean closed;
    private volatile @Nullable AuthorizationException refused;

    private ControlView(Admin admin, Map<String, Object> client, Duration heldUp) {
        this.admin = admin;
        this.client = Map.copyOf(client);
        this.heldUp = heldUp;
        this.follower = new Thread(this::follow, "mesh-control");
        follower.setDaemon(true);
    }

    /**
     * Begins to follow, at first no product.
     *
     * @param admin for questions to the brokers; it is not closed here, and has to be open for longer
     * @param client brokers and security, as for any Kafka client
     */
    public static ControlView open(Admin admin, Map<String, Object> client) {
        return open(admin, client, HELD_UP);
    }

    /** @param heldUp for how long an open transaction may hide what is written from who waits for it */
    static ControlView open(Admin admin, Map<String, Object> client, Duration heldUp) {
        ControlView view = new ControlView(admin, client, heldUp);
        view.follower.start();
        return view;
    }

    /** From now on follows a product too, whose control topic exists. */
    public void follow(ProductName product) {
        followed(product);
    }

    /** What was decided about a product, as far as is known; see {@link #refresh}. */
    public Optional<ProductLifecycle> lifecycle(ProductName product) {
        return followed(product).state().lifecycle();
    }

    /** Why what was decided last about a product cannot be read by this version; empty = it can. Nothing is known anew then. */
    public Optional<UndecidedException> unreadable(ProductName product) {
        return followed(product).state().unreadable().map(why -> UndecidedException.unreadable(product, why));
    }

    /** Why brokers do not let this process read what is decided about a product; empty = they do, or have not been asked. */
    public Optional<AuthorizationException> refused(ProductName product) {
        AuthorizationException refusal = refused;
        return Optional.ofNullable(refusal)
                .filter(one -> !(one instanceof TopicAuthorizationException topics)
                        || topics.unauthorizedTopics().contains(ControlTopic.of(product)));
    }

    /** What the processes of a generation said to a cut, as far as is known. */
    public List<Acknowledgement> acknowledgements(Generation generation, String cut) {
        return followed(generation.product()).state().acknowledgements(generation, cut);
    }

    /**
     * Completes once everything is known that was written about a product before this call, also what was decided a moment ago and
     * cannot be seen yet. A command that died between its decision and the commit holds it up for half a minute; then it is fenced.
     * Does not complete while the latest decision is {@linkplain #unreadable unreadable}: who went on would act on an older one.
     */
    public CompletableFuture<Void> refresh(ProductName product) {
        return followed(product).refresh();
    }

    /** Tells of changes from now on. What is known already is told at once, on the calling thread. */
    public void onChange(ProductName product, Listener listener) {
        followed(product).add(listener);
    }

    /** Ends the interest of a listener. */
    public void forget(Listener listener) {
        products.values().forEach(product -> product.remove(listener));
    }

    /** Says something, soon; a later word of the same process replaces it. */
    public void acknowledge(Acknowledgement word) {
        toSay.add(ControlRecords.of(word));
    }

    /** Where a generation stood when its last process ended, as far as is known; empty = it runs, or ended in another way. */
    public Optional<OffsetCheckpoint> rest(Generation generation) {
        return followed(generation.product()).state().rest(generation);
    }

    /** When a generation had last read its tables to the end, as far as is known; empty = nobody said so. */
    public Optional<CaughtUp> caughtUp(Generation generation) {
        return followed(generation.product()).state().caughtUp(generation);
    }

    /** Says when a generation had last read its tables to the end; still said while this is closed. */
    public void says(CaughtUp known) {
        toSay.add(ControlRecords.of(known));
    }

    /** Says where a generation stands whose last process ends; still said while this is closed. */
    public void rests(OffsetCheckpoint checkpoint) {
        toSay.add(ControlRecords.of(checkpoint));
    }

    /** Says that a generation runs. */
    public void runs(Generation generation) {
        toSay.add(ControlRecords.noRest(generation));
        if (followed(generation.product()).state().failure(generation).isPresent()) {
            toSay.add(ControlRecords.noFailure(generation));
        }
    }

    /** Says why a process ends a generation; still said while this is closed. */
    public void fails(Failure failure) {
        toSay.add(ControlRecords.of(failure));
    }

    private FollowedTopic followed(ProductName product) {
        return products.computeIfAbsent(product, name -> new FollowedTopic(name, admin, heldUp));
    }

    private void follow() {
        while (!closed) {
            try (KafkaConsumer<byte[], byte[]> consumer = CommittedReaders.consumer(client);
                    KafkaProducer<byte[], byte[]> producer = producer()) {
                while (!closed) {
                    look(consumer);
                    speak(producer);
                }
                speak(producer);
            } catch (RuntimeException fault) {
                refused = fault instanceof AuthorizationException refusal ? refusal : null;
                if (!closed) {
                    LOG.warn("Cannot follow what is decided about {}; trying again", products.keySet(), fault);
                    pause(AFTER_A_FAULT);
                }
            }
        }
    }

    private void look(KafkaConsumer<byte[], byte[]> consumer) {
        List<FollowedTopic> all = List.copyOf(products.values());
        if (all.isEmpty()) {
            pause(GLANCE);
            return;
        }
        assign(consumer, all);
        all.forEach(FollowedTopic::promise);
        ConsumerRecords<byte[], byte[]> records = consumer.poll(GLANCE);
        for (FollowedTopic one : all) {
            refused = null;
            one.read(records.records(one.partition()));
            position(consumer, one.partition()).ifPresent(one::reached);
            one.free();
        }
    }

    /** Not from the beginning again after a fault: what was decided long ago would be told as if it held now. */
    private static void assign(KafkaConsumer<byte[], byte[]> consumer, List<FollowedTopic> all) {
        if (consumer.assignment().size() == all.size()) {
            return;
        }
        consumer.assign(all.stream().map(FollowedTopic::partition).collect(Collectors.toSet()));
        all.forEach(one -> consumer.seek(one.partition(), one.reached()));
    }

    /** Empty while it is not known, which no other product waits for. */
    private static Optional<Long> position(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        try {
            return Optional.of(consumer.position(partition, Duration.ZERO));
        } catch (TimeoutException notYet) {
            return Optional.empty();
        }
    }

    private void speak(KafkaProducer<byte[], byte[]> producer) {
        List<ProducerRecord<byte[], byte[]>> words = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> next = toSay.poll(); next != null; next = toSay.poll()) {
            words.add(next);
        }
        int sent = 0;
        try {
            for (ProducerRecord<byte[], byte[]> word : words) {
                Future<?> unused = producer.send(word, (written, failed) -> {
                    if (failed != null) {
                        LOG.warn("Could not say something in {}", word.topic(), failed);
                        toSay.add(word);
                    }
                });
                sent++;
            }
        } finally {
            toSay.addAll(words.subList(sent, words.size())); // where sending threw
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        Map<String, Object> config = new HashMap<>(client);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TO_FIND_A_TOPIC_MILLIS);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "mesh-control");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void pause(Duration length) {
        try {
            Thread.sleep(length.toMillis());
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
