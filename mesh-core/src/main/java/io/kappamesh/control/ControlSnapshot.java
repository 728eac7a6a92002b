package io.kappamesh.control;

import io.kappamesh.brokers.CommittedReaders;
import io.kappamesh.brokers.OpenTransaction;
import io.kappamesh.contract.ProductName;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.ProductLifecycle;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** The content of the control topics of some products at one moment. Immutable. */
public final class ControlSnapshot {
    private static final Duration GLANCE = Duration.ofMillis(100);

    /** Longer than a command takes from writing its record to its commit. */
    private static final Duration TO_READ = Duration.ofSeconds(15);

    /** The state of one product, read up to the end offset at the time of the call. */
    private record Part(ProductName product, long end, ControlState state) {}

    private final NavigableMap<ProductName, ControlState> known;
    private final NavigableMap<ProductName, KafkaException> unknown;

    private ControlSnapshot(
            NavigableMap<ProductName, ControlState> known, NavigableMap<ProductName, KafkaException> unknown) {
        this.known = known;
        this.unknown = unknown;
    }

    /**
     * Reads everything that was written before this call, even if its transaction is still open: a record that is not visible yet may be
     * the latest decision. If that takes too long for one product, the others are still in the snapshot; see {@link #lifecycle}.
     *
     * @param products products whose control topics exist
     * @param client brokers and security, as for any Kafka client
     * @throws KafkaException when the brokers do not answer
     */
    public static ControlSnapshot read(Collection<ProductName> products, Map<String, Object> client) {
        return read(products, client, TO_READ);
    }

    static ControlSnapshot read(Collection<ProductName> products, Map<String, Object> client, Duration limit) {
        long giveUp = System.nanoTime() + limit.toNanos();
        NavigableMap<ProductName, ControlState> known = new TreeMap<>();
        NavigableMap<ProductName, KafkaException> unknown = new TreeMap<>();
        try (Admin admin = Admin.create(client);
                KafkaConsumer<byte[], byte[]> consumer = CommittedReaders.consumer(client)) {
            Map<TopicPartition, Part> open = parts(admin, products, limit, unknown);
            open.values().forEach(part -> known.put(part.product(), part.state()));
            consumer.assign(open.keySet());
            consumer.seekToBeginning(open.keySet());
            while (true) {
                open.entrySet()
                        .removeIf(part -> consumer.position(part.getKey())
                                >= part.getValue().end());
                if (open.isEmpty() || System.nanoTime() > giveUp) {
                    break;
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(GLANCE)) {
                    Part part = open.get(new TopicPartition(record.topic(), record.partition()));
                    if (part != null) {
                        ControlRecords.read(record, part.state());
                    }
                }
            }
            open.forEach((partition, part) -> {
                known.remove(part.product());
                unknown.put(part.product(), undecided(admin, part, consumer.position(partition)));
            });
        }
        known.forEach((product, state) ->
                state.unreadable().ifPresent(why -> unknown.put(product, UndecidedException.unreadable(product, why))));
        return new ControlSnapshot(known, unknown);
    }

    /** Asks the brokers for the end offsets. Products without an answer are added to the unknown ones. */
    private static Map<TopicPartition, Part> parts(
            Admin admin, Collection<ProductName> products, Duration limit, Map<ProductName, KafkaException> unknown) {
        Map<TopicPartition, OffsetSpec> asked =
                products.stream().collect(Collectors.toMap(ControlTopic::partition, product -> OffsetSpec.latest()));
        ListOffsetsResult answers = admin.listOffsets(
                asked,
                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED).timeoutMs(Math.toIntExact(limit.toMillis())));
        Map<TopicPartition, Part> parts = new HashMap<>();
        for (ProductName product : products) {
            TopicPartition partition = ControlTopic.partition(product);
            try {
                long end = answers.partitionResult(partition).get().offset();
                parts.put(partition, new Part(product, end, new ControlState()));
            } catch (ExecutionException failed) {
                Throwable why = failed.getCause();
                unknown.put(product, why instanceof KafkaException known ? known : new KafkaException(why));
            } catch (InterruptedException stop) {
                throw new InterruptException(stop);
            }
        }
        return parts;
    }

    private static UndecidedException undecided(Admin admin, Part part, long reached) {
        TopicPartition partition = ControlTopic.partition(part.product());
        return UndecidedException.hidden(
                part.product(),
                OpenTransaction.oldest(admin, partition, TO_READ)
                        .map(open -> open + " of " + partition
                                + ". A command decides at this moment, or died while it did; the next one that decides about the"
                                + " product ends it. If that says so too, end it with kafka-transactions.sh"
                                + " --bootstrap-server … abort --topic " + partition.topic() + " --partition "
                                + partition.partition() + " --start-offset " + open.from())
                        .orElse("read up to " + reached + " of " + part.end() + " in " + partition
                                + "; see whether its broker is well"));
    }

    /**
     * The latest decision about a product; empty = the product never ran.
     *
     * @throws UndecidedException when the topic was not read to the end, or this version cannot read the latest decision
     * @throws KafkaException when the brokers did not answer
     */
    public Optional<ProductLifecycle> lifecycle(ProductName product) {
        KafkaException why = unknown.get(product);
        if (why != null) {
            throw why;
        }
        return Optional.ofNullable(known.get(product)).flatMap(ControlState::lifecycle);
    }

    /** Why a process last ended a generation because of a failure; empty = none has since the generation was last started. */
    public Optional<Failure> failure(Generation generation) {
        return Optional.ofNullable(known.get(generation.product())).flatMap(state -> state.failure(generation));
    }

    /** The latest decisions about all products that ever ran and whose topics could be read, by name. */
    public List<ProductLifecycle> lifecycles() {
        return known.entrySet().stream()
                .filter(one -> !unknown.containsKey(one.getKey()))
                .flatMap(one -> one.getValue().lifecycle().stream())
                .toList();
    }

    /** The state of a product whose topic was read to the end. */
    ControlState state(ProductName product) {
        return known.getOrDefault(product, new ControlState());
    }

    /** The products whose topics could not be read, and why. */
    public NavigableMap<ProductName, KafkaException> unknown() {
        return new TreeMap<>(unknown);
    }
}
