package org.example.shop;

import static org.example.shop.Shop.BASKETS;
import static org.example.shop.Shop.EVENTS;

import io.kappamesh.topology.ProductTopology;
import java.time.Instant;
import org.apache.kafka.streams.kstream.Named;

/** A wiring for a class loader that has no files. It uses nothing that its package keeps to itself. */
public final class Hidden {
    private Hidden() {}

    public static ProductTopology wiring() {
        return ports -> ports.publish(
                BASKETS,
                ports.read(EVENTS).stream()
                        .filter((key, basket) -> basket.getAt().isBefore(Instant.now()), Named.as("old")));
    }
}
