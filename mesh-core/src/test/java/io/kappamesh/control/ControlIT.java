package io.kappamesh.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contract.ProductName;
import io.kappamesh.runtime.InJvmBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is decided, written and read on a real broker. Each test has a domain of its own. */
@Timeout(60)
class ControlIT {
    private static final Duration SOON = Duration.ofSeconds(2);

    private static InJvmBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = InJvmBroker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.stop();
    }

    /** Two products of a domain shared a partition once, and a command that died for one hid what was decided about the other. */
    @Test
    void aTransactionOfAnotherProductHidesNothingFromTheNextDecision() throws Exception {
        ProductName product = ProductName.of("shared.orders");
        ProductName other = ProductName.of("shared.payments");
        begin(other);
        begin(product);
        try (KafkaProducer<byte[], byte[]> killed = dead(other);
                ControlView view = ControlView.open(broker.admin(), client())) {
            view.follow(other);
            promote(product);

            try (ControlWriter aborting = ControlWriter.take(product, client())) {
                assertThat(serving(aborting.current())).isEqualTo(2);
            }
            view.refresh(product).get(5, TimeUnit.SECONDS);
            assertThat(serving(view.lifecycle(product).orElseThrow())).isEqualTo(2);
            assertThat(ControlSnapshot.read(List.of(product, other), client(), SOON)
                            .unknown())
                    .containsOnlyKeys(other);
            killed.abortTransaction();
        }
    }

    @Test
    void theNextWriterEndsWhatADeadOneHadBegun() throws Exception {
        ProductName product = ProductName.of("died.orders");
        begin(product);
        try (KafkaProducer<byte[], byte[]> killed = dead(product)) {
            promote(product);

            assertThat(catchThrowable(killed::commitTransaction)).isInstanceOf(KafkaException.class);
            assertThat(serving(read(product))).isEqualTo(2);
        }
    }

    @Test
    void whatIsNotReadToItsEndIsDecidedByNobody() throws Exception {
        ProductName product = ProductName.of("hidden.orders");
        begin(product);
        try (KafkaProducer<byte[], byte[]> stranger = transaction("hidden.stranger", word(product))) {
            assertThat(catchThrowableOfType(
                            UndecidedException.class, () -> ControlWriter.take(product, client(), SOON)))
                    .hasMessageContainingAll(
                            "hidden.orders", "open from offset", "kafka-transactions.sh", "--start-offset");
            assertThat(catchThrowableOfType(
                            UndecidedException.class,
                            () -> ControlSnapshot.read(List.of(product), client(), SOON)
                                    .lifecycle(product)))
                    .isNotNull();

            stranger.commitTransaction();
            promote(product);
            assertThat(serving(read(product))).isEqualTo(2);
        }
    }

    /** A commit is answered before what was committed can be read. */
    @Test
    void whoAsksWhatIsDecidedWaitsForWhatIsWritten() throws Exception {
        ProductName product = ProductName.of("awaited.orders");
        begin(product);
        try (ControlView view = ControlView.open(broker.admin(), client());
                KafkaProducer<byte[], byte[]> deciding = transaction(
                        ControlWriter.transactionalId(product),
                        ControlRecords.of(read(product).promoted(1, 2)))) {
            view.follow(product);
            await().until(() -> view.lifecycle(product).isPresent());

            CompletableFuture<Void> known = view.refresh(product);

            assertThat(catchThrowable(() -> known.get(2, TimeUnit.SECONDS))).isInstanceOf(TimeoutException.class);
            deciding.commitTransaction();
            known.get(5, TimeUnit.SECONDS);
            assertThat(serving(view.lifecycle(product).orElseThrow())).isEqualTo(2);
        }
    }

    @Test
    void aDeadDecisionHoldsUpAProcessForAMomentOnly() throws Exception {
        ProductName product = ProductName.of("fenced.orders");
        begin(product);
        try (KafkaProducer<byte[], byte[]> killed = dead(product);
                ControlView view = ControlView.open(broker.admin(), client(), SOON)) {
            view.refresh(product).get(20, TimeUnit.SECONDS);

            assertThat(serving(view.lifecycle(product).orElseThrow())).isEqualTo(1);
            assertThat(catchThrowable(killed::commitTransaction)).isInstanceOf(KafkaException.class);
        }
    }

    private static int serving(ProductLifecycle lifecycle) {
        return lifecycle.serving().orElseThrow().number();
    }

    private static ProductLifecycle read(ProductName product) {
        return ControlSnapshot.read(List.of(product), client())
                .lifecycle(product)
                .orElseThrow();
    }

    private static void promote(ProductName product) {
        try (ControlWriter writer = ControlWriter.take(product, client())) {
            writer.decide(now -> now.promoted(1, 2));
        }
    }

    private static void begin(ProductName product) throws Exception {
        ControlTopic.ensure(broker.admin(), product);
        try (ControlWriter writer = ControlWriter.take(product, client())) {
            writer.decide(now -> now.with(generation(1, Role.SERVING)).with(generation(2, Role.CANDIDATE)));
        }
    }

    private static GenerationRecord generation(int number, Role role) {
        return GenerationRecord.begun(
                number,
                role,
                "build",
                List.of("shape"),
                List.of(),
                List.of(),
                Map.of(),
                "2026-01-01T00:00:00Z",
                List.of());
    }

    /** As a command leaves it that is killed between its record and its commit. */
    private static KafkaProducer<byte[], byte[]> dead(ProductName product) throws Exception {
        return transaction(ControlWriter.transactionalId(product), word(product));
    }

    private static ProducerRecord<byte[], byte[]> word(ProductName product) {
        return ControlRecords.noRest(new Generation(product, 7));
    }

    private static KafkaProducer<byte[], byte[]> transaction(String id, ProducerRecord<byte[], byte[]> record)
            throws Exception {
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", id),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(record).get();
        return producer;
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }
}
