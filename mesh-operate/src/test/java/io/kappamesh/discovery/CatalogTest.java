package io.kappamesh.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kappamesh.catalog.CatalogSnapshot;
import io.kappamesh.catalog.HeardState;
import io.kappamesh.catalog.ProcessState;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RunningGeneration;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.ReadablePort;
import io.kappamesh.fixture.Products;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LONG_AGO = NOON.minusSeconds(3600);

    private final NavigableMap<ProductName, ProductDescription> described = new TreeMap<>();
    private final List<HeardState> heard = new ArrayList<>();
    private final Map<String, Set<String>> active = new TreeMap<>();
    private Set<String> idle = Set.of();

    @Test
    void aReaderWhoseGroupHasMembersIsActiveWithWhatItsProcessesSay() {
        sales();
        shipments();
        active.put("logistics.shipments.g2", Set.of("sales.orders.v1"));
        says("logistics.shipments", "p1", NOON, serving(2, "LIVE", 40, 1.5));
        says("logistics.shipments", "p2", NOON, serving(2, "LIVE", 2, 3));

        assertThat(catalog().readers("sales.orders.v1")).singleElement().satisfies(edge -> {
            assertThat(edge.status()).isEqualTo(Edge.Status.ACTIVE);
            assertThat(edge.figures().lag()).isEqualTo(OptionalLong.of(42));
            assertThat(edge.figures().ratePerSecond()).hasValue(4.5);
        });
    }

    /** What a killed process said last is not taken for the truth. */
    @Test
    void aReaderWhoseGroupLostItsMembersIsSilentWhateverItSaidLast() {
        sales();
        shipments();
        idle = Set.of("logistics.shipments.g1");
        says("logistics.shipments", "p1", NOON, serving(1, "LIVE", 0, 100));

        Catalog catalog = catalog();

        assertThat(catalog.readers("sales.orders.v1"))
                .containsExactly(new Edge(
                        "sales.orders.v1", "logistics.shipments", Edge.Status.SILENT, false, Edge.Figures.UNKNOWN));
        assertThat(catalog.product(ProductName.of("logistics.shipments"))
                        .orElseThrow()
                        .state())
                .isEqualTo("STOPPED");
    }

    @Test
    void whoIsNotHeardOfIsSilentWhereBrokersDoNotTellTheGroups() {
        sales();
        shipments();
        says("sales.orders", "p1", NOON, serving(1, "LIVE", 0, 0));
        says("logistics.shipments", "p1", NOON.minusSeconds(91), serving(1, "LIVE", 0, 0));

        assertThat(catalog().products())
                .extracting(one -> one.name().toString(), FoundProduct::running, FoundProduct::state)
                .containsExactly(tuple("logistics.shipments", false, "STOPPED"), tuple("sales.orders", true, "LIVE"));
    }

    @Test
    void whoRunsAndMayNotSaySoRunsUnheard() {
        sales();
        active.put("sales.orders.g1", Set.of("sales.raw.v1"));

        assertThat(catalog().products()).extracting(FoundProduct::state).containsExactly("UNHEARD");
    }

    @Test
    void whoWaitsSaysSoAndIsSilent() {
        sales();
        shipments();
        says("logistics.shipments", "p1", NOON);

        Catalog catalog = catalog();

        assertThat(catalog.product(ProductName.of("logistics.shipments"))
                        .orElseThrow()
                        .state())
                .isEqualTo("WAITING");
        assertThat(catalog.readers("sales.orders.v1")).extracting(Edge::status).containsExactly(Edge.Status.SILENT);
    }

    /** It is in no group, and writes the offsets of one. */
    @Test
    void aLoaderIsSeenByTheNameOfItsGroup() {
        sales();
        idle = Set.of("mesh-load.sales.orders.v1.orders_v1", "mesh-load.else.orders.v1.orders_v1", "nightly");

        assertThat(catalog().readers("sales.orders.v1"))
                .containsExactly(new Edge(
                        "sales.orders.v1",
                        "mesh-load.sales.orders.v1.orders_v1",
                        Edge.Status.UNDECLARED,
                        false,
                        Edge.Figures.UNKNOWN));
    }

    @Test
    void whoReadsWithoutSayingSoIsUndeclared() {
        sales();
        shipments();
        active.put("reports", Set.of("sales.orders.v1", "elsewhere"));
        active.put("old.copy.g1", Set.of("sales.orders.v1", "old.copy.g1-x-repartition"));
        active.put("logistics.shipments.g1", Set.of("sales.orders.v1", "sales.days.v1"));
        active.put("sales.orders.v1.queries", Set.of("sales.orders.v1"));

        assertThat(catalog().edges())
                .filteredOn(edge -> edge.status() == Edge.Status.UNDECLARED)
                .extracting(Edge::port, Edge::reader)
                .containsExactly(
                        tuple("sales.days.v1", "logistics.shipments.g1"),
                        tuple("sales.orders.v1", "old.copy.g1"),
                        tuple("sales.orders.v1", "reports"));
    }

    @Test
    void theSurroundingsOfAPortAreWhatItIsMadeOfAndWhatIsMadeOfIt() {
        sales();
        shipments();
        product("finance.months", Products.table("logistics.shipments.v1").build(), "finance.months.v1");
        product("crm.letters", Products.table("sales.days.v1").build(), "crm.letters.v1");
        product("hr.people", Products.source("hr.raw.v1").build(), "hr.people.v1");

        Catalog around = catalog().around("sales.orders.v1");

        assertThat(around.products())
                .extracting(one -> one.name().toString())
                .containsExactly("finance.months", "logistics.shipments", "sales.orders");
        assertThat(around.edges())
                .extracting(Edge::port)
                .containsExactly("logistics.shipments.v1", "sales.orders.v1", "sales.raw.v1");
        assertThat(catalog().around("sales.orders").products())
                .extracting(one -> one.name().toString())
                .containsExactly("crm.letters", "finance.months", "logistics.shipments", "sales.orders");
        assertThat(catalog().around("nobody.there.v1").edges()).isEmpty();
    }

    @Test
    void aPortThatMovedIsOfTheProductThatRunsAndElseOfTheOneThatWasHeardOfLast() {
        product("sales.a-former-owner", Products.source("sales.raw.v1").build(), "sales.orders.v1");
        sales();
        says("sales.a-former-owner", "p1", LONG_AGO, serving(1, "LIVE", 0, 0));
        says("sales.orders", "p2", NOON.minusSeconds(1800), serving(1, "LIVE", 0, 0));
        assertThat(ownerOf("sales.orders.v1")).isEqualTo("sales.orders");

        active.put("sales.a-former-owner.g1", Set.of("sales.raw.v1"));
        assertThat(ownerOf("sales.orders.v1")).isEqualTo("sales.a-former-owner");
    }

    private String ownerOf(String address) {
        return catalog().port(address).orElseThrow().product().name().toString();
    }

    @Test
    void domainsThatReadEachOtherHaveAnEnd() {
        product("a.one", Products.table("b.two.v1").build(), "a.one.v1");
        product("b.two", Products.table("a.one.v1").build(), "b.two.v1");

        assertThat(catalog().around("a.one.v1").edges()).hasSize(2);
    }

    private void sales() {
        product("sales.orders", Products.source("sales.raw.v1").build(), "sales.orders.v1", "sales.days.v1");
    }

    private void shipments() {
        product("logistics.shipments", Products.table("sales.orders.v1").build(), "logistics.shipments.v1");
    }

    private void product(String name, ReadablePort<?> input, String... outputs) {
        ProductName product = ProductName.of(name);
        var ports = Arrays.stream(outputs)
                .map(output -> Products.table(output).build())
                .toArray(OutputPort<?>[]::new);
        described.put(product, ProductDescription.of(Products.product(name, input, ports), "b", "0.1.0", Map.of()));
    }

    private void says(String product, String process, Instant at, RunningGeneration... generations) {
        heard.add(new HeardState(
                new ProcessState(
                        product,
                        process,
                        generations.length == 0 ? "WAITING" : "LIVE",
                        LONG_AGO.toString(),
                        30,
                        List.of(generations)),
                at));
    }

    private static RunningGeneration serving(int number, String state, long lag, double rate) {
        return new RunningGeneration(
                number,
                RunningGeneration.SERVING,
                state,
                "b",
                RunningGeneration.Figures.NONE,
                List.of(new RunningGeneration.Input("sales.orders.v1", lag, rate, null)));
    }

    private Catalog catalog() {
        return Catalog.of(
                new CatalogSnapshot(described, heard, List.of()),
                new ReadingGroups(new TreeMap<>(active), idle, Set.of()),
                NOON);
    }
}
