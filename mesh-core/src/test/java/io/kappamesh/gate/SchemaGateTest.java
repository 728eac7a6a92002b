package io.kappamesh.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.brokers.RetryPolicy;
import io.kappamesh.contracts.topologytest.Basket;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.registry.SchemaLookup;
import io.kappamesh.registry.SchemaRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchemaGateTest {
    private final FakeRegistry server = new FakeRegistry();
    private final SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", server.url()));
    private final List<StartupException> gaveUp = new CopyOnWriteArrayList<>();
    private final int known = server.register("in-value", Basket.getClassSchema());

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        registry.close();
        server.close();
    }

    @Test
    void whatNeedsNoSchemaPassesWhateverTheRegistryDoes() {
        server.goDown();
        try (SchemaGate gate = gate(Optional.empty())) {
            assertThat(admits(gate, "in", null)).isTrue();
            assertThat(admits(gate, "in", new byte[] {1, 2, 3})).isTrue();
            assertThat(admits(gate, "p.g1-x-repartition", record(known))).isTrue();
            assertThat(gate.waitingFor()).isEmpty();
        }
    }

    @Test
    void anIdIsLookedUpAndThenPasses() {
        try (SchemaGate gate = gate(Optional.empty())) {
            assertThat(admits(gate, "in", record(known))).isFalse();

            await().until(() -> admits(gate, "in", record(known)));
        }
    }

    @Test
    void anIdThatAKeyNamesIsLookedUpToo() {
        ConsumerRecord<byte[], byte[]> keyed = new ConsumerRecord<>("in", 0, 0, record(known), new byte[] {1});
        ConsumerRecord<byte[], byte[]> both = new ConsumerRecord<>("in", 0, 0, record(known), record(4_711));
        TopicPartition in = new TopicPartition("in", 0);
        try (SchemaGate gate = gate(Optional.empty())) {
            assertThat(gate.admits(in, keyed)).isFalse();
            await().until(() -> gate.admits(in, keyed));

            assertThat(gate.admits(in, both)).as("its value names another one").isFalse();
            await().until(() -> gate.admits(in, both));
        }
    }

    @Test
    void anIdThatDoesNotExistPassesToTheIntakeWhichRefusesIt() {
        try (SchemaGate gate = gate(Optional.empty())) {
            await().until(() -> admits(gate, "in", record(4_711)));
        }
    }

    @Test
    void whatIsMissingCoversOnlyWhatWasWrittenBeforeItWasAskedFor() {
        TopicPartition in = new TopicPartition("in", 0);
        int next = known + 1;
        try (SchemaGate gate = gate(Optional.empty())) {
            await().until(() -> gate.passing(in, List.of(at(3, next)), 5) == 1);
            assertThat(gate.passing(in, List.of(at(4, next)), 5))
                    .as("written before the question")
                    .isEqualTo(1);

            assertThat(server.register("other-value", Schema.createRecord("Other", "", "o", false, List.of())))
                    .isEqualTo(next);
            assertThat(gate.passing(in, List.of(at(5, next)), 6))
                    .as("written after it: asked for again")
                    .isZero();

            await().until(() -> gate.admits(in, at(5, next)));
            assertThat(registry.lookup(next)).isInstanceOf(SchemaLookup.Found.class);
        }
    }

    @Test
    void idsOfOnePollAreLookedUpTogether() {
        TopicPartition in = new TopicPartition("in", 0);
        List<ConsumerRecord<byte[], byte[]>> garbage =
                IntStream.range(0, 40).mapToObj(i -> at(i, 10_000 + i)).toList();
        try (SchemaGate gate = gate(Optional.empty())) {
            assertThat(gate.passing(in, garbage, 40)).isZero();

            await().until(() -> registry.knows(10_039));
            await().until(() -> gate.admits(in, garbage.get(0)));
            assertThat(gate.passing(in, garbage, 40)).isEqualTo(40);
        }
    }

    @Test
    void garbageOfASlowRegistryIsLetGoInFewPieces() throws InterruptedException {
        server.delay(Duration.ofMillis(10));
        TopicPartition in = new TopicPartition("in", 0);
        int all = 200;
        List<ConsumerRecord<byte[], byte[]>> garbage =
                IntStream.range(0, all).mapToObj(i -> at(i, 10_000 + i)).toList();
        int pieces = 0;
        long began = System.nanoTime();
        try (SchemaGate gate = gate(Optional.empty())) {
            int next = gate.passing(in, garbage, all);
            while (next < all) {
                if (gate.admits(in, garbage.get(next))) {
                    next += gate.passing(in, garbage.subList(next, all), all);
                    pieces++;
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
        long windows = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) / 500;
        assertThat(pieces).isBetween(1, (int) windows + 2);
    }

    @Test
    void garbageInOnePartitionKeepsNoOtherWaiting() {
        server.delay(Duration.ofMillis(10));
        TopicPartition one = new TopicPartition("in", 1);
        List<ConsumerRecord<byte[], byte[]>> garbage =
                IntStream.range(0, 400).mapToObj(i -> at(i, 10_000 + i)).toList();
        try (SchemaGate gate = gate(Optional.empty())) {
            gate.passing(new TopicPartition("in", 0), garbage, 400);
            gate.passing(one, List.of(at(0, known)), 1);

            await().until(() -> registry.knows(known));

            assertThat(registry.knows(10_399)).isFalse();
        }
    }

    @Test
    void whatCanBeNoIdIsNotAskedFor() {
        server.goDown();
        try (SchemaGate gate = gate(Optional.empty())) {
            assertThat(admits(gate, "in", record(-7))).isTrue();
        }
    }

    @Test
    void whileTheRegistryIsDownARecordWaitsAndWhenItIsBackThePassageOpens() {
        server.goDown();
        try (SchemaGate gate = gate(Optional.empty())) {
            assertThat(admits(gate, "in", record(known))).isFalse();
            await().untilAsserted(() -> assertThat(gate.waitingFor())
                    .hasValueSatisfying(words -> assertThat(words).contains("schema id " + known)));
            assertThat(admits(gate, "in", record(known))).isFalse();

            server.comeUp();

            await().until(() -> admits(gate, "in", record(known)));
            await().until(() -> gate.waitingFor().isEmpty());
        }
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void aLookupThatHangsBlocksNobody() {
        server.hang();
        try (SchemaGate gate = gate(Optional.empty())) {
            assertThat(admits(gate, "in", record(known))).isFalse();
            server.awaitRequest();

            assertThat(admits(gate, "in", record(known))).isFalse();
            assertThat(admits(gate, "in", record(99))).isFalse();
        } finally {
            server.comeUp();
        }
    }

    @Test
    void waitForTheRegistryEndsAtItsLimit() {
        server.goDown();
        try (SchemaGate gate = gate(Optional.of(Duration.ofMillis(300)))) {
            assertThat(admits(gate, "in", record(known))).isFalse();

            await().untilAsserted(() -> assertThat(gaveUp)
                    .singleElement()
                    .satisfies(tooLong -> assertThat(tooLong.exitCode()).isEqualTo(ExitCode.PLATFORM)));
        }
    }

    private SchemaGate gate(Optional<Duration> timeout) {
        return new SchemaGate(
                "p.x",
                registry,
                RetryPolicy.of(timeout),
                new SchemaGate.Claims(Set.of("in"), Set.of("in")),
                gaveUp::add);
    }

    private static ConsumerRecord<byte[], byte[]> at(long offset, int id) {
        return new ConsumerRecord<>("in", 0, offset, null, record(id));
    }

    private static boolean admits(SchemaGate gate, String topic, byte[] value) {
        return gate.admits(new TopicPartition(topic, 0), new ConsumerRecord<>(topic, 0, 0, null, value));
    }

    static byte[] record(int id) {
        return ByteBuffer.allocate(9).put((byte) 0).putInt(id).array();
    }
}
