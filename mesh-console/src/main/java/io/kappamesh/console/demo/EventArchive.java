package io.kappamesh.console.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdOutputStream;
import io.kappamesh.archive.ArchiveFormat;
import io.kappamesh.contract.ProductName;
import io.kappamesh.contract.SourcePort;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.masterdata.customerrows.v1.CustomerRow;
import io.kappamesh.contracts.masterdata.nationrows.v1.NationRow;
import io.kappamesh.contracts.masterdata.partrows.v1.PartRow;
import io.kappamesh.contracts.masterdata.supplierrows.v1.SupplierRow;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.ingest.IngestReport;
import io.kappamesh.ingest.PortIngest;
import io.kappamesh.ingest.PortIngestBuilder;
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
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * All events as an archive that some other program left behind, one file for each year: orders and master data as JSON lines with gzip, {@code
 * orders-1992.jsonl.gz}, and shipment events as lines of columns with zstd, {@code shipments-1992.txt.zst}. For one thread.
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
        for (EventStream stream : events.streams()) {
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
                    file = new BufferedWriter(
                            new OutputStreamWriter(open(stream, Integer.toString(year)), StandardCharsets.UTF_8));
                }
                file.write(
                        event.value() instanceof ShipmentEvent shipment
                                ? ShipmentLine.text(shipment)
                                : JSON.writeValueAsString(json(event.value())));
                file.write('\n');
            }
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }

    private OutputStream open(EventStream stream, String year) throws IOException {
        OutputStream file = Files.newOutputStream(directory.resolve(fileName(stream, year)));
        return stream == EventStream.SHIPMENTS ? new ZstdOutputStream(file) : new GZIPOutputStream(file);
    }

    private static String fileName(EventStream stream, String year) {
        return stream.name().toLowerCase(Locale.ROOT)
                + "-"
                + year
                + (stream == EventStream.SHIPMENTS ? ".txt.zst" : ".jsonl.gz");
    }

    /** Fields by their names; decimals are numbers, and times ISO-8601 text. */
    private static ObjectNode json(SpecificRecord record) {
        ObjectNode json = JSON.createObjectNode();
        for (Schema.Field field : record.getSchema().getFields()) {
            json.set(field.name(), node(record.get(field.pos())));
        }
        return json;
    }

    private static JsonNode node(@Nullable Object value) {
        if (value instanceof SpecificRecord record) {
            return json(record);
        }
        if (value instanceof List<?> several) {
            ArrayNode array = JSON.createArrayNode();
            several.forEach(one -> array.add(node(one)));
            return array;
        }
        if (value instanceof BigDecimal decimal) {
            return JSON.getNodeFactory().numberNode(decimal);
        }
        if (value instanceof Integer number) {
            return JSON.getNodeFactory().numberNode(number.intValue());
        }
        return value == null ? JSON.nullNode() : JSON.getNodeFactory().textNode(value.toString());
    }

    /**
     * Ingests what the archive holds before a time, each stream into its domain's private topic.
     *
     * @return the reports by stream
     */
    Map<EventStream, IngestReport> ingest(List<EventStream> streams, Settings settings, Instant handOver)
            throws InterruptedException {
        Map<EventStream, IngestReport> reports = new LinkedHashMap<>();
        for (EventStream stream : streams) {
            PortIngestBuilder<?> builder = switch (stream) {
                case ORDERS -> into(settings, WorkedProduct.ORDERS, ORDERS);
                case SHIPMENTS -> into(settings, WorkedProduct.SHIPMENTS, SHIPMENTS);
                case NATIONS ->
                    into(settings, WorkedProduct.NATIONS, rows(WorkedProduct.NATION_ROWS, NationRow.class, "nationId"));
                case CUSTOMERS ->
                    into(
                            settings,
                            WorkedProduct.CUSTOMERS,
                            rows(WorkedProduct.CUSTOMER_ROWS, CustomerRow.class, "customerId"));
                case SUPPLIERS ->
                    into(
                            settings,
                            WorkedProduct.SUPPLIERS,
                            rows(WorkedProduct.SUPPLIER_ROWS, SupplierRow.class, "supplierId"));
                case PARTS ->
                    into(settings, WorkedProduct.PARTS, rows(WorkedProduct.PART_ROWS, PartRow.class, "partId"));
            };
            try (PortIngest<?> ingest = builder.files(directory + "/" + fileName(stream, "*"))
                    .format(
                            stream == EventStream.SHIPMENTS
                                    ? ArchiveFormat.lines(ValueFormat.of(ShipmentEvent.class, ShipmentLine::event))
                                    : ArchiveFormat.jsonLines(JsonFormat.json()))
                    .until(handOver)
                    .build()) {
                reports.put(stream, ingest.run());
            }
        }
        return reports;
    }

    private static <V extends SpecificRecord> PortIngestBuilder<V> into(
            Settings settings, WorkedProduct product, SourcePort<V> port) {
        return PortIngest.builder(settings, ProductName.of(product.product()), port);
    }

    private static <V extends SpecificRecord> SourcePort<V> rows(String address, Class<V> type, String key) {
        return SourcePort.table(address, type)
                .eventTime("changedAt")
                .key(key)
                .describedAs("Rows of the master data system")
                .build();
    }
}
