package io.kappamesh.system;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.intake.DeadLetter;
import io.kappamesh.registry.RegisteredSchema;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.system.SpoiledFeed.Written;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.TpchEvents;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hundredth of each kind of bad record in both private inputs, half of it history and half live. */
class BadRecordsIT {
    private static final long SEED = 20_240_229;

    @TempDir
    static Path home;

    private static TestPlatform platform;
    private static List<Corruption<OrderPlaced>> ofOrders;
    private static List<Corruption<ShipmentEvent>> ofShipments;
    private static final List<Written> BAD_ORDERS = new ArrayList<>();
    private static final List<Written> BAD_SHIPMENTS = new ArrayList<>();

    @BeforeAll
    static void run() throws Exception {
        platform = TestPlatform.start(home);
        platform.processes().provisionDomains();
        AvroEncoder<OrderPlaced> orderEncoder = encoder("sales.order-events.v1", OrderPlaced.class);
        AvroEncoder<ShipmentEvent> shipmentEncoder = encoder("logistics.shipment-events.v1", ShipmentEvent.class);
        ofOrders = Corruptions.ofOrders(platform.registry(), orderEncoder);
        ofShipments = Corruptions.ofShipments(platform.registry(), shipmentEncoder);
        SpoiledFeed<OrderPlaced> orders =
                feed("sales.order-events.v1", OrderPlaced.class, orderEncoder, ofOrders, SEED);
        SpoiledFeed<ShipmentEvent> shipments =
                feed("logistics.shipment-events.v1", ShipmentEvent.class, shipmentEncoder, ofShipments, SEED + 1);

        TpchEvents events = TpchEvents.atScale(TestPlatform.SCALE);
        long now = events.historyEnd(0.5);
        write(orders, shipments, events.before(now));
        platform.processes().startDomains();
        platform.awaitDrained();
        write(orders, shipments, events.from(now));
        platform.awaitDrained();
    }

    @AfterAll
    static void stop() {
        if (platform != null) {
            platform.close();
        }
    }

    @Test
    void answersOverTheGoodRecordsAreThePublishedOnes() {
        platform.requirePublishedAnswers();
        assertThat(platform.topics().records("sales.orders.v1")).hasSize(15_000);
    }

    @Test
    void everyBadOrderEventIsADeadLetterOnceAndByteForByte() {
        requireLetters("sales.orders", BAD_ORDERS, ofOrders);
    }

    @Test
    void everyBadShipmentEventIsADeadLetterOnceAndByteForByte() {
        requireLetters("logistics.shipments", BAD_SHIPMENTS, ofShipments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sales.daily-revenue", "logistics.delivery-performance", "logistics.late-deliveries"})
    void productsThatReadProductsRefuseNothing(String product) {
        assertThat(platform.topics().records(product + ".dead-letters")).isEmpty();
    }

    private static void requireLetters(
            String product, List<Written> written, List<? extends Corruption<?>> corruptions) {
        List<Letter> letters = platform.topics().records(product + ".dead-letters").stream()
                .map(DeadLetter::of)
                .map(Letter::found)
                .toList();
        Map<String, Letter> found = letters.stream().collect(toMap(Letter::place, Function.identity(), (a, b) -> a));
        Map<String, Letter> expected = written.stream()
                .map(bad -> Letter.expected(product, bad))
                .collect(toMap(Letter::place, Function.identity()));

        assertThat(written)
                .extracting(Written::corruption)
                .as("each kind was there")
                .containsAll(corruptions);
        assertThat(letters).as("none is there twice").hasSameSizeAs(found.keySet());
        assertThat(found.keySet())
                .as("none is missing and none is there without need")
                .isEqualTo(expected.keySet());
        assertThat(expected.values())
                .filteredOn(letter -> !letter.equals(found.get(letter.place())))
                .extracting(letter -> "expected " + letter + " but found " + found.get(letter.place()))
                .isEmpty();
    }

    /** Orders and shipments at the same time, as the outside world does. */
    private static void write(
            SpoiledFeed<OrderPlaced> orders, SpoiledFeed<ShipmentEvent> shipments, TpchEvents events) {
        CompletableFuture<List<Written>> badOrders =
                CompletableFuture.supplyAsync(() -> written(orders, events.only(EventStream.ORDERS)));
        BAD_SHIPMENTS.addAll(written(shipments, events.only(EventStream.SHIPMENTS)));
        BAD_ORDERS.addAll(badOrders.join());
    }

    private static List<Written> written(SpoiledFeed<?> feed, TpchEvents events) {
        try {
            return feed.write(events);
        } catch (ExecutionException | InterruptedException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private static <V extends SpecificRecord> SpoiledFeed<V> feed(
            String topic, Class<V> type, AvroEncoder<V> encoder, List<Corruption<V>> corruptions, long seed) {
        return new SpoiledFeed<>(platform.processes().bootstrapServers(), topic, type, encoder, corruptions, seed);
    }

    private static <V extends SpecificRecord> AvroEncoder<V> encoder(String topic, Class<V> type) {
        List<RegisteredSchema> versions = platform.registry().versions(topic + "-value");
        return new AvroEncoder<>(
                AvroType.of(type), versions.get(versions.size() - 1).id());
    }
}
