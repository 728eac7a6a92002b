package io.kappamesh.benchmarks.data;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.logistics.LogisticsPorts;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.TpchEvent;
import io.kappamesh.tpch.TpchEvents;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes TPC-H's dispatches and deliveries into the source of {@code logistics}. Stateless. */
public final class ShipmentEvents {
    private ShipmentEvents() {}

    /**
     * Writes the events of a scale, in the order of their times.
     *
     * @param registry where logistics has registered its schemas
     * @return how many; two for each order line
     */
    public static long load(String bootstrapServers, SchemaRegistry registry, double scale) {
        String topic = LogisticsPorts.SHIPMENT_EVENTS.topic();
        List<RegisteredSchema> versions =
                registry.versions(LogisticsPorts.SHIPMENT_EVENTS.address().valueSubject());
        AvroEncoder<ShipmentEvent> encoder = new AvroEncoder<>(
                AvroType.of(ShipmentEvent.class),
                versions.get(versions.size() - 1).id());
        long count = 0;
        try (InputWriter writer = new InputWriter(bootstrapServers)) {
            for (TpchEvent event : TpchEvents.atScale(scale).only(EventStream.SHIPMENTS)) {
                writer.send(
                        topic,
                        event.timestamp(),
                        event.key().getBytes(StandardCharsets.UTF_8),
                        encoder.encode((ShipmentEvent) event.value()));
                count++;
            }
        }
        return count;
    }
}
