package io.kappamesh.console.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdOutputStream;
import io.kappamesh.archive.ArchiveFormat;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlacedLine;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.ingest.IngestReport;
import io.kappamesh.ingest.PortIngest;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.settings.Settings;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.TpchEvent;
import io.kappamesh.tpch.TpchEvents;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * All events as an archive that some other program left behind, one file for each year: orders as JSON lines with gzip, {@code orders-1992.jsonl.gz},
 * and shipment events as lines of columns with zstd, {@code shipments-1992.txt.zst}. For one thread.
 */
final class EventArchive {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final SourcePort<OrderPlaced> ORDERS = SourcePort.events(
                    WorkedProduct.ORDER_EVENTS, OrderPlaced.class)
            .eventTime("placedAt")
            .key("orderId")
            .describedAs("Orders as the shop takes them")
            .build();

    private static final SourcePort<ShipmentEvent> SHIPMENTS = SourcePort.events(
                    WorkedProduct.SHIPMENT_EVENTS, ShipmentEvent.class)
            .eventTime("occurredAt")
            .key("orderId")
            .describedAs("What happens to order lines on their way")
            .build();

    private final Path directory;

    /** @param directory new or empty */
    EventArchive(Path directory) {
        this.directory = directory;
    }

    /** Writes all events, each file in the order of their time. */
    void write(TpchEvents events) throws IOException {
        Files.createDirectories(directory);
        for (EventStream stream : EventStream.values()) {
            write(stream, events.only(stream));
        }
    }

    private void write(EventStream stream, TpchEvents events) throws IOException {
        @Nullable Writer file = null;
        try {
            int year = 0;
            for (TpchEvent event : events) {
                int its = Instant.ofEpochMilli(event.timestamp())
                        .atOffset(ZoneOffset.UTC)
                        .getYear();
                if (file == null || its != year) {
                    if (file != null) {
                        file.close();
                    }
                    year = its;
                    file = new BufferedWriter(new OutputStreamWriter(open(stream, year), StandardCharsets.UTF_8));
                }
                file.write(
                        event.value() instanceof OrderPlaced order
                                ? json(order)
                                : ShipmentLine.text((ShipmentEvent) event.value()));
                file.write('\n');
            }
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }

    private OutputStream open(EventStream stream, int year) throws IOException {
        return stream == EventStream.ORDERS
                ? new GZIPOutputStream(Files.newOutputStream(directory.resolve("orders-" + year + ".jsonl.gz")))
                : new ZstdOutputStream(Files.newOutputStream(directory.resolve("shipments-" + year + ".txt.zst")));
    }

    private static String json(OrderPlaced order) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("eventId", order.getEventId());
        json.put("orderId", order.getOrderId());
        json.put("placedAt", order.getPlacedAt().toString());
        json.put("customerId", order.getCustomerId());
        json.put("marketSegment", order.getMarketSegment());
        json.put("nation", order.getNation());
        json.put("orderPriority", order.getOrderPriority());
        ArrayNode lines = json.putArray("lines");
        for (OrderPlacedLine line : order.getLines()) {
            lines.addObject()
                    .put("lineNumber", line.getLineNumber())
                    .put("partId", line.getPartId())
                    .put("quantity", line.getQuantity())
                    .put("extendedPrice", line.getExtendedPrice())
                    .put("discount", line.getDiscount())
                    .put("tax", line.getTax());
        }
        return JSON.writeValueAsString(json);
    }

    /**
     * Ingests what the archive holds before a time, each stream into its domain's private topic.
     *
     * @return the reports by stream
     */
    Map<EventStream, IngestReport> ingest(Settings settings, Instant handOver) throws InterruptedException {
        Map<EventStream, IngestReport> reports = new LinkedHashMap<>();
        try (PortIngest<OrderPlaced> orders = PortIngest.builder(
                        settings, ProductName.of(WorkedProduct.ORDERS.product()), ORDERS)
                .files(directory + "/orders-*.jsonl.gz")
                .format(ArchiveFormat.jsonLines(JsonFormat.json()))
                .until(handOver)
                .build()) {
            reports.put(EventStream.ORDERS, orders.run());
        }
        try (PortIngest<ShipmentEvent> shipments = PortIngest.builder(
                        settings, ProductName.of(WorkedProduct.SHIPMENTS.product()), SHIPMENTS)
                .files(directory + "/shipments-*.txt.zst")
                .format(ArchiveFormat.lines(ValueFormat.of(ShipmentEvent.class, ShipmentLine::event)))
                .until(handOver)
                .build()) {
            reports.put(EventStream.SHIPMENTS, shipments.run());
        }
        return reports;
    }
}
