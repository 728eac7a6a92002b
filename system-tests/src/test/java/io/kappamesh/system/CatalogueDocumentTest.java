package io.kappamesh.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kappamesh.build.LibraryVersion;
import io.kappamesh.catalog.InputDescription;
import io.kappamesh.catalog.ProcessState;
import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.catalog.RunningGeneration;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.PortAddress;
import io.kappamesh.discovery.Catalog;
import io.kappamesh.discovery.Edge;
import io.kappamesh.discovery.FoundProduct;
import io.kappamesh.discovery.SampledRecord;
import io.kappamesh.display.CatalogText;
import io.kappamesh.display.FieldLineage;
import io.kappamesh.logistics.LogisticsProducts;
import io.kappamesh.sales.SalesProducts;
import io.kappamesh.topology.StreamingProduct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page about the catalogue shows what the commands print of the worked domains, and of a third one that is stopped. States and figures are made up here; everything else is what the products
 * declare. With {@code -Dmesh.docs.update=true} the page is rewritten.
 */
class CatalogueDocumentTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String ORDERS = "sales.orders.v1";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final Path PAGE = Checkout.root().resolve("docs").resolve("catalogue.md");

    @Test
    void thePageShowsWhatIsPrinted() throws IOException {
        String page = Files.readString(PAGE);
        String printed = page;
        printed = with(printed, "products", CatalogText.products(catalog(), NOON));
        printed = with(
                printed,
                "describe " + ORDERS,
                CatalogText.port(catalog().port(ORDERS).orElseThrow(), catalog().readers(ORDERS), sample(), null));
        printed = with(printed, "lineage", CatalogText.lineage(catalog()));
        printed = with(
                printed,
                "lineage " + ORDERS + " --fields",
                ofOrders(FieldLineage.text(catalog().around(ORDERS))));
        if (Boolean.getBoolean("mesh.docs.update")) {
            Files.writeString(PAGE, printed);
        }

        assertThat(Files.readString(PAGE))
                .as("run it once with -Dmesh.docs.update=true, and review the difference")
                .isEqualTo(printed);
    }

    /** The paragraph of one port, which is the last. */
    private static List<String> ofOrders(List<String> lines) {
        List<String> some = new ArrayList<>(List.of("…"));
        some.addAll(lines.subList(lines.indexOf(ORDERS), lines.size()));
        return some;
    }

    /** The page with these lines below a command. */
    private static String with(String page, String command, List<String> lines) {
        Matcher block = Pattern.compile(
                        "(```console\n\\$ \\./mesh " + Pattern.quote(command) + "\n).*?\n(```)", Pattern.DOTALL)
                .matcher(page);
        assertThat(block.find()).as("the page shows " + command).isTrue();
        return block.replaceFirst("$1" + Matcher.quoteReplacement(String.join("\n", lines)) + "\n$2");
    }

    private static Catalog catalog() {
        List<FoundProduct> products = new ArrayList<>();
        List<Edge> edges = new ArrayList<>();
        Stream.of(SalesProducts.all(), LogisticsProducts.all())
                .flatMap(List::stream)
                .map(StreamingProduct::product)
                .forEach(product -> {
                    products.add(found(product, true));
                    edges.addAll(edges(product, Edge.Status.ACTIVE));
                });
        DataProduct finance = Finance.product().product();
        products.add(found(finance, false));
        edges.addAll(edges(finance, Edge.Status.SILENT));
        edges.add(new Edge(ORDERS, "reports", Edge.Status.UNDECLARED, false, Edge.Figures.UNKNOWN));
        products.sort(Comparator.comparing(product -> product.name().toString()));
        edges.sort(Comparator.comparing(Edge::port).thenComparing(Edge::reader));
        return new Catalog(products, edges, List.of());
    }

    private static FoundProduct found(DataProduct product, boolean running) {
        List<RunningGeneration> generations = new ArrayList<>();
        generations.add(new RunningGeneration(
                2,
                RunningGeneration.SERVING,
                "LIVE",
                "4f1c0a9e7b21",
                new RunningGeneration.Figures(1.2, "2026-03-01T11:59:59Z", 15_000, 15_000, 0, List.of()),
                List.of()));
        if (product.name().toString().equals("sales.orders")) {
            generations.add(new RunningGeneration(
                    3, "CANDIDATE", "REPLAYING", "9d03be51c6aa", RunningGeneration.Figures.NONE, List.of()));
        }
        return new FoundProduct(
                product.name(),
                Optional.of(described(product)),
                running
                        ? List.of(new ProcessState(
                                product.name().toString(), "p", "LIVE", NOON.toString(), 30, generations))
                        : List.of(),
                running,
                Optional.of(running ? NOON : NOON.minusSeconds(3600)));
    }

    private static ProductDescription described(DataProduct product) {
        return ProductDescription.of(
                product, "4f1c0a9e7b21", LibraryVersion.text(), Map.of(PortAddress.of(ORDERS), 17));
    }

    private static List<Edge> edges(DataProduct product, Edge.Status status) {
        boolean active = status == Edge.Status.ACTIVE;
        return described(product).inputs().stream()
                .map(input -> new Edge(
                        input.address(),
                        product.name().toString(),
                        status,
                        isSource(input),
                        active
                                ? new Edge.Figures(
                                        OptionalLong.of(isSource(input) ? 0 : 12),
                                        OptionalDouble.of(2.5),
                                        Optional.empty())
                                : Edge.Figures.UNKNOWN))
                .toList();
    }

    private static boolean isSource(InputDescription input) {
        return input.source() != null;
    }

    private static List<SampledRecord> sample() throws JsonProcessingException {
        return List.of(new SampledRecord(1, 881, Instant.parse("1995-03-15T09:12:44Z"), "4711", JSON.readTree("""
                        {"orderId":"4711","customerId":"370","marketSegment":"BUILDING","nation":"FRANCE",
                         "orderPriority":"1-URGENT","shipPriority":0,"orderDate":"1995-03-15","placedAt":"1995-03-15T09:12:44Z",
                         "lines":[{"lineNumber":1,"partId":"155","supplierId":"7","quantity":17.00,"extendedPrice":21168.23,"discount":0.04,"tax":0.02}]}""")));
    }
}
