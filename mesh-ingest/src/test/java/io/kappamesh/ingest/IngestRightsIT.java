package io.kappamesh.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kappamesh.access.AccessRule;
import io.kappamesh.access.DomainAccess;
import io.kappamesh.access.Duty;
import io.kappamesh.archive.Sale;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.failure.StartupException;
import io.kappamesh.fixture.FakeRegistry;
import io.kappamesh.fixture.InJvmBroker;
import io.kappamesh.settings.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rights that {@code acls --for ingest} prints are enough, and none of them is too much. */
@Timeout(120)
class IngestRightsIT {
    private static final String USER = "archivist";
    private static final List<AccessRule> RULES =
            new DomainAccess("guarded", Set.of(), Set.of(), Set.of()).rules(Duty.INGEST, "");

    private static InJvmBroker broker;
    private static FakeRegistry registry;

    @TempDir
    static Path directory;

    @BeforeAll
    static void start() throws Exception {
        broker = InJvmBroker.startSecured(List.of(USER));
        registry = new FakeRegistry();
        broker.admin()
                .createTopics(List.of(
                        new NewTopic("guarded.sales.v1", IngestLab.PARTITIONS, (short) 1)
                                .configs(Map.of("retention.ms", "-1")),
                        new NewTopic("guarded.all.dead-letters", 1, (short) 1)))
                .all()
                .get();
    }

    @AfterAll
    static void stop() throws Exception {
        registry.close();
        broker.stop();
    }

    @Test
    void rightsAreEnoughAndNoneIsTooMuch() throws Exception {
        Path first = Sale.write(directory.resolve("a.csv"), IngestLab.csv(0, 20, 1) + "broken\n");
        Path second = Sale.write(directory.resolve("b.csv"), IngestLab.csv(20, 30, 1));
        // What it takes to make the topic of positions.
        for (AclOperation operation : List.of(AclOperation.CREATE, AclOperation.DESCRIBE_CONFIGS)) {
            refused(RULES.get(0), operation, first);
        }
        assertThat(broker.committed("guarded.sales.v1")).isEmpty();

        grantAllBut(RULES.get(0), AclOperation.UNKNOWN);
        assertThat(ingest(first).rows()).isEqualTo(21);

        // What it takes to go on.
        refused(RULES.get(0), AclOperation.READ, second);
        refused(RULES.get(0), AclOperation.WRITE, second);
        refused(RULES.get(1), AclOperation.WRITE, second);
        assertThat(RULES).flatExtracting(AccessRule::operations).hasSize(5);
        // A commit returns before its records are visible.
        await().atMost(IngestLab.TIMEOUT)
                .untilAsserted(
                        () -> assertThat(broker.committed("guarded.sales.v1")).hasSize(20));
        await().atMost(IngestLab.TIMEOUT)
                .untilAsserted(() ->
                        assertThat(broker.committed("guarded.all.dead-letters")).hasSize(1));
    }

    private static void refused(AccessRule rule, AclOperation operation, Path file) throws Exception {
        grantAllBut(rule, operation);
        assertThatThrownBy(() -> ingest(file))
                .as("without %s on %s", operation, rule.resource())
                .satisfies(refused -> assertThat(exitCode(refused)).isEqualTo(ExitCode.CONFIGURATION));
    }

    private static ExitCode exitCode(Throwable refused) {
        return refused instanceof StartupException startup
                ? startup.exitCode()
                : ((LifecycleException) refused).exitCode();
    }

    private static IngestReport ingest(Path file) throws InterruptedException {
        Map<String, String> values = new HashMap<>(broker.securedClient(USER));
        values.put("schema.registry.url", registry.url());
        PortIngestBuilder<GenericRecord> builder = PortIngest.builder(
                        Settings.of(values, Map.of()), IngestLab.product("guarded"), IngestLab.port("guarded"))
                .files(file.toString());
        return IngestLab.run(builder);
    }

    private static void grantAllBut(AccessRule without, AclOperation operation) throws Exception {
        List<AclBinding> granted = RULES.stream()
                .flatMap(rule -> rule.bindings("User:" + USER).stream()
                        .filter(binding ->
                                !(rule.equals(without) && binding.entry().operation() == operation)))
                .toList();
        broker.admin().deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
        broker.admin().createAcls(granted).all().get();
        // Answered before the broker acts on it.
        await().atMost(IngestLab.TIMEOUT)
                .until(() -> Set.copyOf(broker.admin()
                                .describeAcls(AclBindingFilter.ANY)
                                .values()
                                .get())
                        .equals(Set.copyOf(granted)));
    }
}
