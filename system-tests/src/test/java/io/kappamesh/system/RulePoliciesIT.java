package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.compare.Verification;
import io.kappamesh.contract.ProductName;
import io.kappamesh.cut.Progress;
import io.kappamesh.deploy.DeployCheck;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.display.OffenceText;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.lifecycle.Lifecycle;
import io.kappamesh.observe.ProductState;
import io.kappamesh.rule.RulePolicy;
import io.kappamesh.runtime.MeshRuntime;
import io.kappamesh.settings.Settings;
import io.kappamesh.testkit.LocalMesh;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A rule that warns is tightened: its offenders are counted before it refuses anything that readers see. */
@SuppressWarnings("try") // what runs is closed
class RulePoliciesIT {
    @RegisterExtension
    static final LocalMesh mesh = LocalMesh.shared();

    @Test
    void aRuleIsTightenedInTheOpen() throws Exception {
        ProductName product = ProductName.of("shopp.orders");
        try (MeshRuntime serving = start("p1", RulePolicy.WARN, false);
                Lifecycle lifecycle = Lifecycle.connect(settings("operator"));
                Discovery discovery = Discovery.connect(settings("operator"))) {
            write("o-1", "by hand");
            write("o-2", "");
            write("o-3", "");
            awaiting().until(() -> mesh.table(RuledShop.ORDERS).size() == 3);
            awaitLive(serving);
            awaiting()
                    .untilAsserted(() -> assertThat(discovery.catalog().product(product).stream()
                                    .flatMap(found -> found.serving().stream())
                                    .flatMap(one -> one.figures().brokenRules().stream()))
                            .as("what an aborted transaction did is counted again")
                            .singleElement()
                            .satisfies(one -> {
                                assertThat(one.port()).isEqualTo("shopp.raw.v1");
                                assertThat(one.rule()).isEqualTo("has-note");
                                assertThat(one.records()).isGreaterThanOrEqualTo(2);
                            }));

            try (DeployCheck check = DeployCheck.connect(settings("operator"))) {
                ProductDescription tightened = ProductDescription.of(
                        new RuledShop(RulePolicy.DEAD_LETTER).product().product(), "p2", "test", Map.of());
                assertThat(check.check(List.of(tightened), DeployCheck.How.FULL).rules())
                        .as("before there is a candidate; the port is a source of its own")
                        .singleElement()
                        .satisfies(rules -> {
                            assertThat(rules.port()).isEqualTo("shopp.raw.v1");
                            assertThat(rules.history().records()).isEqualTo(3);
                            assertThat(rules.knowsToday()).isFalse();
                            assertThat(rules.unchecked())
                                    .as("what a source passes over and how it reads keys is not published")
                                    .hasSize(2)
                                    .allMatch(what -> what.startsWith("which records of ")
                                            || what.startsWith("what is refused today for its key"));
                            assertThat(rules.offences()).singleElement().satisfies(offence -> {
                                assertThat(offence.records()).isEqualTo(2);
                                assertThat(offence.key()).isIn("o-2", "o-3");
                            });
                        });
            }

            try (MeshRuntime candidate = start("p2", RulePolicy.DEAD_LETTER, true)) {
                awaitLive(candidate);
                Verification found = lifecycle.verify(product, OptionalInt.empty(), List.of(), Progress.SILENT);

                assertThat(found.agrees()).isFalse();
                assertThat(lifecycle.offences(found)).singleElement().satisfies(offence -> {
                    assertThat(offence.rule()).isEqualTo("has-note");
                    assertThat(offence.topic()).isEqualTo("shopp.raw.v1");
                    assertThat(offence.fresh()).isEqualTo(2);
                    assertThat(offence.refused()).isEqualTo(2);
                    assertThat(offence.key()).isIn("o-2", "o-3");
                });
                assertThat(OffenceText.of(lifecycle.offences(found)))
                        .singleElement()
                        .asString()
                        .contains(
                                "rule    has-note at shopp.raw.v1: would refuse 2 records that are taken today",
                                "key o-");
                assertThat(mesh.table(RuledShop.ORDERS))
                        .as("nothing has changed for readers")
                        .hasSize(3);
            }

            try (MeshRuntime stopping = start("p3", RulePolicy.STOP, true)) {
                MeshRuntime.End end = stopping.awaitEnd();
                assertThat(end.code()).isEqualTo(ExitCode.CONTRACT);
                assertThat(end.problems())
                        .singleElement()
                        .asString()
                        .contains("shopp.raw.v1", "rule has-note does not hold", "the policy of the rule is to stop")
                        .doesNotContain("o-2", "o-3");
            }
            assertThat(serving.products())
                    .as("a candidate stops alone")
                    .allMatch(one -> one.state() == ProductState.LIVE);
        }
    }

    private static MeshRuntime start(String build, RulePolicy policy, boolean candidate) {
        MeshRuntime.Builder runtime = MeshRuntime.builder(List.of(new RuledShop(policy).product()));
        return (candidate ? runtime.candidate(OptionalInt.empty()) : runtime).start(settings(build));
    }

    private static void write(String id, String note) {
        mesh.write(new RuledShop(RulePolicy.WARN).raw, id, RuledShop.told(id, note));
    }

    private static void awaitLive(MeshRuntime runtime) {
        awaiting().until(() -> runtime.products().stream().allMatch(one -> one.state() == ProductState.LIVE));
    }

    private static Settings settings(String build) {
        Map<String, String> values = new HashMap<>(mesh.settings());
        values.put("mesh.build", build);
        return Settings.of(values, Map.of());
    }

    private static ConditionFactory awaiting() {
        return await().atMost(Duration.ofSeconds(60));
    }
}
