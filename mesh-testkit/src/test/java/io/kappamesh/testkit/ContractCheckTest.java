package io.kappamesh.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.condition.Condition;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.evolution.ContractFiles;
import io.kappamesh.topology.StreamingProduct;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractCheckTest {
    private static final String ID = "{\"name\":\"id\",\"type\":\"string\"}";
    private static final String NOTE = "{\"name\":\"note\",\"type\":\"string\"}";
    private static final String CITY = "{\"name\":\"city\",\"type\":\"string\",\"default\":\"\"}";

    @TempDir
    Path contracts;

    @Test
    void whatIsNotRecordedFailsAndSaysHowToRecordIt() {
        assertThatThrownBy(() -> check(shop(ID, NOTE)).passes())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("port shop.orders.v1")
                .hasMessageContaining("-Dmesh.contracts.update=true");
    }

    @Test
    void whatIsRecordedPassesAndIsReadableInAReview() throws Exception {
        release(shop(ID, NOTE));

        assertThatCode(() -> check(shop(ID, NOTE)).passes()).doesNotThrowAnyException();
        assertThat(Files.readString(contracts.resolve("released").resolve("shop.orders.v1.json")))
                .contains("\"name\" : \"note\"")
                .contains("\"condition\" : \"id is not empty\"");
    }

    @Test
    void aChangeThatBreaksAReaderFailsWithItsName() {
        release(shop(ID, NOTE));
        need(reader("id-and-note", ID, NOTE));
        need(reader("id-only", ID));

        assertThatThrownBy(() -> check(shop(ID)).passes())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("read by books.id-and-note: new data, read with its schema: Order.note")
                .hasMessageContaining("read with the schema of release 1: Order.note")
                .hasMessageContaining("[field-without-default]")
                .hasMessageContaining("shop.orders.v2")
                .hasMessageNotContaining("books.id-only");
    }

    @Test
    void everyReleaseCountsAndNotTheLastOnly() {
        release(shop(ID));
        release(shop(ID, CITY));

        assertThat(check(shop(ID, CITY.replace(",\"default\":\"\"", ""))).breaches())
                .singleElement()
                .asString()
                .contains("data of release 1", "Order.city");
    }

    @Test
    void aPortThatSomebodyReadsIsNotDropped() {
        release(shop(ID, NOTE));
        need(reader("id-only", ID));
        StreamingProduct other = product("shop.returns.v1", ID);
        release(other);

        assertThat(check(other).breaches())
                .singleElement()
                .asString()
                .contains("port shop.orders.v1, read by books.id-only", "port-dropped");
    }

    @Test
    void readersAreHeldAgainstReleasesToo() {
        release(shop(ID));
        StreamingProduct greedy = reader("greedy", ID, NOTE);
        release(greedy);
        need(greedy);

        assertThat(check(greedy).breaches())
                .singleElement()
                .asString()
                .contains("port shop.orders.v1, read by books.greedy", "Order.note");
    }

    @Test
    void aReaderOfAPortThatIsGoingToEndIsWarnedAndNotRefused() {
        StreamingProduct ending = declared(
                "shop.orders",
                DataProduct.named("shop.orders")
                        .reads(raw())
                        .publishes(port("shop.orders.v1", ID).deprecated("shop.orders.v2", LocalDate.of(2027, 6, 30))));
        release(shop(ID));
        assertThat(check(ending).breaches()).isEmpty();
        assertThatThrownBy(() -> check(ending).passes()).hasMessageContaining("not among its releases");
        StreamingProduct books = reader("id-only", ID);
        release(books);
        need(books);
        assertThat(check(books).warnings()).isEmpty();

        release(ending);

        assertThatCode(() -> check(books).passes()).doesNotThrowAnyException();
        assertThat(check(books).warnings())
                .containsExactly("books.id-only reads shop.orders.v1, which is deprecated: read shop.orders.v2 instead,"
                        + " before 2027-06-30");
    }

    @Test
    void aSchemaThatDoesNotFitItselfIsRefusedWithItsFirstRelease() {
        String two = "{\"name\":\"price\",\"type\":[%s,%s]}"
                .formatted(
                        decimal("bytes", 2),
                        "{\"type\":\"fixed\",\"name\":\"F\",\"size\":8,"
                                + "\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}");

        assertThat(check(shop(ID, two)).breaches())
                .singleElement()
                .asString()
                .contains("Order.price", "[union-of-alike-types]");
    }

    private static String decimal(String type, int scale) {
        return "{\"type\":\"%s\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":%d}".formatted(type, scale);
    }

    @Test
    void releasesMayBeInAJar() throws Exception {
        Path jar = contracts.resolve("contracts.jar");
        try (FileSystem inside = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
            new ContractFiles(inside.getPath("contracts"))
                    .release(described(shop(ID, NOTE)).outputs().get(0));
        }

        try (FileSystem inside = FileSystems.newFileSystem(jar)) {
            assertThat(ContractCheck.of(List.of(shop(ID)))
                            .in(inside.getPath("contracts"))
                            .breaches())
                    .singleElement()
                    .asString()
                    .contains("release 1");
        }
    }

    @Test
    void aFileThatIsNoneOfOursIsNamed() throws Exception {
        Files.createDirectories(contracts.resolve("released"));
        Files.writeString(contracts.resolve("released").resolve("shop.orders.v1.json"), "<<<<<<< HEAD");

        assertThatThrownBy(() -> check(shop(ID)).passes())
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("shop.orders.v1.json");
    }

    private ContractCheck check(StreamingProduct product) {
        return ContractCheck.of(List.of(product)).in(contracts);
    }

    private void release(StreamingProduct product) {
        described(product).outputs().forEach(new ContractFiles(contracts)::release);
    }

    private void need(StreamingProduct product) {
        new ContractFiles(contracts).keep(ContractFiles.Needs.of(described(product)));
    }

    private static ProductDescription described(StreamingProduct product) {
        return ProductDescription.of(product.product(), null, "test", Map.of());
    }

    private static StreamingProduct shop(String... fields) {
        return product("shop.orders.v1", fields);
    }

    private static StreamingProduct product(String address, String... fields) {
        return declared(
                "shop.orders", DataProduct.named("shop.orders").reads(raw()).publishes(port(address, fields)));
    }

    private static EventSource<GenericRecord> raw() {
        return SourcePort.events("shop.raw.v1", GenericRecord.class)
                .schema(order("{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}}"))
                .eventTime("at")
                .describedAs("Orders as they come")
                .build();
    }

    private static StreamingProduct reader(String name, String... fields) {
        InputPort<GenericRecord> orders = InputPort.table("shop.orders.v1", GenericRecord.class)
                .schema(order(fields))
                .withoutEventTime()
                .build();
        return declared(
                name, DataProduct.named("books." + name).reads(orders).publishes(port("books." + name + ".v1", ID)));
    }

    private static StreamingProduct declared(String owner, DataProduct.Builder product) {
        return new StreamingProduct(
                product.ownedBy(owner, owner + "@example.org")
                        .describedAs("For tests")
                        .build(),
                ports -> {});
    }

    private static OutputPort<GenericRecord> port(String address, String... fields) {
        return OutputPort.table(address, GenericRecord.class)
                .schema(order(fields))
                .withoutEventTime()
                .promises("has-id", "it has a number", Condition.of("id is not empty"))
                .describedAs("Orders")
                .build();
    }

    private static Schema order(String... fields) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Order\",\"fields\":[" + String.join(",", fields) + "]}");
    }
}
