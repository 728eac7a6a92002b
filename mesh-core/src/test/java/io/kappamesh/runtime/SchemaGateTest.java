package io.kappamesh.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.avro.SchemaRegistry;
import io.kappamesh.contracts.topologytest.Basket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SchemaGateTest {
    private final FakeRegistry server = new FakeRegistry();
    private final SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", server.url()));
    private final List<StartupException> gaveUp = new CopyOnWriteArrayList<>();
    private final int known = server.register("in-value", Basket.getClassSchema());

    @AfterEach
    void stop() {
        registry.close();
        server.close();
    }

    @Test
    void whatNeedsNoSchemaPassesWhateverTheRegistryDoes() {
        server.goDown();
        try (SchemaGate gate = gate(Optional.empty())) {
            assertThat(gate.admits("in", null)).isTrue();
            assertThat(gate.admits("in", new byte[] {1, 2, 3})).isTrue();
            assertThat(gate.admits("p.g1-x-repartition", record(known))).isTrue();
            assertThat(gate.waitingFor()).isEmpty();
        }
    }

    @Test
    void anIdIsLookedUpAndThenPasses() {
        try (SchemaGate gate = gate(Optional.empty())) {
            assertThat(gate.admits("in", record(known))).isFalse();

            await().until(() -> gate.admits("in", record(known)));
        }
    }

    @Test
    void anIdThatDoesNotExistPassesToTheDoorWhichRefusesIt() {
        try (SchemaGate gate = gate(Optional.empty())) {
            await().until(() -> gate.admits("in", record(4_711)));
        }
    }

    @Test
    void whileTheRegistryIsDownARecordWaitsAndWhenItIsBackThePassageOpens() {
        server.goDown();
        try (SchemaGate gate = gate(Optional.empty())) {
            assertThat(gate.admits("in", record(known))).isFalse();
            await().untilAsserted(() -> assertThat(gate.waitingFor())
                    .hasValueSatisfying(words -> assertThat(words).contains("schema id " + known)));
            assertThat(gate.admits("in", record(known))).isFalse();

            server.comeUp();

            await().until(() -> gate.admits("in", record(known)));
            await().until(() -> gate.waitingFor().isEmpty());
        }
        assertThat(gaveUp).isEmpty();
    }

    @Test
    void aLookupThatHangsBlocksNobody() {
        server.hang();
        try (SchemaGate gate = gate(Optional.empty())) {
            assertThat(gate.admits("in", record(known))).isFalse();
            server.awaitRequest();

            assertThat(gate.admits("in", record(known))).isFalse();
            assertThat(gate.admits("in", record(99))).isFalse();
        } finally {
            server.comeUp();
        }
    }

    @Test
    void patienceEndsAndIsTold() {
        server.goDown();
        try (SchemaGate gate = gate(Optional.of(Duration.ofMillis(300)))) {
            assertThat(gate.admits("in", record(known))).isFalse();

            await().untilAsserted(() -> assertThat(gaveUp)
                    .singleElement()
                    .satisfies(tooLong -> assertThat(tooLong.exitCode()).isEqualTo(ExitCode.PLATFORM)));
        }
    }

    private SchemaGate gate(Optional<Duration> patience) {
        return new SchemaGate("p.x", registry, Patience.of(patience), Set.of("in"), gaveUp::add);
    }

    static byte[] record(int id) {
        return ByteBuffer.allocate(9).put((byte) 0).putInt(id).array();
    }
}
