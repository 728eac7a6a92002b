package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.kappamesh.condition.Condition;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.testkit.LocalMesh;
import io.kappamesh.topology.StreamingProduct;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A start refuses what breaks a contract before it touches anything. */
@SuppressWarnings("try") // what runs is closed
class ContractGateIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @Test
    void whereOnePortBreaksNothingOfTheOthersIsMade() throws Exception {
        mesh.provision(GatedShop.product(
                "gateda", List.of("orders"), GatedShop.order(GatedShop.ID, GatedShop.NO, GatedShop.AT), port -> port));
        StreamingProduct next = GatedShop.product(
                "gateda", List.of("extra", "orders"), GatedShop.order(GatedShop.ID, GatedShop.AT), port -> port);

        StartupException refused = catchThrowableOfType(
                StartupException.class,
                () -> MeshRuntime.provision(Settings.of(mesh.settings(), Map.of()), List.of(next)));

        assertThat(refused.exitCode()).isEqualTo(ExitCode.CONTRACT);
        assertThat(refused.problems())
                .singleElement()
                .asString()
                .contains(
                        "port gateda.orders.v1",
                        "version 1",
                        "new data",
                        "Order.no is not in the data and has no default",
                        "[field-without-default]",
                        "keep the field",
                        "gateda.orders.v2");
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, mesh.bootstrapServers()));
                SchemaRegistry registry = SchemaRegistry.connect(Map.of("schema.registry.url", mesh.registryUrl()))) {
            assertThat(admin.listTopics().names().get()).doesNotContain("gateda.extra.v1");
            assertThat(registry.versions("gateda.extra.v1-value")).isEmpty();
            assertThat(registry.versions("gateda.orders.v1-value")).hasSize(1);
        }
    }

    @Test
    void whatStandsBesideTheSchemaIsComparedWithWhatServes() {
        Schema schema = GatedShop.order(GatedShop.ID, GatedShop.NO, GatedShop.AT);
        try (Discovery discovery = Discovery.connect(Settings.of(mesh.settings(), Map.of()))) {
            try (MeshRuntime running = mesh.run(GatedShop.product(
                    "gatedb",
                    List.of("orders"),
                    schema,
                    port -> port.key("id").promises("has-id", "it has a number", Condition.of("id is not empty"))))) {
                await().atMost(TIMEOUT)
                        .until(() ->
                                discovery.catalog().port("gatedb.orders.v1").isPresent());
            }
            try (MeshRuntime next = MeshRuntime.start(
                    Settings.of(mesh.settings(), Map.of()),
                    List.of(GatedShop.product("gatedb", List.of("orders"), schema, port -> port.key("no"))))) {
                MeshRuntime.End end = next.awaitEnd();

                assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
                assertThat(end.problems())
                        .singleElement()
                        .asString()
                        .contains("its key is id in the catalogue and no in what is declared now", "[key]");
            }
            try (MeshRuntime before = mesh.run(GatedShop.product("gatedb", List.of("orders"), schema, port -> port))) {
                assertThat(before.health().isReady())
                        .as("an earlier build that promised less, after a roll back")
                        .isTrue();
            }
        }
    }
}
