package io.kappamesh.control;

import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.brokers.LazyAdmin;
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
import java.util.concurrent.locks.LockSupport;
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
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the control topics of products on its own thread until it is closed, and writes the reports of this process to them. Thread-safe.
 * No method but {@link #close} blocks, and no product waits for another. If the brokers are away, it retries, and keeps the state that it
 * has.
 */
public final class ControlView implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlView.class);
    /** While somebody waits for what is written. */
    private static final Duration GLANCE = Duration.ofMillis(20);
    /** While nobody does: brokers answer at once if something is written, and {@link #wake} ends it. */
    private static final Duration QUIET = Duration.ofSeconds(1);

    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(1);
    /** Other products wait so long meanwhile. */
    private static final Duration AFTER_A_REFUSAL = Duration.ofMillis(100);
    /** Several times as long as a consumer waits until it asks again for a topic that it was denied. */
    private static final Duration REFUSED_STILL = Duration.ofSeconds(5);

    private static final Duration HELD_UP = Duration.ofSeconds(30);

    /** For what is on its way when it closes: less than {@link #close} waits. */
    private static final Duration TO_LEAVE = Duration.ofSeconds(4);

    /** If a topic is gone, records for other topics wait for it no longer than this. */
    private static final int TO_FIND_A_TOPIC_MILLIS = 2_000;

    /**
     * Is called with the latest decision about a product whenever new records of its control topic have been read. It runs on the thread of
     * the view, so it must be quick.
     */
    public interface Listener {
        void changed(ProductLifecycle lifecycle);
    }

    private final Admin admin;
    private final Map<String, Object> client;
    private final Duration heldUp;
    private final Map<ProductName, FollowedTopic> products = new ConcurrentHashMap<>();
    private final Queue<ProducerRecord<byte[], byte[]>> outbox = new ConcurrentLinkedQueue<>();
    private final Thread follower;

    private volatile boolean closed;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> following;
    private volatile @Nullable AuthorizationException refused;
    private final Map<String, Refusal> refusedTopics = new ConcurrentHashMap<>();

    /** @param nanos when brokers denied a topic last */
    private record Refusal(TopicAuthorizationException why, long nanos) {
        boolean holds() {
            return System.nanoTime() - nanos <= REFUSED_STILL.toNanos();
        }
    }

    /** A producer that is closed without waiting for brokers that are away: what was not written comes back to the outbox. */
    private record Reports(KafkaProducer<byte[], byte[]> producer) implements AutoCloseable {
        @Override
        public void close() {
            producer.close(TO_LEAVE);
        }
    }

    private ControlView(Admin admin, Map<String, Object> client, Duration heldUp) {
        this.admin = admin;
        this.client = Map.copyOf(client);
        this.heldUp = heldUp;
        this.follower = new Thread(this::follow, "mesh-control");
        follower.setDaemon(true);
    }

    /**
     * Opens a view that follows no product yet.
     *
     * @param admin must stay open until the view is closed; the view does not close it
     * @param client brokers and security, as for any Kafka client
     */
    public static ControlView open(Admin admin, Map<String, Object> client) {
        return open(admin, client, HELD_UP);
    }

    /** @param heldUp for how long an open transaction may delay a {@link #refresh} */
    static ControlView open(Admin admin, Map<String, Object> client, Duration heldUp) {
        ControlView view = new ControlView(admin, client, heldUp);
        view.follower.start();
        return view;
    }

    /** Also follows this product from now on. Its control topic must exist. */
    public void follow(ProductName product) {
        followed(product);
    }

    /** The latest decision about a product that this view has read; see {@link #refresh}. */
    public Optional<ProductLifecycle> lifecycle(ProductName product) {
        return followed(product).state().lifecycle();
    }

    /** Why this version cannot read the latest decision about a product; empty = it can. {@link #lifecycle} is an earlier one then. */
    public Optional<UndecidedException> unreadable(ProductName product) {
        return followed(product).state().unreadable().map(why -> UndecidedException.unreadable(product, why));
    }

    /** Why brokers deny this process to read a product's control topic; empty = they allow it, or have not been asked. */
    public Optional<AuthorizationException> refused(ProductName product) {
        Refusal own = refusedTopics.get(ControlTopic.of(product));
        if (own != null && own.holds()) {
            return Optional.of(own.why());
        }
        AuthorizationException refusal = refused;
        return Optional.ofNullable(refusal)
                .filter(one -> !(one instanceof TopicAuthorizationException topics)
                        || topics.unauthorizedTopics().contains(ControlTopic.of(product)));
    }

    /** The acknowledgements of a cut by the processes of a generation that this view has read. */
    public List<Acknowledgement> acknowledgements(Generation generation, String cut) {
        return followed(generation.product()).state().acknowledgements(generation, cut);
    }

    /**
     * Completes once this view has read everything that was written about a product before this call, including a decision whose
     * transaction is still open. If a command died between its decision and the commit, that takes half a minute; then its producer is
     * fenced. Does not complete while the latest decision is {@linkplain #unreadable unreadable}: callers would act on an older one.
     */
    public CompletableFuture<Void> refresh(ProductName product) {
        return followed(product).refresh();
    }

    /** Registers a listener. It is called at once, on the calling thread, with the latest decision that is known, if any. */
    public void onChange(ProductName product, Listener listener) {
        followed(product).add(listener);
    }

    /** Removes a listener. */
    public void forget(Listener listener) {
        products.values().forEach(product -> product.remove(listener));
    }

    /** Writes an acknowledgement, asynchronously. A later one of the same process replaces it. */
    public void acknowledge(Acknowledgement acknowledgement) {
        write(ControlRecords.of(acknowledgement));
    }

    /** The offsets of a generation when its last process stopped in order; empty = it runs, or ended in another way. */
    public Optional<OffsetCheckpoint> checkpoint(Generation generation) {
        return followed(generation.product()).state().checkpoint(generation);
    }

    /** When a generation had last read its tables to the end; empty = no process has reported it. */
    public Optional<CaughtUp> caughtUp(Generation generation) {
        return followed(generation.product()).state().caughtUp(generation);
    }

    /** Reports when a generation had last read its tables to the end. {@link #close} still writes it. */
    public void report(CaughtUp known) {
        write(ControlRecords.of(known));
    }

    /** Reports the offsets of a generation whose last process stops. {@link #close} still writes them. */
    public void report(OffsetCheckpoint checkpoint) {
        write(ControlRecords.of(checkpoint));
    }

    /** Reports that a generation runs: deletes its offset checkpoint and its failure. */
    public void reportRunning(Generation generation) {
        write(ControlRecords.noCheckpoint(generation));
        if (followed(generation.product()).state().failure(generation).isPresent()) {
            write(ControlRecords.noFailure(generation));
        }
    }

    /** Reports why a process ends a generation. {@link #close} still writes it. */
    public void report(Failure failure) {
        write(ControlRecords.of(failure));
    }

    private void write(ProducerRecord<byte[], byte[]> record) {
        outbox.add(record);
        wake();
    }

    private FollowedTopic followed(ProductName product) {
        FollowedTopic known = products.get(product);
        if (known == null) {
            known = products.computeIfAbsent(product, name -> new FollowedTopic(name, admin, heldUp, this::wake));
            wake();
        }
        return known;
    }

    /** Lets the thread look at once at what there is to do. Thread-safe. */
    private void wake() {
        KafkaConsumer<byte[], byte[]> asleep = following;
        if (asleep != null) {
            asleep.wakeup();
        }
        LockSupport.unpark(follower);
    }

    private void follow() {
        awaitBrokers();
        while (!closed) {
            try (KafkaConsumer<byte[], byte[]> consumer = CommittedReaders.consumer(client);
                    Reports reports = new Reports(producer())) {
                following = consumer;
                while (!closed) {
                    // First: what was to be written before there was a consumer woke none.
                    send(reports.producer());
                    look(consumer);
                }
                send(reports.producer());
            } catch (RuntimeException fault) {
                refused = fault instanceof AuthorizationException refusal ? refusal : null;
                if (!closed) {
                    LOG.warn("Cannot follow what is decided about {}; trying again", products.keySet(), fault);
                    pause(AFTER_A_FAULT);
                }
            }
        }
    }

    /** The clients here would take the first bytes of anything for an answer, so the admin client looks first what listens there. */
    private void awaitBrokers() {
        while (!closed) {
            try {
                LazyAdmin.connect(admin);
                return;
            } catch (RuntimeException nobodyToFollowYet) {
                // Who prepares the product waits for the same, and tells it.
                pause(AFTER_A_FAULT);
            }
        }
    }

    private void look(KafkaConsumer<byte[], byte[]> consumer) {
        List<FollowedTopic> all = List.copyOf(products.values());
        if (all.isEmpty()) {
            LockSupport.parkNanos(this, QUIET.toNanos());
            if (Thread.interrupted()) {
                closed = true;
            }
            return;
        }
        assign(consumer, all);
        all.forEach(FollowedTopic::promise);
        ConsumerRecords<byte[], byte[]> records = poll(consumer, all);
        refused = null;
        for (FollowedTopic one : all) {
            one.read(records.records(one.partition()));
            position(consumer, one.partition()).ifPresent(one::reached);
            one.free();
        }
    }

    private ConsumerRecords<byte[], byte[]> poll(KafkaConsumer<byte[], byte[]> consumer, List<FollowedTopic> all) {
        try {
            return consumer.poll(all.stream().anyMatch(FollowedTopic::isAwaited) ? GLANCE : QUIET);
        } catch (WakeupException somethingToDo) {
            return ConsumerRecords.empty();
        } catch (TopicAuthorizationException denied) {
            // Of these topics only: what was fetched of others comes with the next poll.
            for (String topic : denied.unauthorizedTopics()) {
                Refusal before = refusedTopics.put(topic, new Refusal(denied, System.nanoTime()));
                if (before == null || !before.holds()) {
                    LOG.warn("Cannot follow what is decided in {}; trying again", topic, denied);
                }
            }
            pause(AFTER_A_REFUSAL);
            return ConsumerRecords.empty();
        }
    }

    /** After a fault it continues where it was: from the beginning, listeners would get old decisions as if they were new. */
    private static void assign(KafkaConsumer<byte[], byte[]> consumer, List<FollowedTopic> all) {
        if (consumer.assignment().size() == all.size()) {
            return;
        }
        consumer.assign(all.stream().map(FollowedTopic::partition).collect(Collectors.toSet()));
        all.forEach(one -> consumer.seek(one.partition(), one.reached()));
    }

    /** Empty while the position is not known; the other products do not wait for it. */
    private static Optional<Long> position(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        try {
            return Optional.of(consumer.position(partition, Duration.ZERO));
        } catch (TimeoutException | WakeupException notYet) {
            return Optional.empty();
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> next = outbox.poll(); next != null; next = outbox.poll()) {
            records.add(next);
        }
        int sent = 0;
        try {
            for (ProducerRecord<byte[], byte[]> record : records) {
                Future<?> unused = producer.send(record, (written, failed) -> {
                    if (failed != null) {
                        LOG.warn("Could not write to {}", record.topic(), failed);
                        outbox.add(record);
                    }
                });
                sent++;
            }
        } finally {
            outbox.addAll(records.subList(sent, records.size())); // if send threw
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

    /** Stops following, within five seconds. Idempotent. Futures of {@link #refresh} that are still open never complete. */
    @Override
    public void close() {
        closed = true;
        wake();
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
