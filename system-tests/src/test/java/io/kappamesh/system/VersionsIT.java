package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.command.OperatorCommands;
import io.kappamesh.command.Shell;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.cut.Progress;
import io.kappamesh.deployment.DeploymentCommands;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.fixture.CapturedOutput;
import io.kappamesh.generation.Generation;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.lifecycle.Promotion;
import io.kappamesh.observe.ProductState;
import io.kappamesh.retirement.PortRetirement;
import io.kappamesh.retirement.PortRetirer;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.testkit.LocalMesh;
import io.kappamesh.topology.StreamingProduct;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

/** The life of a second major version of a port, and the end of the first one. */
@Timeout(180)
@SuppressWarnings("try") // what runs is closed
class VersionsIT {
    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @Test
    void aSecondVersionIsAddedBothAreCorrectedAtOnceAndTheFirstIsRetired() throws Exception {
        VersionedShop shop = new VersionedShop("shopv");
        ProductName product = ProductName.of("shopv.orders");
        PortAddress v1 = PortAddress.of("shopv.orders.v1");
        try (Lifecycle lifecycle = Lifecycle.connect(settings("operator"));
                PortRetirer retirer = PortRetirer.connect(settings("operator"));
                Discovery discovery = Discovery.connect(settings("operator"))) {
            MeshRuntime first = mesh.run(values("b0"), shop.first());
            write(shop, "o-1", 100, "EUR");
            write(shop, "o-2", 200, "EUR");
            write(shop, "o-3", 300, "USD");
            try (PlainReader reader = new PlainReader(v1.topic(), "reports-shopv");
                    Follower follower = Follower.of(v1.topic(), "scripts-shopv")) {
                reader.awaitRecords(3);

                // A build with another port does not go on with what serves.
                try (MeshRuntime refused = MeshRuntime.start(settings("b1"), List.of(shop.both(order -> order)))) {
                    MeshRuntime.End end = refused.awaitEnd();
                    assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
                    assertThat(end.problems())
                            .singleElement()
                            .asString()
                            .contains("adds [shopv.orders.v2]", "replay shopv.orders", "Nothing is changed");
                }
                try (Admin admin = admin()) {
                    assertThat(admin.listTopics().names().get())
                            .as("it is refused before anything is touched")
                            .contains("shopv.orders.v1")
                            .doesNotContain("shopv.orders.v2");
                }

                // It is replayed, equal in what there was, and promoted with all of what is new.
                MeshRuntime second = replay("b1", shop.both(VersionsIT::withAWrongCurrency));
                awaitLive(second);
                assertThat(mesh.records(shop.v2)).isEmpty();
                assertThat(lifecycle
                                .verify(
                                        product,
                                        OptionalInt.empty(),
                                        List.of("shopv.orders.v1/only-candidate", "shopv.orders.v1/changed:*"),
                                        Progress.SILENT)
                                .agrees())
                        .isTrue();
                Promotion added = lifecycle.promote(product, OptionalInt.empty(), false, Progress.SILENT);
                assertThat(added.corrections()).isEqualTo(Map.of("shopv.orders.v1", 1L, "shopv.orders.v2", 3L));
                // A commit is answered before its records are visible.
                awaiting()
                        .untilAsserted(() -> assertThat(prices(shop))
                                .isEqualTo(Map.of("o-1", "100 EUR", "o-2", "200 EUR", "o-3", "300 EUR")));
                first.close();

                // Live: both versions come from one state.
                write(shop, "o-4", 400, "EUR");
                awaiting()
                        .until(() ->
                                prices(shop).containsKey("o-4") && totals(shop).containsKey("o-4"));
                reader.awaitRecords(5);

                // A fix corrects both, in one transaction; what is right is left alone.
                MeshRuntime third = replay("b2", shop.both(order -> order));
                awaitLive(third);
                Promotion fixed = lifecycle.promote(product, OptionalInt.of(3), true, Progress.SILENT);
                assertThat(fixed.corrections()).isEqualTo(Map.of("shopv.orders.v1", 1L, "shopv.orders.v2", 1L));
                awaiting().untilAsserted(() -> {
                    assertThat(prices(shop)).containsEntry("o-3", "300 USD").hasSize(4);
                    assertThat(totals(shop)).isEqualTo(Map.of("o-1", 100L, "o-2", 200L, "o-4", 400L));
                });
                reader.awaitRecords(6);
                assertThat(reader.corrections()).containsExactly("o-3 value", "o-3 deleted");
                assertThat(reader.keys()).hasSize(6);
                follower.requireLines(
                        "\"totalCents\":300},\"correctedBy\":\"shopv.orders.g2\"}",
                        "\"o-3\",\"value\":null,\"correctedBy\":\"shopv.orders.g3\"}");
                second.close();

                // Readers are named, declared ones and others.
                try (CapturedOutput output = new CapturedOutput();
                        MeshRuntime copies = mesh.run(values("copies"), shop.reader("copyv"))) {
                    assertThat(copies.products()).hasSize(1);
                    awaiting()
                            .untilAsserted(() -> assertThat(output.text())
                                    .contains(
                                            "copyv.copies reads shopv.orders.v1, which is deprecated: read shopv.orders.v2"
                                                    + " instead, before 2000-01-31"));
                    awaiting()
                            .until(() -> discovery.catalog().readers(v1.topic()).stream()
                                    .anyMatch(edge -> edge.reader().equals("copyv.copies")));
                    assertThat(discovery
                                    .catalog()
                                    .port(v1.topic())
                                    .orElseThrow()
                                    .output()
                                    .ending())
                            .hasValueSatisfying(ending -> assertThat(ending.sentence())
                                    .isEqualTo("is deprecated: read shopv.orders.v2 instead, before 2000-01-31"));
                    assertThatThrownBy(() -> retirer.retire(v1, "somebody", false, Progress.SILENT))
                            .isInstanceOf(LifecycleException.class)
                            .hasMessageContaining("copyv.copies (declares that it reads it)")
                            .hasMessageContaining("reports-shopv (its consumer group reads it now)");
                }
                assertThatThrownBy(() -> retirer.retire(v1, "somebody", false, Progress.SILENT))
                        .hasMessageContaining("copyv.copies (declares that it reads it");
                awaiting().ignoreExceptions().untilAsserted(() -> discovery.forget(ProductName.of("copyv.copies")));
                reader.commit();
            }
            assertThatThrownBy(() -> retirer.retire(v1, "somebody", false, Progress.SILENT))
                    .hasMessageContaining("reports-shopv (its consumer group has read it, has no members now")
                    .hasMessageNotContaining("copyv");
            try (Admin admin = admin()) {
                List<String> readers = admin.listGroups().all().get().stream()
                        .map(GroupListing::groupId)
                        .filter(group -> group.endsWith("-shopv"))
                        .toList();
                admin.deleteConsumerGroups(readers).all().get();

                PortRetirement marked = retirer.retire(v1, "somebody", false, Progress.SILENT);

                assertThat(marked.deleted()).isEmpty();
                assertThat(marked.publishers()).hasSize(3).anyMatch(one -> one.contains("g3 of build b2"));
                lifecycle.retire(Generation.of("shopv.orders.g1"), Progress.SILENT);
                lifecycle.retire(Generation.of("shopv.orders.g2"), Progress.SILENT);
                stopAll();
                MeshRuntime fourth =
                        started(MeshRuntime.start(settings("b3"), List.of(shop.secondOnly(order -> order))));
                awaitLive(fourth);
                PortRetirement done = retirer.retire(v1, "somebody", false, Progress.SILENT);
                assertThat(done.deleted()).contains("shopv.orders.v1");
                assertThat(done.record().isDeleted()).isTrue();
                assertThat(done.record().at()).isEqualTo(marked.record().at());
                awaiting().until(() -> !admin.listTopics().names().get().contains("shopv.orders.v1"));
                write(shop, "o-5", 500, "USD");
                awaiting().until(() -> prices(shop).containsKey("o-5"));
                stopAll();

                // A build of before would make the topic again, from here on only.
                try (MeshRuntime older = MeshRuntime.start(settings("b4"), List.of(shop.both(order -> order)))) {
                    MeshRuntime.End end = older.awaitEnd();
                    assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
                    assertThat(end.problems())
                            .singleElement()
                            .asString()
                            .contains("[shopv.orders.v1], which is retired and whose topic is deleted");
                }
                assertThat(admin.listTopics().names().get()).doesNotContain("shopv.orders.v1");
            } finally {
                stopAll();
            }
        }
    }

    @Test
    void aReaderThatIsRetiredByForceIsRecorded() {
        VersionedShop shop = new VersionedShop("shopw");
        PortAddress v1 = PortAddress.of("shopw.orders.v1");
        try (MeshRuntime running = mesh.run(values("w0"), shop.both(order -> order));
                MeshRuntime reading = mesh.run(values("w1"), shop.reader("copyw"));
                Discovery discovery = Discovery.connect(settings("operator"));
                PortRetirer retirer = PortRetirer.connect(settings("operator"))) {
            awaiting()
                    .until(() -> discovery.catalog().readers(v1.topic()).stream()
                            .anyMatch(edge -> edge.reader().equals("copyw.copies")));

            Told refused = command("retire-port", v1.topic());
            assertThat(refused.code()).isEqualTo(ExitCode.CONTRACT.number());
            assertThat(refused.text()).contains("copyw.copies (declares that it reads it)", "--force");
            assertThat(discovery.retired(v1)).isEmpty();

            PortRetirement forced = retirer.retire(v1, "somebody", true, Progress.SILENT);

            assertThat(discovery.retired(v1)).contains(forced.record());
            assertThat(discovery.retired(PortAddress.of("nowhere.orders.v1"))).isEmpty();
            assertThat(forced.record().by()).isEqualTo("somebody");
            assertThat(forced.record().despite()).singleElement().asString().startsWith("copyw.copies (");
            assertThat(forced.publishers()).singleElement().asString().contains("shopw.orders.g1 of build w0");
            Told told = command("retire-port", v1.topic());
            assertThat(told.code()).isZero();
            assertThat(told.text())
                    .contains(
                            "by somebody",
                            "by force, despite copyw.copies",
                            "still published by shopw.orders.g1 of build w0",
                            "nothing is deleted yet");
            assertThat(command("describe", v1.topic()).text())
                    .contains("DEPRECATED   read shopw.orders.v2 instead", "retired at", "despite copyw.copies");
            assertThat(retirer.retire(v1, "another", false, Progress.SILENT).record())
                    .as("what was forced once is not asked again")
                    .isEqualTo(forced.record());
            assertThatThrownBy(
                            () -> retirer.retire(PortAddress.of("shopw.nothing.v1"), "somebody", true, Progress.SILENT))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContaining("no product");
        }
    }

    private record Told(int code, String text) {}

    private static Told command(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(out, true, StandardCharsets.UTF_8);
        CommandLine program = new CommandLine(new Nothing());
        Shell shell = new Shell(
                Map.of(
                        "MESH_BOOTSTRAP_SERVERS", mesh.bootstrapServers(),
                        "MESH_SCHEMA_REGISTRY_URL", mesh.registryUrl()),
                both,
                both,
                false);
        DeploymentCommands.addTo(program, shell, List.of());
        OperatorCommands.addTo(program, shell);
        program.setErr(new PrintWriter(both, true, StandardCharsets.UTF_8)); // of the commands that it has by now
        return new Told(program.execute(arguments), out.toString(StandardCharsets.UTF_8));
    }

    @CommandLine.Command(name = "mesh")
    private static final class Nothing {}

    /** A build that takes every price for one in euros. */
    private static GenericRecord withAWrongCurrency(GenericRecord order) {
        GenericRecord price = (GenericRecord) order.get("price");
        return VersionedShop.order(order.get("id"), order.get("placedAt"), price.get("amount"), "EUR");
    }

    private static ConditionFactory awaiting() {
        return await().atMost(Duration.ofSeconds(60));
    }

    private final List<MeshRuntime> started = new ArrayList<>();

    private MeshRuntime started(MeshRuntime runtime) {
        started.add(runtime);
        return runtime;
    }

    private void stopAll() {
        started.forEach(MeshRuntime::close);
        started.clear();
    }

    private MeshRuntime replay(String build, StreamingProduct candidate) {
        return started(MeshRuntime.builder(List.of(candidate))
                .candidate(OptionalInt.empty())
                .start(settings(build)));
    }

    private static void awaitLive(MeshRuntime runtime) {
        awaiting().until(() -> runtime.products().stream().allMatch(product -> product.state() == ProductState.LIVE));
    }

    private static Settings settings(String build) {
        return Settings.of(values(build), Map.of());
    }

    private static Map<String, String> values(String build) {
        Map<String, String> values = new HashMap<>(mesh.settings());
        values.put("mesh.build", build);
        return values;
    }

    private static void write(VersionedShop shop, String id, long amount, String currency) {
        mesh.write(shop.raw, id, shop.told(id, amount, currency));
    }

    private static Map<String, String> prices(VersionedShop shop) {
        return mesh.table(shop.v2).entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, row -> {
            GenericRecord price = (GenericRecord) row.getValue().get("price");
            return price.get("amount") + " " + price.get("currency");
        }));
    }

    private static Map<String, Long> totals(VersionedShop shop) {
        return mesh.table(shop.v1).entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, row ->
                (Long) row.getValue().get("totalCents")));
    }

    private static Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, mesh.bootstrapServers()));
    }

    /** A consumer as anybody writes it: a group, committed records, and no library of ours. */
    private static final class PlainReader implements AutoCloseable {
        private final KafkaConsumer<String, byte[]> consumer;
        private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();

        PlainReader(String topic, String group) {
            consumer = new KafkaConsumer<>(
                    Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, mesh.bootstrapServers(),
                            ConsumerConfig.GROUP_ID_CONFIG, group,
                            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"),
                    new StringDeserializer(),
                    new ByteArrayDeserializer());
            consumer.subscribe(Set.of(topic));
        }

        void awaitRecords(int many) {
            awaiting().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= many;
            });
        }

        List<String> keys() {
            return records.stream().map(ConsumerRecord::key).toList();
        }

        List<String> corrections() {
            return records.stream()
                    .filter(record -> record.headers().lastHeader("mesh-generation") != null)
                    .map(record -> record.key() + (record.value() == null ? " deleted" : " value"))
                    .toList();
        }

        void commit() {
            consumer.commitSync();
        }

        @Override
        public void close() {
            consumer.close();
        }
    }

    /**
     * A consumer in JavaScript, as a process: the example's, where Node and its libraries are, which {@code .ci/run} sees to. Elsewhere it does
     * nothing.
     */
    private static final class Follower implements AutoCloseable {
        private final Process process;
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Thread reader = new Thread(this::read, "follower");

        private Follower(Process process) {
            this.process = process;
        }

        static Follower of(String topic, String group) throws IOException {
            Path example = Checkout.root().resolve("examples").resolve("node-consumer");
            if (!Files.isDirectory(example.resolve("node_modules"))) {
                System.out.println("not followed in JavaScript: npm ci was not run in " + example);
                return new Follower(null);
            }
            Follower follower = new Follower(new ProcessBuilder(
                            "node",
                            "follow.mjs",
                            topic,
                            "--group",
                            group,
                            "--bootstrap",
                            mesh.bootstrapServers(),
                            "--registry",
                            mesh.registryUrl())
                    .directory(example.toFile())
                    .redirectErrorStream(true)
                    .start());
            follower.reader.start();
            return follower;
        }

        private void read() {
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                out.lines().forEach(lines::add);
            } catch (IOException ended) {
                lines.add("ended: " + ended);
            }
        }

        /** Six changes, of which promotions wrote these, and none that it could not read. */
        void requireLines(String... corrections) {
            if (process == null) {
                return;
            }
            awaiting().until(() -> lines.size() == 6);
            assertThat(lines).allMatch(line -> line.startsWith("{\"key\":\"o-"));
            assertThat(lines.stream().filter(line -> line.contains("correctedBy")))
                    .hasSize(corrections.length)
                    .zipSatisfy(
                            List.of(corrections),
                            (line, end) -> assertThat(line).endsWith(end));
            assertThat(process.isAlive()).isTrue();
        }

        @Override
        public void close() throws IOException, InterruptedException {
            if (process != null) {
                process.getOutputStream().close();
                if (!process.waitFor(20, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                reader.join();
            }
        }
    }
}
