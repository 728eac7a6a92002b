package io.kappamesh.catalog;

import io.kappamesh.brokers.CompactedTopic;
import io.kappamesh.brokers.LazyAdmin;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.contract.ProductName;
import io.kappamesh.failure.Causes;
import io.kappamesh.level.Counts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the products of a process are and do into the catalogues of their domains, on a thread of its own, until it is closed. No product
 * waits for it, and nothing that goes wrong here stops one: it is logged once, and tried again. Thread-safe.
 */
public final class CatalogPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogPublisher.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMinutes(1);
    /** How often processes that serve learn what others have counted. */
    private static final Duration BETWEEN_READS = Duration.ofMinutes(10);

    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(2);
    private static final Duration AFTER_A_REFUSAL = Duration.ofMinutes(1);
    private static final Duration TO_LEAVE = Duration.ofSeconds(1);
    private static final int TO_FIND_A_TOPIC_MILLIS = 2_000;
    private static final int TO_DELIVER_MILLIS = 10_000;
    private static final int TO_ANSWER_MILLIS = 5_000;

    /** The catalogue of one domain. */
    private static final class Shelf {
        final Announcements announcements;
        final Queue<String> failed = new ConcurrentLinkedQueue<>();
        volatile @Nullable Exception fault;
        boolean ready;
        boolean looked;
        Instant tryAt = Instant.MIN;
        Instant readAt = Instant.MIN;
        volatile @Nullable String told;

        Shelf(String process) {
            announcements = new Announcements(process);
        }
    }

    private final Admin admin;
    private final Map<String, Object> client;
    private final Supplier<List<Publication>> products;
    private final BiConsumer<ProductName, Map<String, Counts>> counted;
    private final Clock clock;
    private final String process = HexFormat.of().toHexDigits(UUID.randomUUID().getMostSignificantBits());
    private @Nullable Thread afterwards;
    private final Map<String, Shelf> shelves = new TreeMap<>();
    private final CountDownLatch leaving = new CountDownLatch(1);
    private final Thread writer = new Thread(this::write, "mesh-catalog");
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    /**
     * @param admin must stay open until this is closed; it is not closed here
     * @param client brokers and security, as for any Kafka client
     * @param products what the process has to say now; asked each second, on the thread of this publisher
     * @param counted is told what stands there of the levels of service of its products: before anything is written, when a publication asks, and now and then
     */
    public CatalogPublisher(
            Admin admin,
            Map<String, Object> client,
            Supplier<List<Publication>> products,
            BiConsumer<ProductName, Map<String, Counts>> counted,
            Clock clock) {
        this.counted = counted;
        this.admin = admin;
        this.client = Map.copyOf(client);
        this.products = products;
        this.clock = clock;
        writer.setDaemon(true);
    }

    /**
     * Begins to write.
     *
     * @param then begun on a thread of its own, after what there is to say was said for the first time, or could not be
     */
    public void start(Then then) {
        afterwards = new Thread(() -> attempt(then), "mesh-catalog-reader");
        afterwards.setDaemon(true);
        writer.start();
    }

    /** Work that may take long and that nobody waits for. */
    @FunctionalInterface
    public interface Then {
        /** Whether it is done; false = it is to be tried again in a minute. */
        boolean run() throws InterruptedException;
    }

    private void attempt(Then then) {
        try {
            untilDone(then, pause -> leaving.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException stop) {
            LOG.debug("Interrupted while catalogues were read");
        }
    }

    /** A wait between two attempts. */
    @FunctionalInterface
    interface Pause {
        /** Waits for so long, or until there is no reason to go on; whether there is none. */
        boolean isOver(Duration pause) throws InterruptedException;
    }

    static void untilDone(Then then, Pause pause) throws InterruptedException {
        boolean isOver = false;
        while (!isOver) {
            isOver = then.run() || pause.isOver(BETWEEN_ATTEMPTS);
        }
    }

    private void write() {
        try {
            look();
            Objects.requireNonNull(afterwards).start();
            while (!leaving.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
            leave();
        } catch (InterruptedException stop) {
            LOG.debug("Interrupted while the catalogue was written");
        } finally {
            closeProducer();
        }
    }

    private void look() throws InterruptedException {
        Map<String, List<Publication>> byDomain = products.get().stream()
                .collect(Collectors.groupingBy(one -> one.description().name().domain()));
        for (Map.Entry<String, List<Publication>> one : byDomain.entrySet()) {
            Shelf shelf = shelves.computeIfAbsent(one.getKey(), domain -> new Shelf(process));
            if (!clock.instant().isBefore(shelf.tryAt)) {
                tend(one.getKey(), shelf, one.getValue());
            }
        }
    }

    private void tend(String domain, Shelf shelf, List<Publication> all) throws InterruptedException {
        try {
            Exception fault = shelf.fault;
            if (fault != null) {
                shelf.fault = null;
                throw fault;
            }
            for (String key = shelf.failed.poll(); key != null; key = shelf.failed.poll()) {
                shelf.announcements.failed(key);
            }
            if (!shelf.ready) {
                LazyAdmin.connect(admin);
                CatalogTopic.ensure(admin, domain);
                warnUnlessCompacted(domain, shelf);
                CatalogSnapshot there = read(domain, shelf, all);
                send(shelf, shelf.announcements.begin(there, all, clock.instant()));
                shelf.ready = true;
            } else if (isToBeRead(shelf, all)) {
                read(domain, shelf, all);
            }
            send(shelf, shelf.announcements.due(all, clock.instant()));
        } catch (InterruptedException stop) {
            throw stop;
        } catch (Exception failed) {
            later(
                    domain,
                    shelf,
                    failed instanceof ExecutionException && failed.getCause() != null ? failed.getCause() : failed);
        }
    }

    private boolean isToBeRead(Shelf shelf, List<Publication> all) {
        return all.stream().anyMatch(Publication::asks)
                || (all.stream().anyMatch(Publication::isServing)
                        && !clock.instant().isBefore(shelf.readAt.plus(BETWEEN_READS)));
    }

    private CatalogSnapshot read(String domain, Shelf shelf, List<Publication> all)
            throws ExecutionException, InterruptedException {
        CatalogSnapshot there = CatalogSnapshot.read(admin, List.of(domain), client);
        shelf.readAt = clock.instant();
        all.forEach(one -> {
            ProductName name = one.description().name();
            counted.accept(name, there.counts(name));
        });
        return there;
    }

    /** Somebody else may have made the topic. What is missing of a compacted one is what was said long ago. */
    private void warnUnlessCompacted(String domain, Shelf shelf) throws ExecutionException, InterruptedException {
        if (shelf.looked) {
            return;
        }
        shelf.looked = true;
        String topic = CatalogTopic.of(domain);
        Config config = TopicAdmin.configs(admin, List.of(topic)).get(topic);
        ConfigEntry policy = config == null ? null : config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (policy != null && !TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy.value())) {
            LOG.warn(
                    "topic {}: {} must be compact but is {}, so that the catalogue forgets products that do not run; run kafka-configs.sh"
                            + " --alter --entity-type topics --entity-name {} --add-config cleanup.policy=compact",
                    topic,
                    policy.name(),
                    policy.value(),
                    topic);
        }
    }

    private void later(String domain, Shelf shelf, Throwable why) {
        boolean refused = Causes.chain(why).anyMatch(AuthorizationException.class::isInstance);
        shelf.tryAt = clock.instant().plus(refused ? AFTER_A_REFUSAL : AFTER_A_FAULT);
        shelf.ready = false;
        String sort = why.getClass().getName();
        if (sort.equals(shelf.told) || leaving.getCount() == 0) {
            LOG.debug("{}: still not written", CatalogTopic.of(domain), why);
            return;
        }
        shelf.told = sort;
        if (refused) {
            LOG.warn(
                    "Products of {} run, and cannot be written into the catalogue {}: {}; grant Create, Read and Write on it, which the prefix"
                            + " {}. covers (`acls` prints the least rights)",
                    domain,
                    CatalogTopic.of(domain),
                    Causes.of(why),
                    domain);
        } else {
            // Who runs the products waits for the same platform, and warns.
            LOG.info("The catalogue {} is not written: {}", CatalogTopic.of(domain), Causes.of(why));
        }
        if (!refused) {
            closeProducer();
        }
    }

    private void send(Shelf shelf, List<ProducerRecord<byte[], byte[]>> records) {
        int sent = 0;
        try {
            for (ProducerRecord<byte[], byte[]> record : records) {
                Future<?> unused = producer().send(record, (written, failed) -> {
                    if (failed == null) {
                        shelf.told = null; // what was told is over
                    } else if (failed instanceof RecordTooLargeException) {
                        LOG.warn(
                                "{} is too large for the catalogue {}, and does not stand in it: {}",
                                key(record),
                                record.topic(),
                                failed.getMessage());
                    } else {
                        shelf.fault = failed;
                        shelf.failed.add(key(record));
                    }
                });
                sent++;
            }
        } finally {
            records.subList(sent, records.size()).forEach(record -> shelf.failed.add(key(record)));
        }
    }

    private static String key(ProducerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private void leave() {
        try {
            shelves.values().stream()
                    .filter(shelf -> shelf.ready)
                    .forEach(shelf -> send(shelf, shelf.announcements.leave()));
        } catch (RuntimeException away) {
            LOG.debug("Left without a word in the catalogue", away);
        }
    }

    private KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            Map<String, Object> config = new HashMap<>(client);
            config.put(ProducerConfig.CLIENT_ID_CONFIG, "mesh-catalog");
            config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
            config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
            config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, CompactedTopic.LARGEST);
            config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TO_FIND_A_TOPIC_MILLIS);
            config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TO_DELIVER_MILLIS);
            config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TO_ANSWER_MILLIS);
            open = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    private void closeProducer() {
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(TO_LEAVE);
        }
    }

    /** Begins to take back what the process has said of its states. Returns at once. */
    public void startLeaving() {
        leaving.countDown();
    }

    /** Ends within a second, whatever brokers do. Idempotent. */
    @Override
    public void close() {
        leaving.countDown();
        try {
            writer.join(TO_LEAVE.toMillis());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
