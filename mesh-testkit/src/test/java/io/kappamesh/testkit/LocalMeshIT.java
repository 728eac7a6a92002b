package io.kappamesh.testkit;

import static io.kappamesh.testkit.Facts.NOON;
import static io.kappamesh.testkit.Facts.fact;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.intake.Reason;
import io.kappamesh.observe.ProductState;
import io.kappamesh.runtime.MeshRuntime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each test has a domain of its own. */
@Timeout(180)
class LocalMeshIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @Test
    void aProductRunsOnARealBrokerAndARealRegistry() {
        Facts shop = new Facts("shop");
        try (MeshRuntime running = mesh.run(shop.product())) {
            mesh.write(shop.raw, "a", fact("one"));
            mesh.write(shop.raw, "a", fact("two"));
            mesh.write(shop.raw, "b", fact(NOON.plusSeconds(1), "three"));
            mesh.writeBytes(shop.raw, utf8("c"), utf8("garbage"));

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(mesh.table(shop.facts))
                            .isEqualTo(Map.of("a", fact("two"), "b", fact(NOON.plusSeconds(1), "three"))));
            assertThat(mesh.records(shop.facts))
                    .hasSize(3)
                    .allSatisfy(record -> assertThat(record.timestamp()).isGreaterThanOrEqualTo(NOON.toEpochMilli()));
            await().atMost(TIMEOUT)
                    .untilAsserted(
                            () -> assertThat(mesh.deadLetters(shop.product().product()))
                                    .extracting(DeadLetter::reason)
                                    .containsExactly(Reason.UNDECODABLE));
            assertThat(running.products().get(0).state()).isEqualTo(ProductState.LIVE);
        }
    }

    @Test
    void whatAProductPublishedIsProvedByReplayingIt() {
        Facts shop = new Facts("proved");
        DataProduct product = shop.product().product();
        try (MeshRuntime running = mesh.run(shop.product())) {
            assertThatThrownBy(() -> mesh.prove(product)).hasMessageContaining("proved.copy: published nothing");
            mesh.write(shop.raw, "a", fact("one"));
            mesh.write(shop.raw, "b", fact("two"));
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(mesh.table(shop.facts)).hasSize(2));

            assertThat(mesh.prove(product).records()).isEqualTo(2);
            mesh.delete(shop.facts, "b", NOON);

            assertThatThrownBy(() -> mesh.prove(product))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("proved.facts.v1: 1 keys differ")
                    .hasMessageContaining("b: ONLY_CANDIDATE");
            assertThat(running.products().get(0).state()).isEqualTo(ProductState.LIVE);
        }
    }

    @Test
    void whatWasWrittenBeforeAnythingRanIsHistory() {
        Facts shop = new Facts("early");
        mesh.provision(shop.product());
        mesh.write(shop.raw, "a", fact("one"));
        Map<String, String> instance = mesh.settings();

        try (MeshRuntime first = mesh.run(instance, shop.product())) {
            assertThat(first.products()).hasSize(1);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(mesh.table(shop.facts)).containsOnlyKeys("a"));
        }
        try (MeshRuntime again = mesh.run(instance, shop.product())) {
            assertThat(again.products()).hasSize(1);
        }
        assertThat(mesh.records(shop.facts)).hasSize(1);
    }

    @Test
    void aDeletionReachesTheReadersOfATable() {
        Facts theirs = new Facts("theirs");
        Facts ours = new Facts("ours");
        mesh.provision(theirs.product());
        mesh.write(theirs.facts, "a", fact("one"));
        mesh.write(theirs.facts, "b", fact("two"));
        mesh.delete(theirs.facts, "a", NOON);

        try (MeshRuntime running = mesh.run(ours.reader(theirs.facts))) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(mesh.records(ours.facts)).hasSize(3));
            assertThat(mesh.table(ours.facts)).containsOnlyKeys("b");
            assertThat(running.products().get(0).deadLetters()).isZero();
        }
    }

    @Test
    void aRunningProductDoesNotNeedTheRegistryAndARestartedRegistryKnowsItsSchemas(LocalMesh parameter) {
        Facts shop = new Facts("outage");
        try (MeshRuntime running = mesh.run(shop.product())) {
            mesh.write(shop.raw, "a", fact("one"));
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(mesh.table(shop.facts)).containsOnlyKeys("a"));
            byte[] seen = mesh.bytes(shop.raw, fact("two"));

            mesh.registry().stop();
            mesh.writeBytes(shop.raw, utf8("b"), seen);
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(mesh.table(shop.facts)).containsOnlyKeys("a", "b"));

            mesh.registry().start();
            mesh.write(shop.raw, "c", fact("three"));
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(mesh.table(shop.facts)).containsOnlyKeys("a", "b", "c"));
            assertThat(running.products().get(0).state()).isEqualTo(ProductState.LIVE);
        }
        assertThat(parameter.bootstrapServers()).isEqualTo(mesh.bootstrapServers());
    }

    @Test
    void aTopicThatNobodyMadeIsNamed() {
        assertThatThrownBy(() -> mesh.table(new Facts("nobody").facts))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nobody.facts.v1 does not exist");
    }

    @Test
    void outsideOfATestClassThereIsNone() {
        assertThatThrownBy(() -> LocalMesh.withBrokers(1).kafka())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@RegisterExtension static final");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
