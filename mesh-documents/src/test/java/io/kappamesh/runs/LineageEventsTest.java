package io.kappamesh.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kappamesh.catalog.OutputDescription;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RecordDescription;
import io.kappamesh.contract.Owner;
import io.kappamesh.fixture.OfficialSchemas;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.Failure;
import io.kappamesh.generation.Findings;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineageEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String PROMOTED = "2026-02-01T00:00:00Z";
    private static final Failure FAILURE =
            new Failure("sales.orders.g4", "p", "2026-02-20T00:00:00Z", 70, List.of("a bug"));

    @Test
    void runsOfAllKindsAreToldInTheOrderOfTheirTimes() throws Exception {
        assertThat(events())
                .extracting(
                        event -> event.path("eventTime").asText().substring(0, 10),
                        event -> event.path("job").path("name").asText(),
                        event -> event.path("eventType").asText())
                .containsExactly(
                        tuple("2026-01-01", "sales.orders", "START"),
                        tuple("2026-01-20", "sales.orders.replay", "START"),
                        tuple("2026-02-01", "sales.orders.replay", "COMPLETE"),
                        tuple("2026-02-01", "sales.orders.promotion", "START"),
                        tuple("2026-02-01", "sales.orders.promotion", "COMPLETE"),
                        tuple("2026-02-01", "sales.orders", "START"),
                        tuple("2026-02-10", "sales.orders.replay", "START"),
                        tuple("2026-02-11", "sales.orders.replay", "START"),
                        tuple("2026-02-20", "sales.orders.replay", "FAIL"),
                        tuple("2026-03-01", "sales.orders", "RUNNING"),
                        tuple("2026-03-01", "sales.orders.replay", "COMPLETE"));
    }

    @Test
    void eventsOfOneRunHaveOneIdAndEachRunItsOwn() throws Exception {
        assertThat(events().stream()
                        .map(event -> event.path("run").path("runId").asText())
                        .distinct())
                .hasSize(6);
        assertThat(events()).isEqualTo(events());
    }

    @Test
    void aReplayWritesItsShadowTopicsAndALiveRunThePublicOnes() throws Exception {
        assertThat(events())
                .filteredOn(event -> event.path("eventType").asText().equals("RUNNING"))
                .allSatisfy(event -> {
                    assertThat(event.path("inputs").path(0).path("name").asText())
                            .isEqualTo("sales.raw.v1");
                    JsonNode output = event.path("outputs").path(0);
                    assertThat(output.path("namespace").asText()).isEqualTo("kafka://broker:9092");
                    assertThat(output.path("name").asText()).isEqualTo("sales.orders.v1");
                    assertThat(output.path("facets")
                                    .path("schema")
                                    .path("fields")
                                    .path(0))
                            .hasToString("{\"name\":\"id\",\"type\":\"string\",\"description\":\"Its number.\"}");
                });
        assertThat(events())
                .filteredOn(event -> event.path("eventType").asText().equals("FAIL"))
                .allSatisfy(event -> assertThat(
                                event.path("outputs").path(0).path("name").asText())
                        .isEqualTo("sales.orders.v1.g4"));
    }

    @Test
    void eventsAndTheirFacetsAreValid() throws Exception {
        OfficialSchemas event = OfficialSchemas.openLineage("OpenLineage.json");
        List<String> problems = new ArrayList<>();
        for (JsonNode one : events()) {
            problems.addAll(event.problems(one.toString()));
            for (JsonNode facets : List.of(
                    one.path("run").path("facets"),
                    one.path("job").path("facets"),
                    one.path("outputs").path(0).path("facets"))) {
                for (Map.Entry<String, JsonNode> facet : facets.properties()) {
                    String url = facet.getValue().path("_schemaURL").asText();
                    String name = url.replaceFirst(".*/([A-Za-z]+\\.json)#.*", "facets/$1");
                    JsonNode alone = JSON.createObjectNode().set(facet.getKey(), facet.getValue());
                    problems.addAll(OfficialSchemas.openLineage(name).problems(alone.toString()));
                }
            }
        }

        assertThat(problems).isEmpty();
        assertThat(event.problems("eventType: START\n")).isNotEmpty();
    }

    private static List<JsonNode> events() throws Exception {
        ProductLifecycle lifecycle = new ProductLifecycle(
                "sales.orders",
                List.of(
                        generation(1, Role.CANDIDATE, true, "2026-01-01T00:00:00Z", null),
                        generation(
                                2,
                                Role.SERVING,
                                true,
                                "2026-01-20T00:00:00Z",
                                JSON.createObjectNode().put("candidate", 2).put("at", PROMOTED)),
                        generation(3, Role.CANDIDATE, false, "2026-02-10T00:00:00Z", null),
                        generation(4, Role.CANDIDATE, false, "2026-02-11T00:00:00Z", null)),
                null);
        List<JsonNode> events = new ArrayList<>();
        for (String event : new LineageEvents("broker:9092", "0.1 SNAPSHOT", NOW)
                .of(
                        Optional.of(description()),
                        lifecycle,
                        number -> number == 1 ? Optional.empty() : Optional.of("LIVE"),
                        List.of(FAILURE))) {
            events.add(JSON.readTree(event));
        }
        return events;
    }

    private static GenerationRecord generation(
            int number, Role role, boolean served, String begun, @Nullable JsonNode verification) {
        return new GenerationRecord(
                number,
                role,
                served,
                Computation.of("b1", List.of("line"), List.of()),
                new PortTopics(List.of("sales.raw.v1"), List.of("sales.orders.v1")),
                History.upTo(Map.of(), begun),
                new Findings(null, verification, null));
    }

    private static ProductDescription description() {
        String schema =
                "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"string\",\"doc\":\"Its number.\"}]}";
        return new ProductDescription(
                "sales.orders",
                new Owner("sales", "sales@example.org"),
                "Orders",
                List.of(new OutputDescription(
                        "sales.orders.v1",
                        "table",
                        "Orders as they are",
                        new RecordDescription(null, schema, null, "id", "id", List.of(), 1_000),
                        4,
                        null,
                        null)),
                List.of(),
                new ProductDescription.Software("b1", "0.1"),
                List.of(),
                List.of());
    }
}
