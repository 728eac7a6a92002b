package io.kappamesh.display;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kappamesh.catalog.ProcessState;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RunningGeneration;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Edge;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.discovery.SampledRecord;
import io.kappamesh.fixture.Products;
import io.kappamesh.generation.RetiredPort;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** What is shown of the catalogue. */
class CatalogTextTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Schema ORDER = new Schema.Parser().parse("""
            {"type":"record","name":"Order","fields":[
              {"name":"orderId","type":"string","doc":"Its number."},
              {"name":"mail","type":["null","string"],"doc":"Who gave it.","classification":"personal"},
              {"name":"sum","type":{"type":"bytes","logicalType":"decimal","precision":15,"scale":2}}]}""");

    @Test
    void productsHaveALineEachAndTheirCandidatesBelow() {
        assertThat(CatalogText.products(catalog(), NOON))
                .containsExactly(
                        "PRODUCT       STATE      OWNER                     PUBLISHES",
                        "finance.sums  STOPPED    team, team@example.org    finance.sums.v1  (last heard of 1 h 0 min ago)",
                        "sales.orders  LIVE       sales, sales@example.org  sales.orders.v1",
                        "  g3 CANDIDATE REPLAYING");
    }

    @Test
    void aPortTellsWhatItHoldsWhoseItIsHowFreshItIsAndWhoReadsIt() {
        Catalog catalog = catalog();
        List<SampledRecord> sample = List.of(new SampledRecord(
                0,
                7,
                NOON,
                "o1",
                JsonNodeFactory.instance.objectNode().put("orderId", "o1").put("mail", "***")));

        assertThat(CatalogText.port(
                        catalog.port("sales.orders.v1").orElseThrow(),
                        catalog.readers("sales.orders.v1"),
                        sample,
                        null))
                .containsExactly(
                        "sales.orders.v1   table of sales.orders",
                        "  Orders as they are.",
                        "  owner        sales, sales@example.org",
                        "  topic        sales.orders.v1, 4 partitions",
                        "  schema       Avro, id 17 in the registry",
                        "  key          orderId",
                        "  event time   none",
                        "  fresh        within 5 s; 1 s behind its inputs as measured last",
                        "  kept         the latest record of each key",
                        "  state        LIVE, g2 of build b1",
                        "  newest       event time 2026-01-01T11:59:59Z at its inputs",
                        "  promises     sum-positive: The sum is positive; broken by 12 records since it started",
                        "  fields",
                        "    orderId  string         Its number.",
                        "    mail     null | string  [personal] Who gave it.",
                        "    sum      decimal(15,2)",
                        "  read by",
                        "    -> finance.sums                         SILENT",
                        "    -> logistics.shipments                  active      lag 1,200  2.5/s",
                        "    -> reports                              UNDECLARED",
                        "  the newest records",
                        "    2026-01-01T12:00:00Z  o1  {\"orderId\":\"o1\",\"mail\":\"***\"}");
    }

    @Test
    void aLineageHasAParagraphForEachPortThatIsRead() {
        assertThat(CatalogText.lineage(catalog()))
                .containsExactly(
                        "gone.away.v1   of nobody in the catalogue",
                        "  -> finance.sums                         SILENT",
                        "sales.orders.v1   table of sales.orders",
                        "  -> finance.sums                         SILENT",
                        "  -> logistics.shipments                  active      lag 1,200  2.5/s",
                        "  -> reports                              UNDECLARED",
                        "sales.raw.v1   private source",
                        "  -> sales.orders                         active      lag 0  0/s");
    }

    @Test
    void jsonHasNullForWhatIsNotKnown() {
        Catalog catalog = catalog();

        assertThat(CatalogJson.lineage(catalog).at("/edges/1"))
                .hasToString(
                        "{\"port\":\"sales.orders.v1\",\"reader\":\"finance.sums\",\"status\":\"SILENT\",\"source\":false,"
                                + "\"lag\":null,\"ratePerSecond\":null,\"lastReadAt\":null,\"publisher\":\"sales.orders\",\"deprecation\":null}");
        assertThat(CatalogJson.products(catalog).at("/1/owner/contact").asText())
                .isEqualTo("sales@example.org");
        assertThat(CatalogJson.port(catalog.port("finance.sums.v1").orElseThrow(), List.of(), List.of(), "no right")
                        .at("/freshnessSeconds")
                        .isNull())
                .isTrue();
    }

    @Test
    void aPortThatIsGoingToEndIsMarkedEverywhere() {
        OutputPort<GenericRecord> v2 = Products.table("sales.orders.v2").build();
        OutputPort<GenericRecord> v1 = Products.table("sales.orders.v1")
                .build()
                .convertedFrom(v2, order -> order)
                .deprecated("sales.orders.v2", LocalDate.of(2027, 6, 30));
        DataProduct orders =
                Products.product("sales.orders", Products.source("sales.raw.v1").build(), v2, v1);
        Catalog catalog = new Catalog(
                List.of(new FoundProduct(
                        orders.name(),
                        Optional.of(ProductDescription.of(orders, "b", "0.1.0", Map.of())),
                        List.of(),
                        false,
                        Optional.empty())),
                List.of(edge("sales.orders.v1", "reports", Edge.Status.UNDECLARED)),
                List.of());
        Catalog.PublishedPort ending = catalog.port("sales.orders.v1").orElseThrow();

        assertThat(CatalogText.products(catalog, NOON))
                .last()
                .asString()
                .endsWith("sales.orders.v2, sales.orders.v1 (deprecated)");
        assertThat(CatalogText.port(ending, List.of(), List.of(), null))
                .contains(
                        "  DEPRECATED   read sales.orders.v2 instead; it may be retired from 2027-06-30 on",
                        "  versions     sales.orders.v2, from which this one is converted");
        assertThat(CatalogText.port(catalog.port("sales.orders.v2").orElseThrow(), List.of(), List.of(), null))
                .contains("  versions     sales.orders.v1, which is converted from this one")
                .noneMatch(line -> line.contains("DEPRECATED"));
        assertThat(CatalogText.product(catalog.products().get(0))).anyMatch(line -> line.endsWith("(deprecated)"));
        assertThat(CatalogText.lineage(catalog).get(0))
                .isEqualTo(
                        "sales.orders.v1   table of sales.orders, DEPRECATED: sales.orders.v2 instead, before 2027-06-30");
        assertThat(CatalogJson.port(ending, List.of(), List.of(), null)
                        .at("/deprecation/successor")
                        .asText())
                .isEqualTo("sales.orders.v2");
        assertThat(CatalogJson.lineage(catalog)
                        .at("/edges/0/deprecation/endOfLife")
                        .asText())
                .isEqualTo("2027-06-30");
        assertThat(LineageSvg.of(catalog, NOON)).contains("deprecated");
    }

    @Test
    void aRetiredPortSaysWhoDidItWhenAndDespiteWhat() {
        RetiredPort retired = new RetiredPort(
                "sales.orders.v1", NOON.toString(), "alice", List.of("reports (its consumer group reads it now)"));

        assertThat(CatalogText.retired(retired))
                .containsExactly(
                        "sales.orders.v1   retired at 2026-01-01T12:00:00Z by alice",
                        "  by force, despite reports (its consumer group reads it now)");
        assertThat(CatalogJson.retired(retired).at("/despite/0").asText()).startsWith("reports");
    }

    private static Catalog catalog() {
        DataProduct orders = DataProduct.named("sales.orders")
                .ownedBy("sales", "sales@example.org")
                .describedAs("Orders.")
                .reads(Products.source("sales.raw.v1").build())
                .publishes(OutputPort.table("sales.orders.v1", GenericRecord.class)
                        .schema(ORDER)
                        .withoutEventTime()
                        .key("orderId")
                        .describedAs("Orders as they are.")
                        .freshWithin(Duration.ofSeconds(5))
                        .promises("sum-positive", "The sum is positive", order -> true)
                        .build())
                .build();
        DataProduct sums = Products.product(
                "finance.sums",
                Products.table("sales.orders.v1").build(),
                Products.table("finance.sums.v1").build());
        ProcessState process = new ProcessState(
                "sales.orders",
                "p",
                "LIVE",
                NOON.toString(),
                30,
                List.of(
                        new RunningGeneration(
                                2,
                                RunningGeneration.SERVING,
                                "LIVE",
                                "b1",
                                new RunningGeneration.Figures(
                                        1.2,
                                        "2026-01-01T11:59:59Z",
                                        1,
                                        1,
                                        0,
                                        List.of(new RunningGeneration.BrokenRule(
                                                "sales.orders.v1", "sum-positive", 12))),
                                List.of()),
                        new RunningGeneration(
                                3, "CANDIDATE", "REPLAYING", "b1", RunningGeneration.Figures.NONE, List.of())));
        return new Catalog(
                List.of(
                        new FoundProduct(
                                sums.name(),
                                Optional.of(ProductDescription.of(sums, "b", "0.1.0", Map.of())),
                                List.of(),
                                false,
                                Optional.of(NOON.minusSeconds(3600))),
                        new FoundProduct(
                                orders.name(),
                                Optional.of(ProductDescription.of(
                                        orders, "b1", "0.1.0", Map.of(PortAddress.of("sales.orders.v1"), 17))),
                                List.of(process),
                                true,
                                Optional.of(NOON))),
                List.of(
                        edge("gone.away.v1", "finance.sums", Edge.Status.SILENT),
                        edge("sales.orders.v1", "finance.sums", Edge.Status.SILENT),
                        new Edge(
                                "sales.orders.v1",
                                "logistics.shipments",
                                Edge.Status.ACTIVE,
                                false,
                                new Edge.Figures(OptionalLong.of(1200), OptionalDouble.of(2.5), Optional.empty())),
                        edge("sales.orders.v1", "reports", Edge.Status.UNDECLARED),
                        new Edge(
                                "sales.raw.v1",
                                "sales.orders",
                                Edge.Status.ACTIVE,
                                true,
                                new Edge.Figures(OptionalLong.of(0), OptionalDouble.of(0), Optional.empty()))),
                List.of());
    }

    private static Edge edge(String port, String reader, Edge.Status status) {
        return new Edge(port, reader, status, false, Edge.Figures.UNKNOWN);
    }
}
