package io.kappamesh.governance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.fixture.Products;
import io.kappamesh.level.Objective;
import io.kappamesh.slo.PrometheusRules;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** What a file of rules is: groups with names, and in each rules with the fields that Prometheus knows, strictly. */
class PrometheusRulesTest {
    private static final Set<String> OF_A_GROUP = Set.of("name", "rules");
    private static final Set<String> OF_A_RULE = Set.of("alert", "expr", "for", "labels", "annotations");

    private final List<JsonNode> rules = new ArrayList<>();

    @Test
    void theFileHasTheFormOfRulesAndEachExpressionIsWhole() throws IOException {
        read(Objective.completeness(0.999), Objective.validity(1), Objective.volume(10, 100, 0.9));

        assertThat(rules)
                .extracting(rule -> rule.path("alert").asText())
                .containsExactly(
                        "PortLevelBurningFast",
                        "PortLevelBurningSlowly",
                        "PortLevelMissed",
                        "PortLevelBurningFast",
                        "PortLevelBurningSlowly",
                        "PortLevelMissed",
                        "PortLevelBurningFast",
                        "PortLevelBurningSlowly",
                        "PortLevelMissed",
                        "PortLevelBurning",
                        "PortLevelMissed",
                        "PortNotMeasured");
        rules.forEach(rule -> {
            String expression = rule.path("expr").asText();
            assertThat(expression).doesNotContain("NaN", "Infinity");
            assertThat(count(expression, "(")).isEqualTo(count(expression, ")"));
            assertThat(count(expression, "[")).isEqualTo(count(expression, "]"));
            assertThat(rule.path("for").asText()).matches("\\d+m");
        });
    }

    /** 14.4 times what the budget bears in an hour, which is 2 % of it, and three times in a day, which is a tenth. */
    @Test
    void aLossIsToldAtThePaceThatSpendsTooMuchOfTheBudget() throws IOException {
        read(Objective.completeness(0.999));

        assertThat(expression("PortLevelBurningFast", "completeness"))
                .contains("[1h]", "[5m]", ">= 0.0144", ">= 1.5")
                .contains("mesh_level_good_total{port=\"sales.orders.v1\",level=\"completeness\"}");
        assertThat(expression("PortLevelBurningSlowly", "completeness")).contains("[1d]", "[2h]", ">= 0.003");
    }

    /** Prometheus extrapolates: an increase by one is 1.004, and what is equal may differ by a rounding. */
    @Test
    void oneBadRecordAndARoundingAreNoLoss() throws IOException {
        read(Objective.validity(1));

        assertThat(expression("PortLevelBurningFast", "validity"))
                .contains("> 1e-6 and ")
                .endsWith(" >= 1.5")
                .doesNotContain("> 0 ", "> 1 ");
    }

    /** Meters stand at 0 as soon as a generation starts, and while it is a candidate: that they are there says nothing. */
    @Test
    void aPortIsNotMeasuredWhereNoTimeIsCountedThoughMetersAreThere() throws IOException {
        read(Objective.validity(1));

        assertThat(expression("PortNotMeasured", ""))
                .isEqualTo(
                        "sum(increase(mesh_level_measured_total{port=\"sales.orders.v1\",level=\"freshness\"}[10m])) == 0"
                                + " or absent(mesh_level_measured_total{port=\"sales.orders.v1\",level=\"freshness\"})");
    }

    /** Processes learn of each other's records every ten minutes: a day that has just ended is not yet whole. */
    @Test
    void aVolumeWaitsUntilProcessesKnowOfEachOther() throws IOException {
        read(Objective.volume(10, 100, 0.9));

        assertThat(rules.stream()
                        .filter(rule ->
                                rule.path("labels").path("level").asText().equals("volume"))
                        .map(rule -> rule.path("for").asText()))
                .containsExactly("15m", "15m");
    }

    /** Half of everything may be bad: no pace above two can be reached. */
    @Test
    void everyAlertCanFire() throws IOException {
        read(Objective.completeness(0.5), Objective.freshness(0.9).over(1));

        assertThat(expression("PortLevelBurningFast", "completeness")).contains(">= 1 ");
        assertThat(expression("PortLevelBurningFast", "freshness")).contains(">= 0.2 ");
    }

    @Test
    void whatAnOwnerWritesIsNoTemplateAndBreaksNoLine() throws IOException {
        DataProduct product = DataProduct.named("sales.orders")
                .ownedBy("{{ $labels }} \"sales\"\n", "a: b # c")
                .describedAs("any")
                .reads(Products.source("sales.raw.v1").build())
                .publishes(port())
                .build();
        read(ProductDescription.of(product, null, "1", Map.of()));

        assertThat(rules.get(0).path("labels").path("owner").asText()).isEqualTo("{ { $labels }} \"sales\"\n");
        assertThat(rules.get(0).path("annotations").path("contact").asText()).isEqualTo("a: b # c");
    }

    @Test
    void whereNothingIsPromisedThereIsNoRule() {
        assertThat(PrometheusRules.of(List.of())).isEqualTo("groups: []\n");
    }

    private static OutputPort<GenericRecord> port(Objective... objectives) {
        var port = Products.table("sales.orders.v1").freshWithin(Duration.ofSeconds(5));
        for (Objective objective : objectives) {
            port.objective(objective);
        }
        return port.build();
    }

    private void read(Objective... objectives) throws IOException {
        read(ProductDescription.of(
                Products.product("sales.orders", Products.source("sales.raw.v1").build(), port(objectives)),
                null,
                "1",
                Map.of()));
    }

    private void read(ProductDescription product) throws IOException {
        JsonNode file = new YAMLMapper().readTree(PrometheusRules.of(List.of(product)));
        assertThat(names(file)).containsExactly("groups");
        for (JsonNode group : file.path("groups")) {
            assertThat(names(group)).containsExactlyInAnyOrderElementsOf(OF_A_GROUP);
            for (JsonNode rule : group.path("rules")) {
                assertThat(names(rule)).containsExactlyInAnyOrderElementsOf(OF_A_RULE);
                assertThat(names(rule.path("labels"))).allMatch(name -> name.matches("[a-zA-Z_][a-zA-Z0-9_]*"));
                rule.path("labels")
                        .forEach(label -> assertThat(label.isTextual()).isTrue());
                rule.path("annotations")
                        .forEach(note -> assertThat(note.isTextual()).isTrue());
                rules.add(rule);
            }
        }
    }

    private String expression(String alert, String level) {
        return rules.stream()
                .filter(rule -> rule.path("alert").asText().equals(alert)
                        && rule.path("labels").path("level").asText().equals(level))
                .findFirst()
                .orElseThrow()
                .path("expr")
                .asText();
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static long count(String text, String part) {
        return text.chars().filter(one -> one == part.charAt(0)).count();
    }
}
