package io.kappamesh.system;

import static io.kappamesh.system.Corruption.often;
import static io.kappamesh.system.Corruption.seldom;

import io.kappamesh.avro.AvroType;
import io.kappamesh.contract.RecordContract;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentDispatched;
import io.kappamesh.contracts.logistics.shipmentevents.v1.ShipmentEvent;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlacedLine;
import io.kappamesh.intake.Reason;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.system.Corruption.Bad;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;

/**
 * Every way in which records of the two private inputs are made bad. Those that can be decoded tell lies about a real order, so that one
 * that is let in shows in the answers.
 */
final class Corruptions {
    private static final int LARGEST = RecordContract.DEFAULT_MAX_BYTES;
    private static final int LONGEST_KEY = 8 * 1024;
    private static final int HEADER = 5;
    private static final long ALLOWED_LATENESS = Duration.ofDays(30).toMillis();

    private Corruptions() {}

    static List<Corruption<OrderPlaced>> ofOrders(SchemaRegistry registry, AvroEncoder<OrderPlaced> encoder) {
        Instant before1970 = Instant.EPOCH.minusMillis(1);
        List<Corruption<OrderPlaced>> own = List.of(
                late((order, time) -> encoder.encode(with(dearer(order), copy -> copy.setPlacedAt(time)))),
                often(
                        "before 1970",
                        Reason.EVENT_TIME,
                        value(order -> encoder.encode(with(dearer(order), copy -> copy.setPlacedAt(before1970))))),
                often(
                        "no lines",
                        Reason.QUALITY,
                        value(order -> encoder.encode(with(order, copy -> copy.setLines(List.of()))))),
                often("negative quantity", Reason.INVALID, value(order -> encoder.encode(negative(order)))),
                often("two lines with one number", Reason.INVALID, value(order -> encoder.encode(twice(order)))),
                seldom(
                        "becomes too large",
                        Reason.TOO_LARGE,
                        value(order -> encoder.encode(justAdmissible(order, encoder)))));
        return Stream.concat(Corruptions.<OrderPlaced>ofAny(registry).stream(), own.stream())
                .toList();
    }

    static List<Corruption<ShipmentEvent>> ofShipments(SchemaRegistry registry, AvroEncoder<ShipmentEvent> encoder) {
        Instant before1970 = Instant.EPOCH.minusMillis(1);
        List<Corruption<ShipmentEvent>> own = List.of(
                late((event, time) -> encoder.encode(dispatch(event, event.getLineNumber(), time, "PIGEON"))),
                often(
                        "before 1970",
                        Reason.EVENT_TIME,
                        value(event -> encoder.encode(dispatch(event, event.getLineNumber(), before1970, "PIGEON")))),
                often(
                        "line 5000",
                        Reason.INVALID,
                        value(event -> encoder.encode(dispatch(event, 5_000, event.getOccurredAt(), "PIGEON")))),
                often(
                        "no ship mode",
                        Reason.INVALID,
                        value(event ->
                                encoder.encode(dispatch(event, event.getLineNumber(), event.getOccurredAt(), " ")))));
        return Stream.concat(Corruptions.<ShipmentEvent>ofAny(registry).stream(), own.stream())
                .toList();
    }

    private static <V extends SpecificRecord> List<Corruption<V>> ofAny(SchemaRegistry registry) {
        byte[] otherSchema = ofAnotherSchema(registry);
        return List.of(
                often("null value", Reason.NULL_VALUE, (sound, random) -> new Bad(sound.key(), null)),
                often("garbage", Reason.UNDECODABLE, (sound, random) -> new Bad(sound.key(), garbage(random, 200))),
                often(
                        "wrong magic byte",
                        Reason.UNDECODABLE,
                        bytes((value, random) ->
                                ByteBuffer.wrap(value).put(0, (byte) 1).array())),
                often(
                        "unknown schema id",
                        Reason.UNDECODABLE,
                        bytes((value, random) -> ByteBuffer.wrap(value)
                                .putInt(1, 1_000_000 + random.nextInt(3))
                                .array())),
                often(
                        "truncated",
                        Reason.UNDECODABLE,
                        bytes((value, random) -> Arrays.copyOf(value, HEADER + random.nextInt(value.length - HEADER)))),
                often("no room for a schema id", Reason.UNDECODABLE, bytes((value, random) -> Arrays.copyOf(value, 4))),
                often("of another schema", Reason.UNDECODABLE, (sound, random) -> new Bad(sound.key(), otherSchema)),
                often("no key", Reason.KEY, (sound, random) -> new Bad(null, sound.value())),
                often(
                        "key that is not UTF-8",
                        Reason.KEY,
                        (sound, random) -> new Bad(new byte[] {'4', (byte) 0xC3, 0x28}, sound.value())),
                often(
                        "key that is too long",
                        Reason.KEY,
                        (sound, random) -> new Bad(Arrays.copyOf(sound.key(), LONGEST_KEY + 1), sound.value())),
                seldom(
                        "too large",
                        Reason.TOO_LARGE,
                        (sound, random) -> new Bad(sound.key(), garbage(random, LARGEST + 1))));
    }

    /** Older than the newest of its partition by a millisecond more than is allowed. */
    private static <V extends SpecificRecord> Corruption<V> late(Retold<V> retold) {
        return Corruption.<V>often(
                        "late",
                        Reason.LATE,
                        (sound, random) -> new Bad(
                                sound.key(),
                                retold.at(sound.event(), Instant.ofEpochMilli(sound.newest() - ALLOWED_LATENESS - 1))))
                .where(sound -> sound.newest() >= 0);
    }

    private interface Retold<V> {
        byte[] at(V event, Instant time);
    }

    private interface Bytes {
        byte[] change(byte[] copy, Random random);
    }

    private interface Value<V> {
        byte[] of(V event);
    }

    private static <V extends SpecificRecord> Corruption.Spoiler<V> bytes(Bytes change) {
        return (sound, random) ->
                new Bad(sound.key(), change.change(sound.value().clone(), random));
    }

    private static <V extends SpecificRecord> Corruption.Spoiler<V> value(Value<V> value) {
        return (sound, random) -> new Bad(sound.key(), value.of(sound.event()));
    }

    /** Random bytes that do not begin as the wire format does. */
    private static byte[] garbage(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        bytes[0] = 'x';
        return bytes;
    }

    private static byte[] ofAnotherSchema(SchemaRegistry registry) {
        Schema schema = SchemaBuilder.record("Noise")
                .namespace("io.kappamesh.system")
                .fields()
                .requiredDouble("decibels")
                .endRecord();
        GenericRecord noise = new GenericData.Record(schema);
        noise.put("decibels", 120.0);
        int id = registry.register("system.noise-value", schema, Compatibility.FULL_TRANSITIVE);
        return new AvroEncoder<>(AvroType.generic(schema), id).encode(noise);
    }

    private static OrderPlaced dearer(OrderPlaced order) {
        return withFirstLine(
                order, line -> line.setExtendedPrice(line.getExtendedPrice().add(line.getExtendedPrice())));
    }

    private static OrderPlaced negative(OrderPlaced order) {
        return withFirstLine(order, line -> line.setQuantity(line.getQuantity().negate()));
    }

    private static OrderPlaced withFirstLine(OrderPlaced order, Consumer<OrderPlacedLine> change) {
        List<OrderPlacedLine> lines = new ArrayList<>(order.getLines());
        OrderPlacedLine first = OrderPlacedLine.newBuilder(lines.get(0)).build();
        change.accept(first);
        lines.set(0, first);
        return with(order, copy -> copy.setLines(lines));
    }

    private static OrderPlaced twice(OrderPlaced order) {
        List<OrderPlacedLine> lines = new ArrayList<>(order.getLines());
        lines.add(lines.get(0));
        return with(order, copy -> copy.setLines(lines));
    }

    /** As large as may come in. The order that it becomes has its day in place of the event's id, and is a byte or two larger. */
    private static OrderPlaced justAdmissible(OrderPlaced order, AvroEncoder<OrderPlaced> encoder) {
        OrderPlaced padded = with(order, copy -> {
            copy.setEventId("");
            copy.setNation("n".repeat(LARGEST / 2));
        });
        padded.setNation("n".repeat(LARGEST - encoder.encode(padded).length + LARGEST / 2));
        return padded;
    }

    private static OrderPlaced with(OrderPlaced order, Consumer<OrderPlaced> change) {
        OrderPlaced copy = new OrderPlaced(
                order.getEventId(),
                order.getOrderId(),
                order.getPlacedAt(),
                order.getCustomerId(),
                order.getMarketSegment(),
                order.getNation(),
                order.getOrderPriority(),
                order.getShipPriority(),
                order.getLines());
        change.accept(copy);
        return copy;
    }

    private static ShipmentEvent dispatch(ShipmentEvent event, int lineNumber, Instant time, String shipMode) {
        return new ShipmentEvent(
                "x-" + event.getEventId(),
                event.getOrderId(),
                lineNumber,
                time,
                new ShipmentDispatched(shipMode, LocalDate.EPOCH, "O"));
    }
}
