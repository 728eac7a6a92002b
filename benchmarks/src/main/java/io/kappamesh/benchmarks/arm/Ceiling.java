package io.kappamesh.benchmarks.arm;

import io.kappamesh.avro.Decoded;
import io.kappamesh.benchmarks.measure.Job;
import io.kappamesh.benchmarks.measure.Pipeline;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orders.v1.Order;
import io.kappamesh.sales.OrderSteps;
import io.kappamesh.sales.SalesPorts;
import io.kappamesh.serde.AvroDecoder;
import io.kappamesh.serde.AvroEncoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The ceiling: what Kafka's own clients do on one thread if nothing stands between them but Avro and the business step. Exactly once, with
 * a commit each 100 ms. Clients are tuned as ours are.
 */
final class Ceiling implements Pipeline {
    private static final String GROUP = "bench.ceiling";
    private static final long COMMIT_NANOS = Duration.ofMillis(100).toNanos();
    private static final Duration POLL = Duration.ofMillis(10);

    private final Job job;
    private final String output;
    private final OrderCodecs codecs;
    private final AtomicLong taken = new AtomicLong();
    private final Thread thread = new Thread(this::run, "ceiling");
    private volatile boolean stopping;
    private volatile @Nullable Throwable failure;

    Ceiling(Job job, String output) {
        this.job = job;
        this.output = output;
        this.codecs = new OrderCodecs(job.registryUrl());
        thread.start();
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer();
                KafkaProducer<byte[], byte[]> producer = producer()) {
            copy(consumer, producer);
        } catch (RuntimeException | Error thrown) {
            failure = thrown;
        }
    }

    private void copy(KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
        AvroDecoder<OrderPlaced> decoder = codecs.events();
        AvroEncoder<Order> encoder = codecs.orders();
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        consumer.subscribe(List.of(SalesPorts.ORDER_EVENTS.topic()));
        producer.initTransactions();
        long due = System.nanoTime() + COMMIT_NANOS;
        while (!stopping) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty() && positions.isEmpty()) {
                producer.beginTransaction();
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                OrderPlaced placed = ((Decoded.Value<OrderPlaced>) decoder.decode(record.value())).value();
                if (OrderSteps.objection(placed).isEmpty()) {
                    Order order = OrderSteps.order(placed);
                    // Where one fails, the commit does.
                    Future<RecordMetadata> unused = producer.send(new ProducerRecord<>(
                            output, null, order.getPlacedAt().toEpochMilli(), record.key(), encoder.encode(order)));
                }
            }
            positions.putAll(records.nextOffsets());
            taken.addAndGet(records.count());
            if (System.nanoTime() - due >= 0 && !positions.isEmpty()) {
                producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
                producer.commitTransaction();
                positions.clear();
                due = System.nanoTime() + COMMIT_NANOS;
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        job.bootstrapServers(),
                        ConsumerConfig.GROUP_ID_CONFIG,
                        GROUP,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        4_000,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        4 * 1024 * 1024),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        job.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        GROUP,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        128 * 1024,
                        ProducerConfig.LINGER_MS_CONFIG,
                        20,
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @Override
    public String group() {
        return GROUP;
    }

    @Override
    public long taken() {
        return taken.get();
    }

    @Override
    public void requireAlive() {
        if (failure != null) {
            throw new IllegalStateException("the ceiling ended", failure);
        }
    }

    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        codecs.close();
    }
}
