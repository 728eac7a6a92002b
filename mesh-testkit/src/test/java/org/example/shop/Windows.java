package org.example.shop;

import static org.example.shop.Shop.SALES;
import static org.example.shop.Shop.publish;

import io.kappamesh.contracts.shop.Sale;
import io.kappamesh.topology.Ports;
import java.time.Duration;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.Suppressed.BufferConfig;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;

/** The largest sale of each hour: a result that does not change when a sale is delivered again. */
final class Windows {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private Windows() {}

    static void closingByCity(Ports ports) {
        // tag::closing-window-broken[]
        KTable<Windowed<String>, Sale> largest = byCity(ports)
                .windowedBy(TimeWindows.ofSizeAndGrace(HOUR, TEN_MINUTES))
                .reduce(Windows::larger, Named.as("choice"), ports.windowStore("largest", Sale.class, HOUR));
        // end::closing-window-broken[]
        publishWindows(ports, largest);
    }

    static void openByCity(Ports ports) {
        // tag::closing-window-right[]
        KTable<Windowed<String>, Sale> largest = byCity(ports)
                .windowedBy(ports.windows(HOUR))
                .reduce(Windows::larger, Named.as("choice"), ports.windowStore("largest", Sale.class, HOUR));
        // end::closing-window-right[]
        publishWindows(ports, largest);
    }

    static void closingByProduct(Ports ports) {
        // tag::closing-window-restart-broken[]
        KTable<Windowed<String>, Sale> largest = byProduct(ports)
                .windowedBy(TimeWindows.ofSizeAndGrace(HOUR, TEN_MINUTES))
                .reduce(Windows::larger, Named.as("choice"), ports.windowStore("largest", Sale.class, HOUR));
        // end::closing-window-restart-broken[]
        publishWindows(ports, largest);
    }

    static void openByProduct(Ports ports) {
        // tag::closing-window-restart-right[]
        KTable<Windowed<String>, Sale> largest = byProduct(ports)
                .windowedBy(ports.windows(HOUR))
                .reduce(Windows::larger, Named.as("choice"), ports.windowStore("largest", Sale.class, HOUR));
        // end::closing-window-restart-right[]
        publishWindows(ports, largest);
    }

    static void suppressed(Ports ports) {
        // tag::emit-on-close-broken[]
        KTable<String, Sale> largest = byCity(ports)
                .reduce(Windows::larger, Named.as("choice"), ports.store("largest", Sale.class))
                .suppress(Suppressed.<String>untilTimeLimit(HOUR, BufferConfig.unbounded())
                        .withName("hourly"));
        // end::emit-on-close-broken[]
        publishTable(ports, largest);
    }

    static void running(Ports ports) {
        // tag::emit-on-close-right[]
        KTable<String, Sale> largest =
                byCity(ports).reduce(Windows::larger, Named.as("choice"), ports.store("largest", Sale.class));
        // end::emit-on-close-right[]
        publishTable(ports, largest);
    }

    private static KGroupedStream<String, Sale> byCity(Ports ports) {
        return ports.read(SALES).stream()
                .groupBy((product, sale) -> sale.getCity(), ports.grouped("by-city", Sale.class));
    }

    private static KGroupedStream<String, Sale> byProduct(Ports ports) {
        return ports.read(SALES).stream().groupByKey(ports.grouped("by-product", Sale.class));
    }

    private static Sale larger(Sale one, Sale other) {
        return one.getAmount().compareTo(other.getAmount()) < 0 ? other : one;
    }

    private static void publishWindows(Ports ports, KTable<Windowed<String>, Sale> largest) {
        publish(
                ports,
                largest.mapValues(Sale::getAmount, Named.as("amount"))
                        .toStream(
                                (window, amount) ->
                                        window.key() + " " + window.window().startTime(),
                                Named.as("by-hour")));
    }

    private static void publishTable(Ports ports, KTable<String, Sale> largest) {
        publish(ports, largest.mapValues(Sale::getAmount, Named.as("amount")).toStream(Named.as("changes")));
    }
}
