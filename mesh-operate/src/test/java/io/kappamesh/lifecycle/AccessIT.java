package io.kappamesh.lifecycle;

import static io.kappamesh.fixture.Stall.NOON;
import static io.kappamesh.fixture.Stall.basket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kappamesh.access.AccessRule;
import io.kappamesh.access.DomainAccess;
import io.kappamesh.access.Duty;
import io.kappamesh.contract.ProductName;
import io.kappamesh.cut.Progress;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.fixture.Stall;
import io.kappamesh.generation.Generation;
import io.kappamesh.observe.ProductState;
import io.kappamesh.observe.ProductStatus;
import io.kappamesh.plan.Plan;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.status.GenerationState;
import io.kappamesh.status.GenerationStatus;
import io.kappamesh.topology.StreamingProduct;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The least rights are enough, and each of them is needed: without it a message says so, and nothing hangs. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class AccessIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String USER = "User:domain";
    private static final String OPERATOR = "User:operator";

    private static InJvmBroker broker;
    private static FakeRegistry registry;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        broker = InJvmBroker.startSecured(List.of("domain", "operator"));
        registry = new FakeRegistry();
    }

    @AfterAll
    static void stop() throws Exception {
        registry.close();
        broker.stop();
    }

    @AfterEach
    void grantNothing() throws Exception {
        broker.admin().deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
        await().atMost(TIMEOUT)
                .until(() -> broker.admin()
                        .describeAcls(AclBindingFilter.ANY)
                        .values()
                        .get()
                        .isEmpty());
    }

    /** A domain that reads another one's table, so that its rules are of all kinds. */
    private final class Shop implements AutoCloseable {
        private final Stall maker;
        private final StreamingProduct product;
        private final ProductName name;
        private final MeshRuntime upstream;

        Shop(String domain) throws Exception {
            maker = new Stall(domain + "-maker");
            product = new Stall(domain).firstTotals(maker.baskets);
            name = product.product().name();
            upstream = MeshRuntime.start(
                    settings("maker", Map.of("bootstrap.servers", broker.bootstrapServers())),
                    List.of(maker.copy(maker.raw)));
            awaitLive(upstream, 1);
            sell(0);
        }

        /** Twenty baskets, from a number on. */
        void sell(int from) {
            for (int i = from; i < from + 20; i++) {
                broker.write(maker.record(registry, "b" + i, basket(NOON.plusSeconds(i), "sku-" + i % 7, i)));
            }
        }

        DomainAccess access() {
            return DomainAccess.of(name.domain(), List.of(product.product()), Set.of());
        }

        MeshRuntime run(String disk) {
            return MeshRuntime.start(settings(disk, broker.securedClient("domain")), List.of(product));
        }

        @Override
        public void close() {
            upstream.close();
        }
    }

    @Test
    void everythingWorksWithThePrintedRightsAndNoOthers() throws Exception {
        try (Shop shop = new Shop("granted")) {
            grant(shop.access().rules(Duty.RUN, ""), USER);
            grant(shop.access().rules(Duty.OPERATOR, ""), OPERATOR);
            try (MeshRuntime runtime = shop.run("one")) {
                awaitLive(runtime, 1);
                assertThat(operate(shop, runtime)).isEmpty();
            }
        }
    }

    /** What brokers hide is not passed over in silence. */
    @Test
    void whoMayReadOnUnseenIsSaidByAPlan() throws Exception {
        try (Shop shop = new Shop("unseen")) {
            grant(shop.access().rules(Duty.RUN, ""), USER);
            List<AccessRule> operating =
                    new DomainAccess(shop.maker.domain, Set.of(), Set.of(), Set.of()).rules(Duty.OPERATOR, "");
            grant(operating, OPERATOR);
            ProductName upstream = shop.upstream.products().get(0).product();
            try (MeshRuntime runtime = shop.run("one");
                    Lifecycle operator = Lifecycle.connect(settings("operator", broker.securedClient("operator")));
                    Lifecycle all = Lifecycle.connect(
                            settings("all", Map.of("bootstrap.servers", broker.bootstrapServers())))) {
                awaitLive(runtime, 1);
                assertThat(all.plan(upstream).downstream()).hasSize(1);

                Plan plan = operator.plan(upstream);

                assertThat(plan.downstream()).isEmpty();
                assertThat(plan.warnings()).singleElement().asString().contains("may be incomplete", "[" + USER + "]");
                assertThat(operator.hiddenReaders(upstream))
                        .contains(plan.warnings().get(0));
                assertThat(operator.mayHideProducts()).isTrue();
                grant(
                        List.of(new AccessRule(
                                ResourceType.TOPIC,
                                PatternType.LITERAL,
                                shop.name + ".mesh.control",
                                List.of(AclOperation.READ))),
                        OPERATOR);
                assertThat(operator.plan(upstream).downstream()).hasSize(1);
                assertThat(operator.status())
                        .extracting(one -> one.generation().product())
                        .as("not what reads on, whose groups are others'")
                        .containsOnly(upstream);
                assertThat(operator.refused()).singleElement().asString().contains(shop.name + ": access to group");
                for (AccessRule rule : operating) {
                    if (rule.resource() == ResourceType.CLUSTER) {
                        revoke(rule, AclOperation.DESCRIBE, OPERATOR);
                    }
                }
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(
                                        operator.hiddenReaders(upstream).orElseThrow())
                                .contains("with DESCRIBE on the cluster"));
                assertThat(errorsOfBrokers(() -> operator.hiddenReaders(upstream)))
                        .as("what brokers log of a question that they refuse")
                        .isEmpty();
                assertThat(operator.mayHideProducts()).isTrue();
            }
        }
    }

    private static List<String> errorsOfBrokers(Runnable meanwhile) {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger kafka = (Logger) LoggerFactory.getLogger("kafka");
        kafka.addAppender(log);
        try {
            meanwhile.run();
        } finally {
            kafka.detachAppender(log);
        }
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aDomainThatMayNotCreateRunsOnWhatADeployerMade() throws Exception {
        try (Shop shop = new Shop("deployed")) {
            grant(shop.access().rules(Duty.PROVISION, ""), OPERATOR);
            MeshRuntime.provision(settings("deployer", broker.securedClient("operator")), List.of(shop.product));
            String internal = shop.name + ".g1-";
            broker.admin()
                    .createTopics(List.of(
                            internalTopic(internal + "items-by-sku-repartition"),
                            internalTopic(internal + "sums-changelog"),
                            internalTopic(internal + "baskets-changelog")))
                    .all()
                    .get();
            grant(without(shop.access().rules(Duty.RUN, ""), new Right(0, AclOperation.CREATE)), USER);

            try (MeshRuntime runtime = shop.run("one")) {
                awaitLive(runtime, 1);
            }
        }
    }

    /** As Kafka Streams would make it, as far as the checks at start want it. */
    private static NewTopic internalTopic(String name) {
        boolean state = name.endsWith("-changelog");
        return new NewTopic(name, 2, (short) 1)
                .configs(Map.of(
                        "cleanup.policy",
                        state ? "compact" : "delete",
                        "retention.ms",
                        "-1",
                        "message.timestamp.before.max.ms",
                        String.valueOf(Long.MAX_VALUE),
                        "message.timestamp.after.max.ms",
                        String.valueOf(Long.MAX_VALUE),
                        "max.message.bytes",
                        String.valueOf(64 << 20)));
    }

    /** One operation of one rule. */
    private record Right(int rule, AclOperation operation) {}

    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void whateverRightADomainLacksItsStartSaysSo() throws Exception {
        List<String> silent = new ArrayList<>();
        int number = 0;
        for (Right right : rights(new DomainAccess("x", Set.of("y.z.v1"), Set.of(), Set.of()).rules(Duty.RUN, ""))) {
            try (Shop shop = new Shop("lacking-" + number++)) {
                List<AccessRule> all = shop.access().rules(Duty.RUN, "");
                grant(without(all, right), USER);
                Optional<String> said = startAndSay(shop);
                String lacking =
                        right.operation() + " on " + all.get(right.rule()).resource() + " "
                                + all.get(right.rule()).name();
                System.out.println("without " + lacking + ": " + said.orElse("nothing"));
                if (said.isEmpty()) {
                    silent.add(lacking);
                }
            } finally {
                grantNothing();
            }
        }
        assertThat(silent).as("rights that nobody misses").isEmpty();
    }

    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void whateverRightAnOperatorLacksACommandSaysSo() throws Exception {
        List<String> silent = new ArrayList<>();
        int number = 0;
        // Of control topics that brokers hide nothing is known, which is what `plan` says in words.
        DomainAccess like = new DomainAccess("x", Set.of("y.z.v1"), Set.of(), Set.of());
        for (Right right : rights(like.rules(Duty.OPERATOR, ""))) {
            try (Shop shop = new Shop("operated-" + number++)) {
                grant(shop.access().rules(Duty.RUN, ""), USER);
                List<AccessRule> all = shop.access().rules(Duty.OPERATOR, "");
                grant(without(all, right), OPERATOR);
                try (MeshRuntime runtime = shop.run("d" + number)) {
                    awaitLive(runtime, 1);
                    List<String> said = operate(shop, runtime);
                    String lacking = right.operation() + " on "
                            + all.get(right.rule()).resource() + " "
                            + all.get(right.rule()).name();
                    System.out.println("without " + lacking + ": " + said);
                    if (said.isEmpty()) {
                        silent.add(lacking);
                    }
                }
            } finally {
                grantNothing();
            }
        }
        assertThat(silent).as("rights that nobody misses").isEmpty();
    }

    /** Of what brokers refuse from now on a product says so, is not ready, and ends when the time-out is over. */
    @Test
    @EnabledIfSystemProperty(named = "mesh.long", matches = "true")
    void aRightThatIsTakenAwayWhileItRunsEndsItAndIsNamed() throws Exception {
        DomainAccess like = new DomainAccess("x", Set.of("y.z.v1"), Set.of(), Set.of());
        Set<AclOperation> atWork = Set.of(AclOperation.READ, AclOperation.WRITE);
        List<String> hanging = new ArrayList<>();
        int number = 0;
        for (Right right : rights(like.rules(Duty.RUN, ""))) {
            if (!atWork.contains(right.operation())) {
                continue; // asked for when something begins
            }
            try (Shop shop = new Shop("revoked-" + number++)) {
                List<AccessRule> all = shop.access().rules(Duty.RUN, "");
                grant(all, USER);
                try (MeshRuntime runtime = shop.run(shop.name.domain())) {
                    awaitLive(runtime, 1);
                    AccessRule rule = all.get(right.rule());
                    revoke(rule, right.operation(), USER);
                    shop.sell(20);
                    Optional<MeshRuntime.End> end = runtime.awaitEnd(TIMEOUT.multipliedBy(2));
                    String lacking = right.operation() + " on " + rule.resource() + " " + rule.name();
                    System.out.println("revoked " + lacking + ": " + end + " " + runtime.products());
                    if (end.filter(one -> one.code() == ExitCode.CONFIGURATION).isEmpty()) {
                        hanging.add(lacking + ": " + end);
                    }
                }
            } finally {
                grantNothing();
            }
        }
        assertThat(hanging)
                .as("rights without which it goes on, or ends in another way")
                .isEmpty();
    }

    private static void revoke(AccessRule rule, AclOperation operation, String principal) throws Exception {
        List<AclBindingFilter> filters = rule.bindings(principal).stream()
                .filter(binding -> binding.entry().operation() == operation)
                .map(AclBinding::toFilter)
                .toList();
        broker.admin().deleteAcls(filters).all().get();
    }

    /** Why the domain ends; empty = it goes on. */
    private Optional<String> startAndSay(Shop shop) {
        AtomicReference<List<ProductStatus>> last = new AtomicReference<>(List.of());
        Throwable refused = catchThrowable(() -> {
            try (MeshRuntime runtime = shop.run(shop.name.domain())) {
                Optional<MeshRuntime.End> end = runtime.awaitEnd(TIMEOUT);
                last.set(runtime.products());
                if (end.isPresent()) {
                    throw new StartupException(end.get().code(), end.get().problems());
                }
            }
        });
        if (refused == null) {
            assertThat(last.get())
                    .as("what goes on is live")
                    .allSatisfy(product -> assertThat(product.state()).isEqualTo(ProductState.LIVE));
            return Optional.empty();
        }
        assertThat(refused).isInstanceOf(StartupException.class);
        assertThat(((StartupException) refused).exitCode())
                .as(refused.getMessage())
                .isEqualTo(ExitCode.CONFIGURATION);
        return Optional.of(refused.getMessage());
    }

    /** All that an operator does; what was refused, and why. */
    private List<String> operate(Shop shop, MeshRuntime runtime) {
        List<String> said = new ArrayList<>();
        try (Lifecycle lifecycle = Lifecycle.connect(settings("operator", broker.securedClient("operator")))) {
            say(said, "status", () -> {
                List<String> unseen = lifecycle.status(shop.name).get(0).unseen();
                unseen.forEach(input -> said.add("status: does not see " + input));
                if (unseen.isEmpty()) {
                    awaitCaughtUp(lifecycle, shop.name, 1);
                }
            });
            say(said, "plan", () -> {
                Plan plan = lifecycle.plan(shop.name);
                said.addAll(plan.refusals());
                said.addAll(plan.warnings());
                if (plan.bytes().isEmpty()) {
                    said.add("plan: the sizes are not known");
                }
            });
            say(said, "replay", () -> {
                Generation candidate = lifecycle.replay(shop.name);
                awaitCaughtUp(lifecycle, shop.name, candidate.number());
            });
            if (lives(runtime, 2)) {
                say(said, "verify", () -> lifecycle.verify(shop.name, OptionalInt.empty(), List.of(), Progress.SILENT));
                say(said, "promote", () -> lifecycle.promote(shop.name, OptionalInt.empty(), true, Progress.SILENT));
                say(said, "rollback", () -> lifecycle.rollback(shop.name, Progress.SILENT));
                awaitLive(runtime, 2);
                say(said, "retire", () -> lifecycle.retire(new Generation(shop.name, 2), Progress.SILENT));
            }
            say(said, "prove", () -> lifecycle.prove(shop.name, List.of(), Progress.SILENT));
            say(said, "release", () -> lifecycle.release(shop.name, Progress.SILENT));
            say(said, "abort", () -> lifecycle.abort(shop.name, Progress.SILENT));
        }
        return said;
    }

    private static boolean lives(MeshRuntime runtime, int generations) {
        return runtime.products().size() == generations;
    }

    private static void say(List<String> said, String what, Runnable operation) {
        Throwable refused = catchThrowable(operation::run);
        if (refused != null) {
            assertThat(refused).as(what).isInstanceOf(LifecycleException.class);
            assertThat(((LifecycleException) refused).exitCode())
                    .as("%s: %s", what, refused.getMessage())
                    .isEqualTo(ExitCode.CONFIGURATION);
            said.add(what + ": " + refused.getMessage());
        }
    }

    private static List<Right> rights(List<AccessRule> rules) {
        List<Right> rights = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            for (AclOperation operation : rules.get(i).operations()) {
                rights.add(new Right(i, operation));
            }
        }
        return rights;
    }

    private static List<AccessRule> without(List<AccessRule> rules, Right right) {
        List<AccessRule> some = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            AccessRule rule = rules.get(i);
            List<AclOperation> left = rule.operations().stream()
                    .filter(operation -> operation != right.operation())
                    .toList();
            if (i != right.rule()) {
                some.add(rule);
            } else if (!left.isEmpty()) {
                some.add(new AccessRule(rule.resource(), rule.pattern(), rule.name(), left));
            }
        }
        return some;
    }

    private static void grant(List<AccessRule> rules, String principal) throws Exception {
        List<AclBinding> bindings = rules.stream()
                .flatMap(rule -> rule.bindings(principal).stream())
                .toList();
        broker.admin().createAcls(bindings).all().get();
        // They are written before the broker knows of them, and who starts meanwhile is refused.
        await().atMost(TIMEOUT)
                .until(() -> broker.admin()
                        .describeAcls(AclBindingFilter.ANY)
                        .values()
                        .get()
                        .containsAll(bindings));
    }

    private Settings settings(String disk, Map<String, String> client) {
        Map<String, String> all = new HashMap<>(client);
        all.put("schema.registry.url", registry.url());
        all.put("mesh.state.dir", directory.resolve(disk).toString());
        all.put("mesh.platform.timeout", "10s");
        return Settings.of(all, Map.of());
    }

    private static void awaitLive(MeshRuntime runtime, int generations) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(runtime.products())
                        .hasSize(generations)
                        .allSatisfy(product -> assertThat(product.state()).isEqualTo(ProductState.LIVE)));
    }

    private static void awaitCaughtUp(Lifecycle lifecycle, ProductName product, int number) {
        await().atMost(TIMEOUT).until(() -> {
            GenerationStatus status = lifecycle.status(product).get(number - 1);
            return status.state() == GenerationState.LIVE && status.done() == status.target() && status.target() > 0;
        });
    }
}
