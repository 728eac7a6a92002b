package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.kappamesh.condition.Condition;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortBuilder;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.testkit.LocalMesh;
import io.kappamesh.topology.StreamingProduct;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A start refuses what breaks a contract before it touches anything. */
@SuppressWarnings("try") // what runs is closed
class ContractGateIT {
    private static final String ID = "{\"name\":\"id\",\"type\":\"string\"}";
    private static final String NO = "{\"name\":\"no\",\"type\":\"string\"}";
    private static final String AT =
            "{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}}";

    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @Test
    void whereOnePortBreaksNothingOfTheOthersIsMade() throws Exception {
        mesh.provision(product("gateda", List.of("orders"), order(ID, NO, AT), port -> port));
        StreamingProduct next = product("gateda", List.of("extra", "orders"), order(ID, AT), port -> port);

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
                        "the new schema",
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
        Schema schema = order(ID, NO, AT);
        try (Discovery discovery = Discovery.connect(Settings.of(mesh.settings(), Map.of()))) {
            try (MeshRuntime running = mesh.run(product(
                    "gatedb",
                    List.of("orders"),
                    schema,
                    port -> port.key("id").promises("has-id", "it has a number", Condition.of("id is not empty"))))) {
                await().until(() -> discovery.catalog().port("gatedb.orders.v1").isPresent());
            }
            try (MeshRuntime next = MeshRuntime.start(
                    Settings.of(mesh.settings(), Map.of()),
                    List.of(product("gatedb", List.of("orders"), schema, port -> port.key("no"))))) {
                MeshRuntime.End end = next.awaitEnd();

                assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
                assertThat(end.problems())
                        .singleElement()
                        .asString()
                        .contains("its key is id in the catalogue and no in what is declared now", "[key]");
            }
            try (MeshRuntime before = mesh.run(product("gatedb", List.of("orders"), schema, port -> port))) {
                assertThat(before.health().isReady())
                        .as("an earlier build that promised less, after a roll back")
                        .isTrue();
            }
        }
    }

    /** Publishes each order under all of these names. */
    private static StreamingProduct product(
            String domain,
            List<String> names,
            Schema schema,
            UnaryOperator<PortBuilder<GenericRecord, OutputPort<GenericRecord>>> more) {
        EventSource<GenericRecord> raw = SourcePort.events(domain + ".raw.v1", GenericRecord.class)
                .schema(order(AT))
                .eventTime("at")
                .describedAs("Orders as they come")
                .build();
        List<OutputPort<GenericRecord>> ports = names.stream()
                .map(name -> more.apply(OutputPort.table(domain + "." + name + ".v1", GenericRecord.class)
                                .schema(schema)
                                .eventTime("at")
                                .describedAs("Orders"))
                        .build())
                .toList();
        DataProduct.Builder product = DataProduct.named(domain + ".orders")
                .ownedBy(domain, domain + "@example.org")
                .describedAs("Orders")
                .reads(raw);
        ports.forEach(product::publishes);
        return new StreamingProduct(product.build(), wired -> {
            KStream<String, GenericRecord> orders = wired.read(raw).stream()
                    .mapValues(
                            one -> new GenericRecordBuilder(schema)
                                    .set("id", "o")
                                    .set("no", "n")
                                    .set("at", one.get("at"))
                                    .build(),
                            Named.as("orders"));
            ports.forEach(port -> wired.publish(port, orders));
        });
    }

    private static Schema order(String... fields) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":["
                        + String.join(",", fields) + "]}");
    }
}
