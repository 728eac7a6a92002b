package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.faults.Sale;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sales without an end, and what is to be counted of them. Thread-safe. */
final class SaleFeed implements AutoCloseable {
    private static final Instant NOON = Instant.parse("1995-03-15T12:00:00Z");
    private static final int ITEMS = 40;
    private static final int AT_ONCE = 5;
    private static final int EVERY_MILLIS = 10;

    private final String topic;
    private final AvroEncoder<Sale> encoder;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ScheduledExecutorService clerk = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Long> sums = new TreeMap<>();
    private final AtomicLong written = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    SaleFeed(SourcePort<Sale> sales, String bootstrapServers, SchemaRegistry registry) {
        topic = sales.address().topic();
        encoder = new AvroEncoder<>(
                AvroType.of(Sale.class),
                registry.register(
                        sales.address().valueSubject(), Sale.getClassSchema(), Compatibility.FULL_TRANSITIVE));
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        // A broker whose log of a new topic is not there yet refuses the first request, and might take the second for
        // it.
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Begins, and returns when there is some history. */
    void start(int history) {
        for (int i = 0; i < history; i++) {
            sell();
        }
        producer.flush();
        var unused = clerk.scheduleAtFixedRate(this::some, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void some() {
        for (int i = 0; i < AT_ONCE; i++) {
            sell();
        }
    }

    private void sell() {
        long i = written.get();
        Sale sale = sale(i);
        var unused = producer.send(
                new ProducerRecord<>(topic, ("sale-" + i).getBytes(StandardCharsets.UTF_8), encoder.encode(sale)),
                (where, failed) -> failure.compareAndSet(null, failed));
        sums.merge(sale.getItem(), sale.getQuantity(), Long::sum);
        written.incrementAndGet();
    }

    /** What is sold at a number, from 0 on. */
    private static Sale sale(long number) {
        return new Sale(NOON.plusSeconds(number), "item-" + number % ITEMS, 1 + number % 7);
    }

    /** Everything that was sold, in order, once it has ended. */
    Stream<Sale> sales() {
        return LongStream.range(0, written.get()).mapToObj(SaleFeed::sale);
    }

    /** Waits for so many more. */
    void awaitMore(long more) {
        long from = written.get();
        await().atMost(SoldItemsRun.TIMEOUT).until(() -> written.get() >= from + more);
    }

    /** Ends, and returns when all is written. */
    void stop() throws InterruptedException {
        clerk.shutdown();
        assertThat(clerk.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        producer.flush();
        assertThat(failure.get()).isNull();
    }

    /** What follows from all there was, once it has ended. */
    Map<String, Long> sums() {
        return sums;
    }

    @Override
    public void close() {
        clerk.shutdownNow();
        producer.close();
    }
}
