package io.kappamesh.console.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.catalog.ProductDescription;
import io.kappamesh.condition.Condition;
import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.failure.StartupException;
import io.kappamesh.format.KeyFormat;
import io.kappamesh.json.JsonFormat;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class DescribedSourceTest {
    private static final Schema SCHEMA = SchemaBuilder.record("shop.Sale")
            .fields()
            .requiredString("saleId")
            .requiredLong("amount")
            .name("at")
            .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
            .noDefault()
            .endRecord();
    private static final String ADDRESS = "shop.sales.v1";

    @Test
    void portIsThatOfTheDeclarationWithTheRulesThatAreConditions() {
        SourcePort<GenericRecord> declared = SourcePort.events(ADDRESS, GenericRecord.class)
                .schema(SCHEMA)
                .eventTime("at")
                .key("saleId")
                .maxRecordBytes(4711)
                .promises("positive", "an amount is more than zero", Condition.of("amount > 0"))
                .promises("odd", "an amount is odd", sale -> (Long) sale.get("amount") % 2 == 1)
                .describedAs("Sales.")
                .build();

        DescribedSource found =
                DescribedSource.find(Stream.of(reader("shop.all", declared)), ADDRESS, null, Optional.empty());

        assertThat(found.product()).hasToString("shop.all");
        assertThat(found.functions()).containsExactly("odd");
        assertThat(DescribedSource.find(
                                Stream.of(reader("shop.all", declared)), ADDRESS, null, Optional.of(Duration.ofDays(7)))
                        .port()
                        .contract()
                        .levels()
                        .retention())
                .contains(Duration.ofDays(7));
        assertThat(found.port().contract().schema()).isEqualTo(SCHEMA);
        assertThat(found.port().contract().eventTime().field()).contains("at");
        assertThat(found.port().contract().key().orElseThrow().field()).contains("saleId");
        assertThat(found.port().contract().rules())
                .singleElement()
                .extracting(rule -> rule.name())
                .isEqualTo("positive");
        assertThat(found.port().contract().maxRecordBytes()).isEqualTo(4711);
    }

    @Test
    void oneOfSeveralReadersIsNamed() {
        SourcePort<GenericRecord> port = plain().build();
        Stream<ProductDescription> both = Stream.of(reader("shop.all", port), reader("shop.some", port));

        assertThatThrownBy(() -> DescribedSource.find(
                        Stream.of(reader("shop.all", port), reader("shop.some", port)),
                        ADDRESS,
                        null,
                        Optional.empty()))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("several products read it")
                .hasMessageContaining("[shop.all, shop.some]");
        assertThat(DescribedSource.find(both, ADDRESS, "shop.some", Optional.empty())
                        .product())
                .hasToString("shop.some");
        assertThatThrownBy(() -> DescribedSource.find(
                        Stream.of(reader("shop.all", port)), "shop.other.v1", null, Optional.empty()))
                .hasMessageContaining("no product in the catalogue reads a source of this address");
    }

    @Test
    void whatTheCatalogueDoesNotSayIsRefused() {
        refused(plain().key("of two", sale -> sale.get("saleId") + "|").build(), "is a function in the product's code");
        refused(
                SourcePort.events(ADDRESS, GenericRecord.class)
                        .format(JsonFormat.json())
                        .schema(SCHEMA)
                        .eventTime("at")
                        .describedAs("Sales.")
                        .build(),
                "a format of its own");
        refused(
                SourcePort.events(ADDRESS, GenericRecord.class)
                        .eventTime("amount", java.time.temporal.ChronoUnit.SECONDS)
                        .schema(SCHEMA)
                        .describedAs("Sales.")
                        .build(),
                "counts a unit");
    }

    @Test
    void keyThatFollowsFromTheValueIsThatField() {
        EventSource<GenericRecord> declared = plain().build().keyedBy("saleId");

        DescribedSource found =
                DescribedSource.find(Stream.of(reader("shop.all", declared)), ADDRESS, null, Optional.empty());

        assertThat(found.isKeyKnown()).isTrue();
        assertThat(found.port().isKeyedByValue()).isTrue();
        assertThat(found.port().contract().key().orElseThrow().field()).contains("saleId");
        assertThat(DescribedSource.find(
                                Stream.of(
                                        reader("shop.all", plain().key("saleId").build())),
                                ADDRESS,
                                null,
                                Optional.empty())
                        .port()
                        .isKeyedByValue())
                .isFalse();
        refused(
                plain().build().keyedBy("of two", sale -> sale.get("saleId") + "|"),
                "its key of two is a function in the product's code");
        refused(
                SourcePort.events(ADDRESS, GenericRecord.class)
                        .keys(KeyFormat.int64())
                        .schema(SCHEMA)
                        .eventTime("at")
                        .describedAs("Sales.")
                        .build(),
                "the keys of its records are not text");
    }

    private static void refused(SourcePort<GenericRecord> port, String why) {
        assertThatThrownBy(() ->
                        DescribedSource.find(Stream.of(reader("shop.all", port)), ADDRESS, null, Optional.empty()))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(why);
    }

    private static io.kappamesh.contract.PortBuilder<GenericRecord, io.kappamesh.contract.EventSource<GenericRecord>>
            plain() {
        return SourcePort.events(ADDRESS, GenericRecord.class)
                .schema(SCHEMA)
                .eventTime("at")
                .describedAs("Sales.");
    }

    private static ProductDescription reader(String product, SourcePort<GenericRecord> port) {
        OutputPort<GenericRecord> output = OutputPort.table(product + "-out.v1", GenericRecord.class)
                .schema(SCHEMA)
                .eventTime("at")
                .describedAs("What comes out.")
                .build();
        return ProductDescription.of(
                DataProduct.named(product)
                        .ownedBy("shop", "shop@example.org")
                        .describedAs("A product of a test.")
                        .reads(port)
                        .publishes(output)
                        .build(),
                null,
                "1",
                port.format().isPresent() ? Map.of() : Map.of(port.address(), 7));
    }
}
