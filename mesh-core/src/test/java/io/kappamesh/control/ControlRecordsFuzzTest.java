package io.kappamesh.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kappamesh.contract.ProductName;
import io.kappamesh.fuzz.Fuzzing;
import io.kappamesh.fuzz.Mutations;
import io.kappamesh.generation.Acknowledgement;
import io.kappamesh.generation.CaughtUp;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Generation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.OffsetCheckpoint;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Whatever stands in a control topic: it is read, passed over, or named as what cannot be read. */
class ControlRecordsFuzzTest {
    private static final ProductName ORDERS = ProductName.of("sales.orders");
    private static final Generation FIRST = new Generation(ORDERS, 1);
    private static final String TOPIC = ControlTopic.of(ORDERS);
    private static final String DECIDED = "product/" + ORDERS;
    private static final List<String> WORDS = List.of(
            "null",
            "true",
            "-1",
            "1e999999999",
            "99999999999999999999",
            "\"\"",
            "{}",
            "[]",
            "[[",
            "{\"a\":",
            "\"number\":",
            "\"generations\":",
            "\"role\":",
            "\"SERVING\"",
            "\"cut\":",
            "\"origin\":",
            ",",
            ":",
            "\\u0000",
            "\u00e9",
            "NaN",
            "[".repeat(2_000),
            "9".repeat(2_000));

    @Test
    void decisions() {
        List<byte[]> samples = new ArrayList<>();
        ProductLifecycle first = ProductLifecycle.empty(ORDERS).with(generation(1, Role.SERVING));
        ProductLifecycle second = first.with(generation(2, Role.CANDIDATE));
        for (ProductLifecycle lifecycle : List.of(ProductLifecycle.empty(ORDERS), first, second)) {
            samples.add(ControlRecords.of(lifecycle).value());
        }

        Fuzzing.each(Mutations.of(samples, WORDS), 2_000, value -> {
            ControlState state = new ControlState();
            ControlRecords.read(record(DECIDED, value), state);

            Optional<ProductLifecycle> lifecycle = state.lifecycle();
            assertThat(lifecycle.isPresent() || state.unreadable().isPresent()).isTrue();
            if (lifecycle.isPresent()) {
                JsonNode again = ControlRecords.written(lifecycle.get(), null);
                assertThat(again.isObject()).isTrue();
                assertThat(lifecycle.get().nextNumber()).isPositive();
                assertThat(lifecycle.get().serving()).isNotNull();
                assertThat(lifecycle.get().live()).isNotNull();
            }
        });
    }

    @Test
    void aFingerprintKeepsTheNameThatItHasInTopicsThatExist() {
        ProductLifecycle lifecycle = ProductLifecycle.empty(ORDERS).with(generation(1, Role.SERVING));

        byte[] written = ControlRecords.of(lifecycle).value();

        assertThat(new String(written, StandardCharsets.UTF_8)).contains("\"shape\":[\"stores sums\"]");
        ControlState state = new ControlState();
        ControlRecords.read(record(DECIDED, written), state);
        assertThat(state.lifecycle().flatMap(ProductLifecycle::serving).map(GenerationRecord::fingerprint))
                .contains(List.of("stores sums"));
    }

    @Test
    void wordsOfProcesses() {
        Map<TopicPartition, Long> offsets = Map.of(new TopicPartition("sales.order-events.v1", 0), 7L);
        List<ProducerRecord<byte[], byte[]>> words = List.of(
                ControlRecords.of(OffsetCheckpoint.of(FIRST, offsets, offsets)),
                ControlRecords.of(Failure.of(FIRST, "p", Instant.EPOCH, 70, List.of("why"))),
                ControlRecords.of(new CaughtUp(FIRST.toString(), Map.of("a-0", new CaughtUp.Place(1, 2)))),
                ControlRecords.of(new Acknowledgement(
                        FIRST.toString(), "p", "c", Map.of("a-0", 1L), List.of("m"), List.of("t"))));
        for (ProducerRecord<byte[], byte[]> word : words) {
            String key = new String(word.key(), StandardCharsets.UTF_8);
            Fuzzing.each(Mutations.of(List.of(word.value()), WORDS), 500, value -> {
                ControlState state = new ControlState();
                ControlRecords.read(record(key, value), state);
                asked(state);
            });
        }
    }

    @Test
    void keys() {
        Mutations keys = Mutations.of(
                Mutations.samples(
                        DECIDED, "rest/sales.orders.g1", "cut/sales.orders.g1/p", "failure/sales.orders.g1", ""),
                List.of("/", "product/", "cut/", "rest/", "read/", "g1", "\u0000"));
        byte[] value = ControlRecords.of(ProductLifecycle.empty(ORDERS)).value();
        Fuzzing.each(keys, 1_000, key -> {
            ControlState state = new ControlState();
            ControlRecords.read(new ConsumerRecord<>(TOPIC, 0, 0, key, value), state);
            ControlRecords.read(new ConsumerRecord<>(TOPIC, 0, 1, key, null), state);
            asked(state);
        });
    }

    private static void asked(ControlState state) {
        assertThat(state.checkpoint(FIRST)).isNotNull();
        assertThat(state.failure(FIRST)).isNotNull();
        assertThat(state.caughtUp(FIRST)).isNotNull();
        assertThat(state.acknowledgements(FIRST, "c")).isNotNull();
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, byte[] value) {
        return new ConsumerRecord<>(TOPIC, 0, 0, key.getBytes(StandardCharsets.UTF_8), value);
    }

    private static GenerationRecord generation(int number, Role role) {
        return GenerationRecord.begun(
                number,
                role,
                Computation.of("build", List.of("stores sums"), List.of()),
                new PortTopics(List.of("sales.order-events.v1"), List.of("sales.orders.v1")),
                History.upTo(Map.of(new TopicPartition("sales.order-events.v1", 0), 5L), "2026-01-01T00:00:00Z"));
    }
}
