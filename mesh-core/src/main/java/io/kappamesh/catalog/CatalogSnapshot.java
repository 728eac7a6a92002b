package io.kappamesh.catalog;

import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.brokers.TopicAdmin;
import io.kappamesh.contract.ProductName;
import io.kappamesh.level.Counts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * What stands in the catalogues of some domains at one moment. An immutable value.
 *
 * @param descriptions what products are, by name
 * @param states what processes run of them
 * @param levels what processes have counted of the levels of service, also those that run no more
 * @param leftOut what could not be read of products and processes, and why: a sentence each
 * @param levelsLeftOut what could not be read of levels, and why; it says nothing about who publishes and who reads
 */
public record CatalogSnapshot(
        NavigableMap<ProductName, ProductDescription> descriptions,
        List<HeardState> states,
        List<MeasuredLevels> levels,
        List<String> leftOut,
        List<String> levelsLeftOut) {
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final Duration TO_READ = Duration.ofSeconds(15);

    public CatalogSnapshot {
        descriptions = new TreeMap<>(descriptions);
        states = List.copyOf(states);
        levels = List.copyOf(levels);
        leftOut = List.copyOf(leftOut);
        levelsLeftOut = List.copyOf(levelsLeftOut);
    }

    /** The same without levels. */
    public CatalogSnapshot(
            NavigableMap<ProductName, ProductDescription> descriptions, List<HeardState> states, List<String> leftOut) {
        this(descriptions, states, List.of(), leftOut, List.of());
    }

    /** What was counted of a product's levels of service, by the names of those who count. */
    public Map<String, Counts> counts(ProductName product) {
        Map<String, Counts> counts = new HashMap<>();
        levels.stream()
                .filter(one -> one.name().equals(product))
                .forEach(one -> counts.put(one.process(), one.counts()));
        return counts;
    }

    /** A published port, as its owner describes it; of several products that do, the first one by name. Empty = none does. */
    public Optional<OutputDescription> port(String address) {
        return descriptions.values().stream()
                .flatMap(product -> port(product, address))
                .findFirst();
    }

    /**
     * A published port, as it was served before a product serves it: by the product itself, or else by the one that had it. A product that gave a
     * port away still stands here as it was when it last served, so that its word counts only where the new owner has not served yet.
     */
    public Optional<OutputDescription> portOf(String address, ProductName owner) {
        return Stream.ofNullable(descriptions.get(owner))
                .flatMap(product -> port(product, address))
                .findFirst()
                .or(() -> port(address));
    }

    private static Stream<OutputDescription> port(ProductDescription product, String address) {
        return product.outputs().stream().filter(output -> output.address().equals(address));
    }

    /**
     * Reads all that was written before this call. A catalogue that these credentials may not read is left out and named.
     *
     * @param domains whose catalogues exist
     * @param client brokers and security, as for any Kafka client
     * @throws org.apache.kafka.common.KafkaException when the brokers do not answer
     */
    public static CatalogSnapshot read(Admin admin, Collection<String> domains, Map<String, Object> client)
            throws ExecutionException, InterruptedException {
        Set<String> topics = new HashSet<>();
        domains.forEach(domain -> topics.add(CatalogTopic.of(domain)));
        List<String> leftOut = new ArrayList<>();
        while (true) {
            try {
                return read(admin, topics, client, leftOut);
            } catch (TopicAuthorizationException refused) {
                if (!topics.removeAll(refused.unauthorizedTopics())) {
                    throw refused;
                }
                refused.unauthorizedTopics().stream()
                        .sorted()
                        .forEach(topic -> leftOut.add(
                                "topic " + topic + ": these credentials may not read it; grant Read on it"));
            }
        }
    }

    private static CatalogSnapshot read(
            Admin admin, Set<String> topics, Map<String, Object> client, List<String> refused)
            throws ExecutionException, InterruptedException {
        CatalogContent content = new CatalogContent();
        List<String> leftOut = new ArrayList<>(refused);
        Set<TopicPartition> partitions = new HashSet<>();
        TopicAdmin.descriptions(admin, topics)
                .forEach((topic, description) -> description
                        .partitions()
                        .forEach(one -> partitions.add(new TopicPartition(topic, one.partition()))));
        // Nothing here is written in transactions; one that somebody has left open must not hide what follows.
        try (KafkaConsumer<byte[], byte[]> consumer =
                CommittedReaders.consumer(client, Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted"))) {
            Map<TopicPartition, Long> open = new HashMap<>(consumer.endOffsets(partitions));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long giveUp = System.nanoTime() + TO_READ.toNanos();
            while (true) {
                open.entrySet().removeIf(one -> consumer.position(one.getKey()) >= one.getValue());
                if (open.isEmpty()) {
                    break;
                }
                if (System.nanoTime() > giveUp) {
                    open.keySet()
                            .forEach(one -> leftOut.add(one + ": not read to its end within " + TO_READ
                                    + "; see whether its broker is well"));
                    break;
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(GLANCE)) {
                    CatalogRecords.read(record, content);
                }
            }
        }
        leftOut.addAll(content.unreadable());
        NavigableMap<ProductName, ProductDescription> descriptions = new TreeMap<>();
        content.descriptions().forEach(one -> descriptions.put(one.name(), one));
        return new CatalogSnapshot(
                descriptions,
                List.copyOf(content.states()),
                List.copyOf(content.levels()),
                leftOut,
                List.copyOf(content.unreadableLevels()));
    }
}
