package io.kappamesh.tpch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentDelivered;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentDispatched;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.masterdata.customerrows.v1.CustomerRow;
import io.kappamesh.contracts.masterdata.nationrows.v1.NationRow;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlacedLine;
import io.trino.tpch.Customer;
import io.trino.tpch.LineItem;
import io.trino.tpch.Nation;
import io.trino.tpch.Order;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.avro.Conversions;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TpchEventsTest {

    private static final double SCALE = 0.01;
    private static final TpchEvents EVENTS = TpchEvents.atScale(SCALE);
    private static final TpchEvents ALL = TpchEvents.withMasterData(SCALE);

    @Test
    void scaleOfOneHundredthHas15000OrdersAndTwoShipmentEventsForEachOf60175Lines() {
        assertThat(EVENTS.only(EventStream.ORDERS)).hasSize(15_000);
        assertThat(EVENTS.only(EventStream.SHIPMENTS)).hasSize(2 * 60_175);
        assertThat(EVENTS.only(EventStream.ORDERS).size()).isEqualTo(15_000);
        assertThat(EVENTS.only(EventStream.SHIPMENTS).size()).isEqualTo(2 * 60_175);
        assertThat(EVENTS.size()).isEqualTo(135_350);
    }

    @Test
    void eventsComeByTimeThenKindThenOrderThenLine() {
        Comparator<TpchEvent> order = Comparator.comparingLong(TpchEvent::timestamp)
                .thenComparingInt(TpchEventsTest::kind)
                .thenComparingLong(event -> Long.parseLong(event.key()))
                .thenComparingInt(TpchEventsTest::lineNumber);

        List<TpchEvent> events = stream(EVENTS).toList();

        for (int i = 1; i < events.size(); i++) {
            assertThat(order.compare(events.get(i - 1), events.get(i))).isNegative();
        }
    }

    @Test
    void twoPassesGiveTheSameEvents() {
        assertThat(EVENTS).containsExactlyElementsOf(EVENTS);
        assertThat(TpchEvents.atScale(SCALE)).containsExactlyElementsOf(EVENTS);
    }

    @Test
    void oneStreamHasTheOrderOfTheWhole() {
        for (EventStream one : EventStream.values()) {
            List<TpchEvent> ofTheWhole =
                    stream(EVENTS).filter(event -> event.stream() == one).toList();

            assertThat(EVENTS.only(one)).containsExactlyElementsOf(ofTheWhole);
        }
    }

    @Test
    void everyOrderOfTheGeneratorIsPlacedOnceWithItsCustomerAndLines() {
        Generator generator = new Generator(SCALE);
        Map<Long, String> nations = new HashMap<>();
        for (Nation nation : generator.nations()) {
            nations.put(nation.getNationKey(), nation.getName());
        }
        Map<Long, Customer> customers = new HashMap<>();
        generator.customers().forEach(customer -> customers.put(customer.getCustomerKey(), customer));
        Map<Long, List<OrderPlacedLine>> lines = new HashMap<>();
        for (LineItem line : generator.lines()) {
            lines.computeIfAbsent(line.getOrderKey(), unseen -> new ArrayList<>())
                    .add(new OrderPlacedLine(
                            line.getLineNumber(),
                            Long.toString(line.getPartKey()),
                            Long.toString(line.getSupplierKey()),
                            new BigDecimal(line.getQuantity() + ".00"),
                            new BigDecimal("%.2f".formatted(line.getExtendedPrice())),
                            new BigDecimal("%.2f".formatted(line.getDiscount())),
                            new BigDecimal("%.2f".formatted(line.getTax()))));
        }
        List<OrderPlaced> expected = new ArrayList<>();
        for (Order order : generator.orders()) {
            Customer customer = customers.get(order.getCustomerKey());
            expected.add(new OrderPlaced(
                    "order-%d-placed".formatted(order.getOrderKey()),
                    Long.toString(order.getOrderKey()),
                    midnight(order.getOrderDate()),
                    Long.toString(order.getCustomerKey()),
                    customer.getMarketSegment(),
                    nations.get(customer.getNationKey()),
                    order.getOrderPriority(),
                    order.getShipPriority(),
                    lines.get(order.getOrderKey())));
        }

        List<OrderPlaced> placed = stream(EVENTS.only(EventStream.ORDERS))
                .map(event -> (OrderPlaced) event.value())
                .sorted(Comparator.comparingLong(value -> Long.parseLong(value.getOrderId())))
                .toList();

        assertThat(placed).isEqualTo(expected);
    }

    @Test
    void everyLineOfTheGeneratorIsDispatchedOnceAndDeliveredOnce() {
        Set<SpecificRecord> expected = new HashSet<>();
        for (LineItem line : new Generator(SCALE).lines()) {
            String orderId = Long.toString(line.getOrderKey());
            String eventId = "line-%d-%d-".formatted(line.getOrderKey(), line.getLineNumber());
            expected.add(new ShipmentEvent(
                    eventId + "dispatched",
                    orderId,
                    line.getLineNumber(),
                    midnight(line.getShipDate()),
                    new ShipmentDispatched(
                            line.getShipMode(), LocalDate.ofEpochDay(line.getCommitDate()), line.getStatus())));
            expected.add(new ShipmentEvent(
                    eventId + "delivered",
                    orderId,
                    line.getLineNumber(),
                    midnight(line.getReceiptDate()),
                    new ShipmentDelivered(line.getReturnFlag())));
        }

        Set<SpecificRecord> shipments = new HashSet<>();
        EVENTS.only(EventStream.SHIPMENTS).forEach(event -> shipments.add(event.value()));

        assertThat(shipments.equals(expected)).isTrue();
    }

    @Test
    void keyAndTimestampAreThoseOfTheValue() {
        for (TpchEvent event : EVENTS) {
            if (event.value() instanceof OrderPlaced order) {
                assertThat(event.key()).isEqualTo(order.getOrderId());
                assertThat(event.timestamp()).isEqualTo(order.getPlacedAt().toEpochMilli());
            } else {
                ShipmentEvent shipment = (ShipmentEvent) event.value();
                assertThat(event.key()).isEqualTo(shipment.getOrderId());
                assertThat(event.timestamp()).isEqualTo(shipment.getOccurredAt().toEpochMilli());
            }
        }
    }

    @Test
    void eventIdsAreUnique() {
        Set<String> ids = new HashSet<>();

        EVENTS.forEach(event -> ids.add((String) event.value().get(0)));

        assertThat(ids).hasSize(Math.toIntExact(EVENTS.size()));
    }

    @ParameterizedTest
    @CsvSource({"NATIONS, 25", "CUSTOMERS, 1500", "SUPPLIERS, 100", "PARTS, 2000"})
    void masterDataAreThereOnlyIfAskedFor(EventStream stream, int rows) {
        assertThat(EVENTS.streams()).doesNotContain(stream).containsExactly(EventStream.ORDERS, EventStream.SHIPMENTS);
        assertThat(ALL.streams()).containsExactly(EventStream.values());
        assertThat(EVENTS.only(stream).size()).isZero();
        assertThat(ALL.only(stream).size()).isEqualTo(rows);
        assertThat(stream(ALL.only(stream)).map(TpchEvent::key)).doesNotHaveDuplicates();
        assertThat(stream(ALL.only(stream)).map(event -> event.value().get(0).toString()))
                .containsExactlyElementsOf(
                        stream(ALL.only(stream)).map(TpchEvent::key).toList());
    }

    @Test
    void masterDataComeBeforeAllThatHappensAndChangeNothingOfIt() {
        List<TpchEvent> all = stream(ALL).toList();
        int rows = 25 + 1500 + 100 + 2000;

        assertThat(all.subList(rows, all.size())).isEqualTo(stream(EVENTS).toList());
        assertThat(all.subList(0, rows))
                .allMatch(row -> Instant.ofEpochMilli(row.timestamp()).equals(Instant.parse("1992-01-01T00:00:00Z")))
                .extracting(TpchEvent::stream)
                .isSorted()
                .doesNotContain(EventStream.ORDERS, EventStream.SHIPMENTS);
        assertThat(ALL.historyEnd(0.9)).isEqualTo(EVENTS.historyEnd(0.9));
        assertThat(ALL.before(ALL.historyEnd(0))).isEmpty();
    }

    @Test
    void customersAreThoseOfThePublishedAnswers() {
        Map<String, CustomerRow> customers = new HashMap<>();
        ALL.only(EventStream.CUSTOMERS).forEach(event -> customers.put(event.key(), (CustomerRow) event.value()));
        Map<String, String> nations = new HashMap<>();
        ALL.only(EventStream.NATIONS).forEach(event -> nations.put(event.key(), ((NationRow) event.value()).getName()));

        assertThat(PublishedAnswers.forScale(SCALE)
                        .orElseThrow()
                        .answer(TpchQuery.Q10)
                        .rows())
                .hasSize(20)
                .allSatisfy(row -> {
                    CustomerRow customer = customers.get(row.key().get(0));
                    assertThat(row.key())
                            .containsExactly(
                                    customer.getCustomerId(),
                                    customer.getName(),
                                    nations.get(customer.getNationId()),
                                    customer.getAddress(),
                                    customer.getPhone(),
                                    customer.getComment());
                    assertThat(row.measures().get(1)).isEqualByComparingTo(customer.getAccountBalance());
                });
    }

    @Test
    void suppliersAndPartsAreThoseOfTheLines() {
        Set<String> suppliers = new HashSet<>();
        ALL.only(EventStream.SUPPLIERS).forEach(event -> suppliers.add(event.key()));
        Set<String> parts = new HashSet<>();
        ALL.only(EventStream.PARTS).forEach(event -> parts.add(event.key()));

        assertThat(stream(EVENTS.only(EventStream.ORDERS))
                        .flatMap(event -> ((OrderPlaced) event.value()).getLines().stream()))
                .allMatch(line -> suppliers.contains(line.getSupplierId()) && parts.contains(line.getPartId()));
    }

    @Test
    void nationsHaveTheirRegions() {
        assertThat(stream(ALL.only(EventStream.NATIONS)).map(event -> (NationRow) event.value()))
                .filteredOn(nation -> nation.getRegion().equals("ASIA"))
                .extracting(NationRow::getName)
                .containsExactly("INDIA", "INDONESIA", "JAPAN", "CHINA", "VIETNAM");
    }

    @Test
    void historyAndTheRestAreTheWhole() {
        for (double share : List.of(0.0, 0.1, 1.0 / 3, 0.5, 1.0)) {
            long end = EVENTS.historyEnd(share);
            TpchEvents history = EVENTS.before(end);
            TpchEvents rest = EVENTS.from(end);

            assertThat(history)
                    .allSatisfy(event -> assertThat(event.timestamp()).isLessThan(end));
            assertThat(stream(rest)).allMatch(event -> event.timestamp() >= end);
            assertThat(history.size()).isEqualTo(stream(history).count());
            assertThat(Stream.concat(stream(history), stream(rest)).toList())
                    .isEqualTo(stream(EVENTS).toList());
        }
    }

    @Test
    void noShareIsNoHistoryAndTheFullShareIsNothingElse() {
        assertThat(EVENTS.before(EVENTS.historyEnd(0))).isEmpty();
        assertThat(EVENTS.from(EVENTS.historyEnd(1))).isEmpty();
        assertThat(EVENTS.from(EVENTS.historyEnd(1)).size()).isZero();
    }

    @Test
    void shareOfHistoryIsAShareOfTimeAndTheSameForOneStream() {
        Instant first = midnight(EVENTS.iterator().next());
        Instant half = Instant.ofEpochMilli(EVENTS.historyEnd(0.5));
        long days = Duration.between(first, half).toDays();

        assertThat(days).isBetween(1270L, 1279L);
        assertThat(EVENTS.only(EventStream.SHIPMENTS).historyEnd(0.5)).isEqualTo(half.toEpochMilli());
    }

    @Test
    void momentWithinADayPartsThatDayFromTheNext() {
        long noon = LocalDate.of(1995, 3, 15)
                .atTime(12, 0)
                .toInstant(ZoneOffset.UTC)
                .toEpochMilli();

        long lastBefore = stream(EVENTS.before(noon))
                .mapToLong(TpchEvent::timestamp)
                .max()
                .orElseThrow();
        long firstAfter = EVENTS.from(noon).iterator().next().timestamp();

        assertThat(Instant.ofEpochMilli(lastBefore)).isEqualTo("1995-03-15T00:00:00Z");
        assertThat(Instant.ofEpochMilli(firstAfter)).isEqualTo("1995-03-16T00:00:00Z");
    }

    @Test
    void exhaustedIteratorSaysSo() {
        Iterator<TpchEvent> nothing = EVENTS.before(0).iterator();

        assertThat(nothing.hasNext()).isFalse();
        assertThatThrownBy(nothing::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void oneStreamHasNothingOfTheOther() {
        assertThat(EVENTS.only(EventStream.ORDERS).only(EventStream.SHIPMENTS)).isEmpty();
    }

    @Test
    void valuesAreWrittenAsTheirSchemasSay() throws IOException {
        for (TpchEvent event : EVENTS.before(EVENTS.historyEnd(0.01))) {
            assertThat(readGenerically(event.value()).toString())
                    .isEqualTo(event.value().toString());
        }
    }

    @Test
    void scaleOutOfRangeIsRefused() {
        for (double scale : List.of(0.0, -1.0, Double.NaN, 101.0)) {
            assertThatThrownBy(() -> TpchEvents.atScale(scale))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("from 1.0E-4 to 100.0");
        }
    }

    @Test
    void smallestScaleHasEventsToo() {
        assertThat(TpchEvents.atScale(0.0001).only(EventStream.ORDERS)).hasSize(150);
    }

    @Test
    void shareOutOfRangeIsRefused() {
        for (double share : List.of(-0.1, 1.1, Double.NaN)) {
            assertThatThrownBy(() -> EVENTS.historyEnd(share))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("from 0 to 1");
        }
    }

    private static Stream<TpchEvent> stream(TpchEvents events) {
        return StreamSupport.stream(events.spliterator(), false);
    }

    private static int kind(TpchEvent event) {
        if (event.stream() == EventStream.ORDERS) {
            return 0;
        }
        return ((ShipmentEvent) event.value()).getEvent() instanceof ShipmentDispatched ? 1 : 2;
    }

    private static int lineNumber(TpchEvent event) {
        return event.value() instanceof ShipmentEvent shipment ? shipment.getLineNumber() : 0;
    }

    private static Instant midnight(int epochDay) {
        return LocalDate.ofEpochDay(epochDay).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static Instant midnight(TpchEvent event) {
        return Instant.ofEpochMilli(event.timestamp());
    }

    /** Without the generated classes, so by nothing but the schema. */
    private static GenericRecord readGenerically(SpecificRecord value) throws IOException {
        ByteBuffer bytes = value instanceof OrderPlaced order
                ? OrderPlaced.getEncoder().encode(order)
                : ShipmentEvent.getEncoder().encode((ShipmentEvent) value);
        GenericData model = new GenericData();
        model.addLogicalTypeConversion(new Conversions.DecimalConversion());
        model.addLogicalTypeConversion(new TimeConversions.DateConversion());
        model.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        return new BinaryMessageDecoder<GenericRecord>(model, value.getSchema()).decode(bytes);
    }
}
