package io.kappamesh.logistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.kappamesh.contracts.logistics.shipments.v1.Shipment;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.testkit.ProductDriver;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.Test;

/** Logistics knows sales by its published contract only: the file, not the classes. */
class SalesContractTest {
    private static final Schema WRITER = published("sales/sales.orders.v1.avsc");

    @Test
    void whatSalesPublishesCanBeRead() {
        try (SchemaRegistry registry = SchemaRegistry.over(new MockSchemaRegistryClient())) {
            registry.register("sales.orders.v1-value", WRITER, Compatibility.FULL_TRANSITIVE);

            assertThatCode(() -> registry.requireReadable("sales.orders.v1-value", LogisticsPorts.ORDERS.reader()))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void anOrderAsSalesWritesItBecomesShipments() {
        try (ProductDriver driver = ProductDriver.of(LogisticsProducts.shipments())) {
            driver.pipe(LogisticsPorts.ORDERS, "o-1", asSalesWritesIt(), WRITER);

            Map<String, Shipment> table = driver.table(LogisticsPorts.SHIPMENTS);
            assertThat(driver.deadLetters()).isEmpty();
            assertThat(table).containsOnlyKeys("o-1-1");
            Shipment shipment = table.get("o-1-1");
            assertThat(shipment.getExtendedPrice()).isEqualTo(new BigDecimal("100.00"));
            assertThat(shipment.getOrderPriority()).isEqualTo("1-URGENT");
            assertThat(shipment.getOrderDate()).isEqualTo(Facts.DAY);
        }
    }

    private static GenericRecord asSalesWritesIt() {
        GenericRecord line = new GenericRecordBuilder(
                        WRITER.getField("lines").schema().getElementType())
                .set("lineNumber", 1)
                .set("partId", "p-1")
                .set("quantity", new BigDecimal("2.00"))
                .set("extendedPrice", new BigDecimal("100.00"))
                .set("discount", new BigDecimal("0.10"))
                .set("tax", new BigDecimal("0.05"))
                .build();
        return new GenericRecordBuilder(WRITER)
                .set("orderId", "o-1")
                .set("customerId", "c-1")
                .set("marketSegment", "BUILDING")
                .set("nation", "FRANCE")
                .set("orderPriority", "1-URGENT")
                .set("orderDate", LocalDate.of(1995, 3, 15))
                .set("placedAt", Facts.PLACED_AT)
                .set("lines", List.of(line))
                .build();
    }

    private static Schema published(String file) {
        try (InputStream in = SalesContractTest.class.getClassLoader().getResourceAsStream(file)) {
            return new Schema.Parser().parse(in);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
