package io.kappamesh.benchmarks.arm;

import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Measurement;
import io.kappamesh.benchmarks.measure.Sample;
import io.kappamesh.brokers.TopicEnds;
import io.kappamesh.compare.GenerationPair;
import io.kappamesh.compare.PairComparison;
import io.kappamesh.compare.PortReport;
import io.kappamesh.contract.ProductName;
import io.kappamesh.cut.Progress;
import io.kappamesh.cut.QuiescedGeneration;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.Role;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.settings.Settings;
import io.kappamesh.tables.KeyScope;
import io.kappamesh.tables.LatestRecords;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Two generations of {@code sales.orders} that say the same. Stateless. */
public final class Generations {
    /** Where the serving one writes. */
    public static final String PORT = SalesPorts.ORDERS.address().topic();

    private static final ProductName PRODUCT = ProductName.of("sales.orders");

    /** Where the candidate writes. */
    public static final String SHADOW = new Generation(PRODUCT, 2).shadowOf(PORT);

    private static final Duration POLL = Duration.ofMillis(100);

    private Generations() {}

    /** Reads both topics, and keeps nothing. */
    static Measurement readPlain(Job job) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> ends = ends(job);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        job.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            long unused = read(consumer, third(ends));
            Sample begin = Sample.now();
            long records = read(consumer, ends);
            return begin.until(Sample.now(), records);
        }
    }

    private static long read(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> open = new HashMap<>(ends);
        boolean isNew = consumer.assignment().isEmpty();
        if (isNew) {
            consumer.assign(open.keySet());
            consumer.seekToBeginning(open.keySet());
        }
        long records = 0;
        while (!open.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                records += record.value() == null ? 0 : 1;
            }
            open.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
        }
        return records;
    }

    /** Reads both as {@code verify} does. */
    static Measurement verifyRead(Job job) throws ExecutionException, InterruptedException {
        return verify(job)[0];
    }

    /** Compares both as {@code verify} does, once they are read. */
    static Measurement verifyCompare(Job job) throws ExecutionException, InterruptedException {
        return verify(job)[1];
    }

    private static Measurement[] verify(Job job) throws ExecutionException, InterruptedException {
        Settings settings = Settings.of(
                Map.of("bootstrap.servers", job.bootstrapServers(), "schema.registry.url", job.registryUrl()),
                Map.of());
        Map<TopicPartition, Long> ends = ends(job);
        QuiescedGeneration third = new QuiescedGeneration(third(ends));
        QuiescedGeneration all = new QuiescedGeneration(ends);
        try (SchemaRegistry registry = SchemaRegistry.connect(settings.registry());
                LatestRecords records = LatestRecords.open(job.directory(), settings.client())) {
            PairComparison comparison =
                    new PairComparison(pair(), records, registry, List.of(), Map.of(), Progress.SILENT);
            comparison.read(third, third);
            long unused = compare(comparison);
            long before = third.ends().values().stream().mapToLong(one -> one).sum();
            Sample begin = Sample.now();
            comparison.read(all, all);
            Sample read = Sample.now();
            long keys = compare(comparison);
            Sample end = Sample.now();
            if (keys != job.records()) {
                throw new IllegalStateException(keys + " keys are equal, in place of " + job.records());
            }
            return new Measurement[] {begin.until(read, 2 * keys - before), read.until(end, keys)};
        }
    }

    private static long compare(PairComparison comparison) {
        return comparison.compare(KeyScope.ALL).stream()
                .mapToLong(PortReport::equal)
                .sum();
    }

    private static GenerationPair pair() {
        return new GenerationPair(PRODUCT, generation(1, Role.SERVING), generation(2, Role.CANDIDATE));
    }

    private static GenerationRecord generation(int number, Role role) {
        return GenerationRecord.begun(
                number,
                role,
                Computation.of("bench", List.of(), List.of()),
                new PortTopics(List.of(), List.of(PORT)),
                History.upTo(Map.of(), "2026-01-01T00:00:00Z"));
    }

    private static Map<TopicPartition, Long> ends(Job job) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, job.bootstrapServers()))) {
            return TopicEnds.committed(admin, List.of(PORT, SHADOW));
        }
    }

    private static Map<TopicPartition, Long> third(Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> third = new HashMap<>();
        ends.forEach((partition, end) -> third.put(partition, end / 3));
        return third;
    }
}
