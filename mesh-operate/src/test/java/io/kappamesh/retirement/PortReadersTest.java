package io.kappamesh.retirement;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.contract.ProductName;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Discovery;
import io.kappamesh.discovery.Edge;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.fixture.Products;
import io.kappamesh.generation.Computation;
import io.kappamesh.generation.GenerationRecord;
import io.kappamesh.generation.History;
import io.kappamesh.generation.PortTopics;
import io.kappamesh.generation.ProductLifecycle;
import io.kappamesh.generation.RetiredPort;
import io.kappamesh.generation.Role;
import io.kappamesh.retirement.PortReaders.HasRead;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** What speaks against retiring a port, without brokers. */
class PortReadersTest {
    private static final PortAddress PORT = PortAddress.of("sales.orders.v1");
    private static final ProductName OWNER = ProductName.of("sales.orders");
    private static final LocalDate TODAY = LocalDate.of(2027, 1, 1);
    private static final Instant NOON = Instant.parse("2027-01-01T12:00:00Z");

    private final Map<String, HasRead> offsets = new HashMap<>();
    private final TreeMap<String, Set<String>> active = new TreeMap<>();
    private Set<String> idle = Set.of();
    private Set<String> unclear = Set.of();
    private final List<Edge> edges = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final List<ProductLifecycle> products = new ArrayList<>();
    private LocalDate endOfLife = TODAY;
    private boolean hidesGroups;

    @Test
    void nothingSpeaksAgainstAPortThatNobodyReads() throws Exception {
        assertThat(objections()).isEmpty();
    }

    @Test
    void whoDeclaresThatHeReadsItDoesAlsoWhileHeIsStopped() throws Exception {
        edges.add(edge("finance.sums", Edge.Status.SILENT));
        edges.add(edge("console", Edge.Status.UNDECLARED));

        assertThat(objections()).containsExactly("finance.sums (declares that it reads it)");
    }

    @Test
    void aGroupReadsItNowOrHasReadItAndMayComeBack() throws Exception {
        active.put("reports", Set.of("sales.orders.v1"));
        active.put("others", Set.of("sales.lines.v1"));
        idle = Set.of("nightly", "mesh-load.sales.orders.v1.orders", "else");
        offsets.put("nightly", HasRead.YES);
        offsets.put("mesh-load.sales.orders.v1.orders", HasRead.YES);

        assertThat(objections())
                .containsExactly(
                        "mesh-load.sales.orders.v1.orders (its consumer group has read it, has no members now, and may come back)",
                        "nightly (its consumer group has read it, has no members now, and may come back)",
                        "reports (its consumer group reads it now)");
    }

    /** While a group rebalances nothing is assigned to its members; its offsets tell. */
    @Test
    void aGroupThatRebalancesIsAskedForItsOffsets() throws Exception {
        active.put("reports", Set.of());
        unclear = Set.of("reports");
        offsets.put("reports", HasRead.YES);

        assertThat(objections()).containsExactly("reports (its consumer group has read it, and is at work)");
    }

    /** Brokers list it, and do not describe it to whoever asks. */
    @Test
    void aGroupThatCannotBeSeenSpeaksAgainstIt() throws Exception {
        unclear = Set.of("secret", "other");
        offsets.put("secret", HasRead.HIDDEN);

        assertThat(objections())
                .containsExactly("not all readers can be seen: these credentials lack DESCRIBE on the groups secret");
    }

    @Test
    void whatIsHiddenAltogetherSpeaksAgainstItToo() throws Exception {
        hidesGroups = true;
        leftOut.add("topic finance.mesh.catalog: these credentials may not read it");

        assertThat(objections())
                .hasSize(2)
                .anyMatch(one -> one.contains("finance.mesh.catalog"))
                .anyMatch(one -> one.contains("lack DESCRIBE on the cluster"));
    }

    /** A group that has the form of a generation, and is none, is a reader like any other. */
    @Test
    void aGroupThatIsNamedLikeAGenerationAndIsNoneIsAReader() throws Exception {
        idle = Set.of("finance.sums.g7", "finance.sums.g1");
        offsets.put("finance.sums.g7", HasRead.YES);
        offsets.put("finance.sums.g1", HasRead.YES);
        products.add(new ProductLifecycle(
                "finance.sums", List.of(generation(1, Role.RETIRED, List.of("sales.orders.v1"))), null));

        assertThat(objections())
                .as("g1 is retired, whatever its offsets say")
                .containsExactly(
                        "finance.sums.g7 (its consumer group has read it, has no members now, and may come back)");
    }

    @Test
    void aCandidateThatIsNotRetiredMayServeAgain() throws Exception {
        products.add(new ProductLifecycle(
                "finance.sums", List.of(generation(2, Role.CANDIDATE, List.of("sales.orders.v1"))), null));

        assertThat(objections()).containsExactly("finance.sums (its generation g2 reads it, and is not retired)");
    }

    @Test
    void processesThatServeAQueryablePortAreNoReaders() throws Exception {
        active.put("sales.orders.v1.queries", Set.of("sales.orders.v1"));
        idle = Set.of("sales.orders.v1.queries");
        offsets.put("sales.orders.v1.queries", HasRead.YES);

        assertThat(objections()).isEmpty();
    }

    @Test
    void itIsPromisedUntilItsEndOfLife() throws Exception {
        endOfLife = TODAY.plusDays(1);

        assertThat(objections()).containsExactly("it is promised until 2027-01-02");
    }

    @Test
    void whatIsForcedLaterIsAddedAndWhoForcedItFirstStaysKnown() {
        RetiredPort first =
                PortRetirer.record(PORT, null, List.of("finance.sums (declares that it reads it)"), "ann", NOON);
        RetiredPort second = PortRetirer.record(
                PORT,
                first,
                List.of("finance.sums (its consumer group reads it now)", "reports (its consumer group reads it now)"),
                "bob",
                NOON.plusSeconds(60));

        assertThat(second.by()).isEqualTo("ann");
        assertThat(second.at()).isEqualTo(NOON.toString());
        assertThat(second.despite())
                .containsExactly(
                        "finance.sums (declares that it reads it)",
                        "reports (its consumer group reads it now), at 2027-01-01T12:01:00Z by bob");
        assertThat(PortRetirer.news(
                        List.of("reports (declares that it reads it)", "it is promised until 2028-01-01"), second))
                .containsExactly("it is promised until 2028-01-01");
        assertThat(PortRetirer.record(PORT, second, List.of(), "cid", NOON)).isEqualTo(second);
    }

    private List<String> objections() throws Exception {
        OutputPort<GenericRecord> port =
                Products.table(PORT.toString()).build().deprecated("sales.orders.v2", endOfLife);
        ProductDescription owner = ProductDescription.of(
                Products.product(
                        OWNER.toString(), Products.source("sales.raw.v1").build(), port),
                null,
                "1",
                Map.of());
        Catalog catalog = new Catalog(
                List.of(new FoundProduct(OWNER, Optional.of(owner), List.of(), true, Optional.empty())),
                edges,
                leftOut);
        return new PortReaders(
                        (group, topic) -> {
                            assertThat(topic).isEqualTo(PORT.topic());
                            return offsets.getOrDefault(group, HasRead.NO);
                        },
                        hidesGroups,
                        TODAY)
                .objections(
                        PORT,
                        OWNER,
                        products,
                        new Discovery.Seen(catalog, new Discovery.Groups(active, idle, unclear)));
    }

    private static Edge edge(String reader, Edge.Status status) {
        return new Edge(PORT.toString(), reader, status, false, Edge.Figures.UNKNOWN);
    }

    private static GenerationRecord generation(int number, Role role, List<String> inputs) {
        return GenerationRecord.begun(
                number,
                role,
                Computation.of("b", List.of("stores"), List.of()),
                new PortTopics(inputs, List.of()),
                History.upTo(Map.of(), NOON.toString()));
    }
}
