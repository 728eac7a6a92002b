package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.console.demo.Drain;
import io.kappamesh.console.demo.EventFeed;
import io.kappamesh.console.demo.WorkedProduct;
import io.kappamesh.contract.ProductName;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.settings.Settings;
import io.kappamesh.stack.JavaProcess;
import io.kappamesh.stack.Ports;
import io.kappamesh.system.SecuredPlatform.Ended;
import io.kappamesh.tpch.TpchEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Both domains and their operators as processes, each with the rights that {@code acls} prints for it and no others. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@EnabledIfSystemProperty(named = "mesh.long", matches = "true")
class SecuredIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final double SCALE = 0.001;

    @TempDir
    private Path home;

    private SecuredPlatform platform;

    @BeforeEach
    void start() throws Exception {
        platform = new SecuredPlatform(
                home,
                List.of("deployer", "sales", "logistics", "anna", "olaf", "reports", RegistryGuard.OUTSIDER),
                Map.of(
                        "deployer", List.of("sales.", "logistics."),
                        "sales", List.of("sales."),
                        "logistics", List.of("logistics.")));
    }

    @AfterEach
    void stop() {
        platform.close();
    }

    @Test
    void whatADeployerLacksIsNamed() throws Exception {
        List<AclBinding> rights = printed("sales", "--for", "provision", "--principal", "User:deployer");
        assertThat(rights).hasSize(3);
        for (AclBinding right : rights) {
            platform.grant(rights);
            platform.revoke(List.of(right));

            Ended ended = platform.domain("sales", "deployer", "provision");

            assertThat(ended.code()).as("without %s: %s", right, ended.said()).isEqualTo(78);
            assertThat(ended.said())
                    .contains(
                            right.entry().operation() == AclOperation.CREATE
                                    ? "these credentials may not create it; grant Create on it"
                                    : "(" + right.entry().operation() + " is missing); give the principal that right");
        }
        platform.grant(rights);

        requireRefusal(
                platform.domainWithRegistryUser("sales", "deployer", "deployer:wrong", "provision"),
                "the registry does not take the credentials (401)");
        requireRefusal(
                platform.domainWithRegistryUser("sales", "deployer", userInfo(RegistryGuard.OUTSIDER), "provision"),
                "the registry knows us and forbids it (403)");
        requireRefusal(
                platform.domainWithRegistryUser("sales", "deployer", userInfo("logistics"), "provision"),
                "the registry knows us and forbids it (403)");
        assertThat(platform.domain("sales", "deployer", "provision").code()).isZero();

        platform.grant(printed("sales", "--for", "run"));
        requireRefusal(
                platform.domainWithRegistryUser("sales", "sales", "sales:wrong", "run"),
                "the registry does not take the credentials (401)");
        requireRefusal(
                platform.domainWithRegistryUser("sales", "sales", userInfo(RegistryGuard.OUTSIDER), "run"),
                "the registry knows us and forbids it (403)");
        assertThat(platform.logs()).doesNotContain("canary-of");
    }

    private static void requireRefusal(Ended ended, String why) {
        assertThat(ended.code()).as(ended.said()).isEqualTo(78);
        assertThat(ended.said()).contains(why).doesNotContain("\tat ");
    }

    private static String userInfo(String user) {
        return user + ":" + SecuredPlatform.password(user);
    }

    @Test
    void bothDomainsAndTheirOperatorsLiveWithThePrintedRights() throws Exception {
        for (String domain : List.of("sales", "logistics")) {
            platform.grant(printed(domain, "--for", "provision", "--principal", "User:deployer"));
            assertThat(platform.domain(domain, "deployer", "provision").code()).isZero();
            platform.grant(printed(domain, "--for", "run"));
        }
        List<Integer> ports = Ports.free(2);
        JavaProcess sales = platform.run("sales", "sales", ports.get(0));
        JavaProcess logistics = platform.run("logistics", "logistics", ports.get(1));
        feed();
        awaitReady(sales, ports.get(0));
        awaitReady(logistics, ports.get(1));
        awaitDrained(sales, logistics);

        platform.grant(
                printed("sales", "--for", "operator", "--principal", "User:anna", "--reader", "logistics.shipments"));
        platform.grant(printed("logistics", "--for", "operator", "--principal", "User:olaf"));
        assertThat(operate("anna", "sales.orders"))
                .contains("reaches logistics.shipments, which reads sales.orders.v1")
                .contains("the list of readers may be incomplete", "User:logistics")
                .doesNotContain("reaches logistics.late-deliveries");
        operate("olaf", "logistics.shipments");
        requireRefusal(platform.mesh("olaf", "promote", "sales.orders"), "sales.orders");

        platform.grant(printed("sales", "--for", "consumer", "--group", "reports", "--principal", "User:reports"));
        Map<String, Object> consumer = new HashMap<>(platform.client("reports"));
        consumer.put("group.id", "reports");
        consumer.put("auto.offset.reset", "earliest");
        consumer.put("isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> reports =
                new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            reports.subscribe(List.of("sales.orders.v1"));
            await().atMost(PATIENCE)
                    .until(() -> !reports.poll(Duration.ofSeconds(1)).isEmpty());
        }
        assertThat(sales.isAlive()).as(sales.logTail(40)).isTrue();
        assertThat(logistics.isAlive()).as(logistics.logTail(40)).isTrue();
        assertThat(platform.logs()).doesNotContain("canary-of");
    }

    /** All that an operator does with a product; what `plan` said. */
    private String operate(String operator, String product) throws Exception {
        requireDone(operator, "status");
        String plan = requireDone(operator, "plan", product);
        requireDone(operator, "replay", product);
        awaitCaughtUp(product);
        requireDone(operator, "verify", product);
        requireDone(operator, "promote", product);
        requireDone(operator, "rollback", product);
        requireDone(operator, "retire", product + ".g2");
        requireDone(operator, "prove", product);
        requireDone(operator, "release", product);
        requireDone(operator, "abort", product);
        requireDone(operator, "acls", ProductName.of(product).domain(), "--for", "operator");
        requireDone(operator, "status", product);
        return plan;
    }

    private String requireDone(String operator, String... arguments) throws Exception {
        Ended ended = platform.mesh(operator, arguments);
        assertThat(ended.code()).as("%s: %s", List.of(arguments), ended.said()).isZero();
        return ended.said();
    }

    private void awaitCaughtUp(String product) {
        Settings open = Settings.of(
                Map.of(
                        "bootstrap.servers",
                        platform.openBootstrapServers(),
                        "schema.registry.url",
                        platform.openRegistryUrl()),
                Map.of());
        try (Lifecycle lifecycle = Lifecycle.connect(open)) {
            await().atMost(PATIENCE)
                    .until(() -> lifecycle.status(ProductName.of(product)).stream()
                            .anyMatch(one -> one.generation().number() == 2
                                    && one.caughtUp()
                                    && one.done() == one.target()
                                    && one.target() > 0));
        }
    }

    /** The rights that a domain's own program prints. */
    private List<AclBinding> printed(String domain, String... options) throws Exception {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "acls";
        arguments[1] = domain;
        System.arraycopy(options, 0, arguments, 2, options.length);
        Ended ended = platform.domain(domain, "deployer", arguments);
        assertThat(ended.code()).as(ended.said()).isZero();
        return SecuredPlatform.bindings(ended.said());
    }

    private void feed() {
        try (SchemaRegistry registry =
                SchemaRegistry.connect(Map.of("schema.registry.url", platform.openRegistryUrl()))) {
            new EventFeed(platform.openBootstrapServers(), registry)
                    .start(TpchEvents.atScale(SCALE), Optional.empty(), new LongAdder())
                    .join();
        }
    }

    private static void awaitReady(JavaProcess process, int port) {
        Probe probe = new Probe(port);
        await().alias(process.name() + " to be ready").atMost(PATIENCE).until(() -> {
            requireAlive(process);
            return probe.ready().status() == 200;
        });
    }

    private void awaitDrained(JavaProcess... processes) {
        Drain drain = new Drain(platform.admin(), platform.openBootstrapServers());
        for (WorkedProduct product : WorkedProduct.of(WorkedDomains.NAMES)) {
            await().alias(product.product()).atMost(PATIENCE).until(() -> {
                List.of(processes).forEach(SecuredIT::requireAlive);
                return drain.isDrained(product);
            });
        }
    }

    private static void requireAlive(JavaProcess process) {
        assertThat(process.isAlive())
                .as(() -> process.name() + " ended; its log:\n" + process.logTail(40))
                .isTrue();
    }
}
