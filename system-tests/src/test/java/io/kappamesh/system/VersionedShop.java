package io.kappamesh.system;

import io.kappamesh.contract.DataProduct;
import io.kappamesh.contract.EventSource;
import io.kappamesh.contract.InputPort;
import io.kappamesh.contract.OutputPort;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.topology.StreamingProduct;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.streams.kstream.Named;

/**
 * A shop whose orders have been published for long with a total in cents of euros, and then also with a price in any currency: a change that
 * no schema rule allows. An order in another currency has no form in the first version.
 */
final class VersionedShop {
    private static final String ID = "{\"name\":\"id\",\"type\":\"string\"}";
    private static final String AT =
            "{\"name\":\"%s\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}}";
    private static final String CENTS = "{\"name\":\"%s\",\"type\":\"long\"}";
    private static final String CURRENCY = "{\"name\":\"currency\",\"type\":\"string\"}";
    private static final Schema RAW = record("Told", ID, AT.formatted("at"), CENTS.formatted("amount"), CURRENCY);
    private static final Schema FIRST = record("Order", ID, AT.formatted("at"), CENTS.formatted("totalCents"));
    private static final Schema PRICE = record("Price", CENTS.formatted("amount"), CURRENCY);
    private static final Schema SECOND =
            record("Order", ID, AT.formatted("placedAt"), "{\"name\":\"price\",\"type\":" + PRICE + "}");
    /** Long over, whenever the tests run. */
    static final LocalDate END_OF_LIFE = LocalDate.of(2000, 1, 31);

    private final String domain;
    final EventSource<GenericRecord> raw;
    final OutputPort<GenericRecord> v2;
    final OutputPort<GenericRecord> alone;
    final OutputPort<GenericRecord> v1;

    VersionedShop(String domain) {
        this.domain = domain;
        raw = SourcePort.events(domain + ".raw.v1", GenericRecord.class)
                .schema(RAW)
                .eventTime("at")
                .key("id")
                .partitions(2)
                .describedAs("Orders as they come")
                .build();
        v2 = OutputPort.table(domain + ".orders.v2", GenericRecord.class)
                .schema(SECOND)
                .eventTime("placedAt")
                .key("id")
                .partitions(3)
                .describedAs("Orders with prices in any currency")
                .build();
        alone = OutputPort.table(domain + ".orders.v1", GenericRecord.class)
                .schema(FIRST)
                .eventTime("at")
                .key("id")
                .partitions(2)
                .describedAs("Orders in euros")
                .build();
        v1 = alone.convertedFrom(v2, VersionedShop::inEuros, order -> (Instant) order.get("placedAt"))
                .deprecated(domain + ".orders.v2", END_OF_LIFE);
    }

    /** The build that has published the first version alone. */
    StreamingProduct first() {
        return new StreamingProduct(
                declared().publishes(alone).build(),
                ports -> ports.publish(
                        alone, ports.read(raw).stream().mapValues(told -> inEuros(priced(told)), Named.as("order"))));
    }

    /** The build that publishes both. */
    StreamingProduct both(UnaryOperator<GenericRecord> step) {
        return new StreamingProduct(
                declared().publishes(v2).publishes(v1).build(),
                ports -> ports.publish(v2, ports.read(raw).becomes(v2, told -> step.apply(priced(told))).stream()));
    }

    /** The build that does not publish the first one any more, and is otherwise the same. */
    StreamingProduct secondOnly(UnaryOperator<GenericRecord> step) {
        return new StreamingProduct(
                declared().publishes(v2).build(),
                ports -> ports.publish(v2, ports.read(raw).becomes(v2, told -> step.apply(priced(told))).stream()));
    }

    /** A reader of the first version, in another domain. */
    StreamingProduct reader(String other) {
        InputPort<GenericRecord> orders = InputPort.table(domain + ".orders.v1", GenericRecord.class)
                .schema(FIRST)
                .eventTime("at")
                .build();
        OutputPort<GenericRecord> copies = OutputPort.table(other + ".copies.v1", GenericRecord.class)
                .schema(FIRST)
                .eventTime("at")
                .describedAs("Copies")
                .build();
        return new StreamingProduct(
                DataProduct.named(other + ".copies")
                        .ownedBy(other, other + "@example.org")
                        .describedAs("Copies of orders")
                        .reads(orders)
                        .publishes(copies)
                        .build(),
                ports -> ports.publish(copies, ports.read(orders).changes()));
    }

    private DataProduct.Builder declared() {
        return DataProduct.named(domain + ".orders")
                .ownedBy(domain, domain + "@example.org")
                .describedAs("Orders")
                .reads(raw);
    }

    GenericRecord told(String id, long amount, String currency) {
        return new GenericRecordBuilder(RAW)
                .set("id", id)
                .set("at", Instant.parse("2026-03-01T10:00:00Z"))
                .set("amount", amount)
                .set("currency", currency)
                .build();
    }

    private static GenericRecord priced(GenericRecord told) {
        return order(told.get("id"), told.get("at"), told.get("amount"), told.get("currency"));
    }

    static GenericRecord order(Object id, Object placedAt, Object amount, Object currency) {
        return new GenericRecordBuilder(SECOND)
                .set("id", id)
                .set("placedAt", placedAt)
                .set(
                        "price",
                        new GenericRecordBuilder(PRICE)
                                .set("amount", amount)
                                .set("currency", currency)
                                .build())
                .build();
    }

    /** Null = it is in another currency. */
    private static GenericRecord inEuros(GenericRecord order) {
        GenericRecord price = (GenericRecord) order.get("price");
        return price.get("currency").toString().equals("EUR")
                ? new GenericRecordBuilder(FIRST)
                        .set("id", order.get("id"))
                        .set("at", order.get("placedAt"))
                        .set("totalCents", price.get("amount"))
                        .build()
                : null;
    }

    private static Schema record(String name, String... fields) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"" + name + "\",\"namespace\":\"shop\",\"fields\":["
                        + String.join(",", fields) + "]}");
    }
}
