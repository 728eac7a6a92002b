package io.kappamesh.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.type.Date;
import com.google.type.Decimal;
import com.google.type.TimeOfDay;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.ValueFormat.Rejected;
import io.kappamesh.format.ValueFormat.Value;
import io.kappamesh.fuzz.Allocation;
import io.kappamesh.fuzz.Fuzzing;
import io.kappamesh.fuzz.Mutations;
import io.kappamesh.protobuf.messages.Cash;
import io.kappamesh.protobuf.messages.Color;
import io.kappamesh.protobuf.messages.ConnectDecimal;
import io.kappamesh.protobuf.messages.Edition;
import io.kappamesh.protobuf.messages.Legacy;
import io.kappamesh.protobuf.messages.Line;
import io.kappamesh.protobuf.messages.Order;
import io.kappamesh.protobuf.messages.Outer;
import io.kappamesh.protobuf.messages.Part;
import io.kappamesh.protobuf.messages.Row;
import io.kappamesh.protobuf.messages.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufFormatTest {
    private static final ProtobufFormat ORDERS =
            ProtobufFormat.plain(Order.class).epoch(ChronoUnit.SECONDS).epochDays();
    private static final Schema INNER = schema("Inner", "{\"name\": \"id\", \"type\": \"string\"}");
    private static final String CUT_OFF = "is no Protobuf message, or is cut off";
    private static final String INEXACT = "is a number that its type cannot hold exactly";

    @Test
    void messageBecomesTheRecordOfItsFields() {
        GenericRecord order = value(ORDERS, Orders.full().toByteArray());

        assertThat(order.get("id")).isEqualTo(-9007199254740993L);
        assertThat(order.get("customerName")).hasToString("Köln 🎉");
        assertThat(order.get("amount")).isEqualTo(new BigDecimal("12.50"));
        assertThat(order.get("at")).isEqualTo(Orders.NOON.plusNanos(1_000));
        assertThat(order.get("day")).isEqualTo(LocalDate.of(2026, 3, 1));
        assertThat(order.get("opens")).isEqualTo(LocalTime.of(9, 0, 0, 5_000_000));
        assertThat(order.get("status")).hasToString("OPEN");
        assertThat(order.get("note")).hasToString("a note");
        assertThat(order.get("comment")).hasToString("a comment");
        assertThat(order.get("lines"))
                .hasToString(
                        "[{\"sku\": \"a\", \"pieces\": 0, \"partOf\": null},"
                                + " {\"sku\": \"\", \"pieces\": null, \"partOf\": {\"sku\": \"b\", \"pieces\": null, \"partOf\": null}}]");
        assertThat(order.get("labels")).isEqualTo(Map.of(new Utf8("x"), -1, new Utf8(""), 0));
        assertThat(order.get("byNumber")).hasToString("{-7={\"sku\": \"c\", \"pieces\": null, \"partOf\": null}}");
        assertThat(order.get("card")).isNull();
        assertThat(order.get("cash")).hasToString("{\"currency\": \"EUR\", \"cents\": -1250}");
        assertThat(order.get("raw")).isEqualTo(ByteBuffer.wrap(new byte[] {0, 1, -1}));
        assertThat(order.get("hash")).hasToString("[1, 2]");
        assertThat(order.get("serial")).isEqualTo(new BigDecimal("18446744073709551615"));
        assertThat(order.get("weight")).isEqualTo(1.5);
        assertThat(order.get("width")).isEqualTo(0.1f);
        assertThat(order.get("paid")).isEqualTo(true);
        assertThat(order.get("numbers")).isEqualTo(List.of(1, -2));
        assertThat(order.get("states")).hasToString("[OPEN, SHIPPED]");
        assertThat(order.get("changed")).isEqualTo(Orders.NOON);
        assertThat(order.get("low")).isEqualTo(Integer.MIN_VALUE);
        assertThat(order.get("high")).hasToString("18446744073709551615");
        assertThat(order.get("count")).isEqualTo(4294967295.0);
        assertThat(order.get("most")).hasToString("18446744073709551615");
        assertThat(order.get("first")).hasToString("{\"sku\": \"\", \"pieces\": 3, \"partOf\": null}");
        assertThat(order.get("days")).isEqualTo(LocalDate.ofEpochDay(1));
    }

    @Test
    void whatIsNotSetIsZeroOrEmptyAndWhatCanBeUnsetIsItsDefaultOrNull() {
        GenericRecord order = value(ORDERS, Orders.small().toByteArray());

        assertThat(order.get("id")).isEqualTo(0L);
        assertThat(order.get("customerName")).hasToString("");
        assertThat(order.get("amount")).isNull();
        assertThat(order.get("status")).hasToString("UNSPECIFIED");
        assertThat(order.get("note")).hasToString("none");
        assertThat(order.get("comment")).isNull();
        assertThat(order.get("lines")).isEqualTo(List.of());
        assertThat(order.get("labels")).isEqualTo(Map.of());
        assertThat(order.get("cash")).isNull();
        assertThat(order.get("raw")).isEqualTo(ByteBuffer.allocate(0));
        assertThat(order.get("serial")).isEqualTo(new BigDecimal("0"));
        assertThat(order.get("paid")).isEqualTo(false);
        assertThat(order.get("changed")).isEqualTo(Instant.EPOCH);
        assertThat(order.get("high")).hasToString("0");
        assertThat(order.get("first")).isNull();
        assertThat(value(
                        ORDERS,
                        Orders.small().toBuilder()
                                .setNote("")
                                .setAmount(Decimal.getDefaultInstance())
                                .build()
                                .toByteArray()))
                .satisfies(set -> assertThat(set.get("note")).hasToString(""))
                .satisfies(set -> assertThat(set.get("amount")).isEqualTo(new BigDecimal("0.00")));
        assertThat(reason(
                        ORDERS,
                        Orders.SCHEMA,
                        Orders.small().toBuilder().clearPlacedAt().build()))
                .isEqualTo("field at is missing");
    }

    @Test
    void emptyValueIsAMessage() {
        Schema line = schema("Line", "{\"name\": \"sku\", \"type\": \"string\"}");

        assertThat(value(ProtobufFormat.plain(Line.class), line, new byte[0])).hasToString("{\"sku\": \"\"}");
    }

    @Test
    void theLastOfAOneofCountsAlsoWhereItIsNotRead() throws IOException {
        byte[] card = Order.newBuilder().setCard("4711").build().toByteArray();
        byte[] cash = Order.newBuilder()
                .setCash(Cash.newBuilder().setCurrency("EUR"))
                .build()
                .toByteArray();
        byte[] voucher = Order.newBuilder().setVoucher("v").build().toByteArray();
        byte[] small = Orders.small().toByteArray();

        GenericRecord cashLast = value(ORDERS, joined(small, card, cash));
        assertThat(cashLast.get("card")).isNull();
        assertThat(cashLast.get("cash")).hasToString("{\"currency\": \"EUR\", \"cents\": 0}");
        GenericRecord voucherLast = value(ORDERS, joined(small, card, cash, voucher));
        assertThat(voucherLast.get("card")).isNull();
        assertThat(voucherLast.get("cash")).isNull();
        assertThat(value(ORDERS, joined(small, voucher, card)).get("card")).hasToString("4711");
    }

    @Test
    void whatIsSentTwiceIsTheLastOneAndMessagesAreMerged() throws IOException {
        byte[] first = Order.newBuilder()
                .setId(1)
                .setFirst(Line.newBuilder().setSku("a").setPieces(1))
                .putLabels("x", 1)
                .addNumbers(1)
                .build()
                .toByteArray();
        byte[] second = Order.newBuilder()
                .setId(2)
                .setFirst(Line.newBuilder().setPieces(2))
                .putLabels("x", 2)
                .addNumbers(2)
                .build()
                .toByteArray();

        GenericRecord order = value(ORDERS, joined(Orders.small().toByteArray(), first, second));

        assertThat(order.get("id")).isEqualTo(2L);
        assertThat(order.get("first")).hasToString("{\"sku\": \"a\", \"pieces\": 2, \"partOf\": null}");
        assertThat(order.get("labels")).isEqualTo(Map.of(new Utf8("x"), 2));
        assertThat(order.get("numbers")).isEqualTo(List.of(1, 2));
    }

    @Test
    void unknownFieldsAreDroppedOrRejected() throws IOException {
        Message known = Orders.small().toBuilder().setId(1).build();
        Message extended = Orders.small().toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                999,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build();
        Message inside = Orders.small().toBuilder()
                .addLines(Line.newBuilder().setUnknownFields(((Order) extended).getUnknownFields()))
                .build();
        Message unread = Orders.small().toBuilder().setVoucher("v").build();
        String rejected = "has a field that the schema does not know";
        ProtobufFormat strict = ORDERS.rejectingUnknownFields();

        assertThat(value(ORDERS, extended.toByteArray()))
                .hasToString(value(ORDERS, Orders.small().toByteArray()).toString());
        assertThat(value(strict, known.toByteArray()).get("id")).isEqualTo(1L);
        assertThat(reason(strict, Orders.SCHEMA, extended)).isEqualTo(rejected);
        assertThat(reason(strict, Orders.SCHEMA, unread)).isEqualTo(rejected);
        assertThat(reason(strict, Orders.SCHEMA, inside)).isEqualTo("field lines[] " + rejected);
    }

    @Test
    void numbersAreTakenExactlyOrNotAtAll() {
        assertThat(reasonOf("serial", "\"long\"", Order.newBuilder().setSerial(-1)))
                .isEqualTo("field serial " + INEXACT);
        assertThat(valueOf("serial", "\"long\"", Order.newBuilder().setSerial(Long.MAX_VALUE)))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(valueOf("serial", "\"string\"", Order.newBuilder().setSerial(-1)))
                .hasToString("18446744073709551615");
        assertThat(reasonOf("id", "\"int\"", Order.newBuilder().setId(1L << 31)))
                .isEqualTo("field id " + INEXACT);
        assertThat(valueOf("id", "\"int\"", Order.newBuilder().setId(Integer.MIN_VALUE)))
                .isEqualTo(Integer.MIN_VALUE);
        assertThat(reasonOf("id", "\"double\"", Order.newBuilder().setId((1L << 53) + 1)))
                .isEqualTo("field id " + INEXACT);
        assertThat(valueOf("id", "\"double\"", Order.newBuilder().setId(1L << 53)))
                .isEqualTo(9007199254740992.0);
        assertThat(reasonOf("count", "\"int\"", Order.newBuilder().setCount(-1)))
                .isEqualTo("field count " + INEXACT);
        assertThat(valueOf("width", "\"double\"", Order.newBuilder().setWidth(Float.NaN)))
                .isEqualTo(Double.NaN);
        assertThat(reasonOf("id", decimal(3, 2), Order.newBuilder().setId(10))).isEqualTo("field id " + INEXACT);
        assertThat(valueOf("id", decimal(3, 2), Order.newBuilder().setId(-9))).isEqualTo(new BigDecimal("-9.00"));
        assertThat(valueOf("customer_name", decimal(3, 2), Order.newBuilder().setCustomerName("1e-2")))
                .isEqualTo(new BigDecimal("0.01"));
        assertThat(reasonOf("customer_name", decimal(3, 2), Order.newBuilder().setCustomerName("4711 euros")))
                .isEqualTo("field customer_name is no number");
        assertThat(reasonOf(
                        "amount",
                        decimal(3, 2),
                        Order.newBuilder().setAmount(Decimal.newBuilder().setValue("0.001"))))
                .isEqualTo("field amount " + INEXACT);
        assertThat(reasonOf(
                        "amount",
                        decimal(3, 2),
                        Order.newBuilder().setAmount(Decimal.newBuilder().setValue("1e999999999"))))
                .isEqualTo("field amount " + INEXACT);
        assertThat(reasonOf(
                        "amount",
                        decimal(3, 2),
                        Order.newBuilder().setAmount(Decimal.newBuilder().setValue("x"))))
                .isEqualTo("field amount is no number");
    }

    /** A sender that has declared int64 where the class here says int32: Protobuf itself cuts such a number off. */
    @Test
    void numberOfAWiderTypeOnTheWireIsNotCutOff() throws IOException {
        byte[] small = Orders.small().toByteArray();

        assertThat(reason(ORDERS, Orders.SCHEMA, joined(small, varint(25, 1L << 33))))
                .isEqualTo("field low " + INEXACT);
        assertThat(reason(ORDERS, Orders.SCHEMA, joined(small, varint(27, 1L << 32))))
                .isEqualTo("field count " + INEXACT);
        assertThat(reason(ORDERS, Orders.SCHEMA, joined(small, varint(22, 1L << 32))))
                .isEqualTo("field numbers[] " + INEXACT);
        assertThat(value(ORDERS, joined(small, varint(22, -5))).get("numbers")).isEqualTo(List.of(-5));
        assertThat(value(ORDERS, joined(small, varint(7, (1L << 32) + 1))).get("status"))
                .hasToString("OTHER");
    }

    @Test
    void fieldOfAnotherTypeOnTheWireIsRejected() throws IOException {
        byte[] small = Orders.small().toByteArray();
        String other = " is written as another type than the message declares";

        assertThat(reason(ORDERS, Orders.SCHEMA, joined(small, varint(2, 4711))))
                .isEqualTo("field customerName" + other);
        assertThat(reason(ORDERS, Orders.SCHEMA, joined(small, varint(10, 4711))))
                .isEqualTo("field lines[]" + other);
        assertThat(reason(ORDERS, Orders.SCHEMA, joined(small, varint(4, 4711))))
                .isEqualTo("field at" + other);
    }

    @Test
    void timesAreMessagesTextOrDeclaredCounts() {
        Order.Builder micros = Order.newBuilder().setPlacedAt(Orders.time(Orders.NOON.plusNanos(123_456_789)));

        assertThat(reasonOf("placed_at", "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}", micros))
                .isEqualTo("field placed_at " + INEXACT);
        assertThat(valueOf("placed_at", "{\"type\": \"long\", \"logicalType\": \"timestamp-nanos\"}", micros))
                .isEqualTo(Orders.NOON.plusNanos(123_456_789));
        for (String unit : List.of("millis", "micros", "nanos")) {
            Schema at = schema(
                    "At",
                    "{\"name\": \"placed_at\", \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-" + unit
                            + "\"}}");
            Instant cut = Orders.NOON.plusNanos(
                    unit.equals("millis") ? 123_000_000 : unit.equals("micros") ? 123_456_000 : 123_456_789);
            assertThat(value(
                                    ProtobufFormat.plain(Order.class).truncatingTimestamps(),
                                    at,
                                    micros.build().toByteArray())
                            .get("placed_at"))
                    .isEqualTo(cut);
        }
        assertThat(reasonOf(
                        "placed_at",
                        "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}",
                        Order.newBuilder().setPlacedAt(Timestamp.newBuilder().setNanos(-1))))
                .isEqualTo("field placed_at is no time between the years 1 and 9999");
        assertThat(valueOf(
                        "customer_name",
                        "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}",
                        Order.newBuilder().setCustomerName("2026-03-01T13:00:00+01:00")))
                .isEqualTo(Orders.NOON);
        assertThat(reasonOf(
                        "customer_name",
                        "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}",
                        Order.newBuilder().setCustomerName("secret")))
                .isEqualTo("field customer_name is no ISO-8601 text of its type");
        assertThat(valueOf(
                        "customer_name",
                        "{\"type\": \"int\", \"logicalType\": \"date\"}",
                        Order.newBuilder().setCustomerName("2026-03-01")))
                .isEqualTo(LocalDate.of(2026, 3, 1));
        assertThat(reasonOf(
                        "day",
                        "{\"type\": \"int\", \"logicalType\": \"date\"}",
                        Order.newBuilder()
                                .setDay(Date.newBuilder().setYear(2026).setMonth(3))))
                .isEqualTo("field day is no whole date");
        assertThat(reasonOf(
                        "day",
                        "{\"type\": \"int\", \"logicalType\": \"date\"}",
                        Order.newBuilder().setDay(Date.newBuilder().setMonth(3).setDay(1))))
                .isEqualTo("field day is no whole date");
        assertThat(reasonOf(
                        "opens",
                        "{\"type\": \"int\", \"logicalType\": \"time-millis\"}",
                        Order.newBuilder().setOpens(TimeOfDay.newBuilder().setHours(24))))
                .isEqualTo("field opens is no time of a day");
    }

    @Test
    void numberThatAnEnumDoesNotNameIsTheDefaultSymbolOrRejected() {
        Order.Builder unknown = Order.newBuilder().setStatusValue(4711);
        String withDefault =
                "{\"type\": \"enum\", \"name\": \"S\", \"symbols\": [\"OPEN\", \"OTHER\"], \"default\": \"OTHER\"}";
        String without = "{\"type\": \"enum\", \"name\": \"S\", \"symbols\": [\"OPEN\"]}";

        assertThat(valueOf("status", withDefault, unknown)).hasToString("OTHER");
        assertThat(valueOf("status", withDefault, Order.newBuilder())).hasToString("OTHER");
        assertThat(reasonOf("status", without, unknown))
                .isEqualTo("field status is a number that its enum does not name");
        assertThat(reasonOf("status", without, Order.newBuilder()))
                .isEqualTo("field status is none of the symbols of its type");
        assertThat(reasonOf("status", "\"string\"", unknown))
                .isEqualTo("field status is a number that its enum does not name");
        assertThat(valueOf("status", "\"string\"", Order.newBuilder().setStatus(Status.SHIPPED)))
                .hasToString("SHIPPED");
        assertThat(valueOf(
                        "states",
                        "{\"type\": \"array\", \"items\": " + withDefault + "}",
                        Order.newBuilder()
                                .addStatesValue(1)
                                .addStatesValue(4711)
                                .addStatesValue(1)))
                .hasToString("[OPEN, OTHER, OPEN]");
    }

    @Test
    void proto2HasDefaultsGroupsAndClosedEnums() throws IOException {
        Schema legacy = new Schema.Parser().parse("""
                {"type": "record", "name": "Legacy", "fields": [
                  {"name": "id", "type": "string"},
                  {"name": "pieces", "type": "int"},
                  {"name": "color", "type": ["null", {"type": "enum", "name": "Color", "symbols": ["RED", "GREEN", "ODD"],
                                                      "default": "ODD"}], "default": null},
                  {"name": "colors", "type": {"type": "array", "items": "Color"}},
                  {"name": "by_name", "type": {"type": "map", "values": "Color"}},
                  {"name": "size", "type": ["null", {"type": "record", "name": "Size", "fields": [
                    {"name": "width", "type": "int", "default": -1}]}]},
                  {"name": "numbers", "type": {"type": "array", "items": "int"}}]}""");
        ProtobufFormat format = ProtobufFormat.plain(Legacy.class);
        Legacy full = Legacy.newBuilder()
                .setId("a")
                .setPieces(1)
                .setColor(Color.GREEN)
                .addColors(Color.RED)
                .putByName("x", Color.RED)
                .setSize(Legacy.Size.newBuilder().setWidth(5))
                .addNumbers(1)
                .addNumbers(2)
                .build();

        assertThat(value(format, legacy, full.toByteArray()))
                .hasToString("{\"id\": \"a\", \"pieces\": 1, \"color\": \"GREEN\", \"colors\": [\"RED\"],"
                        + " \"by_name\": {\"x\": \"RED\"}, \"size\": {\"width\": 5}, \"numbers\": [1, 2]}");
        assertThat(value(
                        format,
                        legacy,
                        Legacy.newBuilder()
                                .setId("a")
                                .setSize(Legacy.Size.newBuilder())
                                .build()
                                .toByteArray()))
                .hasToString("{\"id\": \"a\", \"pieces\": 12, \"color\": null, \"colors\": [], \"by_name\": {},"
                        + " \"size\": {\"width\": -1}, \"numbers\": []}");
        // What generated classes put away as unknown, and so lose.
        byte[] unnamed = joined(full.toByteArray(), varint(3, 99), varint(4, 99), varint(4, 2));
        assertThat(Legacy.parseFrom(unnamed).getColorsList()).containsExactly(Color.RED, Color.GREEN);
        assertThat(value(format, legacy, unnamed).get("color")).hasToString("ODD");
        assertThat(value(format, legacy, unnamed).get("colors")).hasToString("[RED, ODD, GREEN]");
        assertThat(reason(format, legacy, new byte[0])).isEqualTo("field id is missing");
        assertThat(reason(format, legacy, joined(full.toByteArray(), hex("0a02c328"))))
                .isEqualTo("field id is text that is not UTF-8");
        byte[] packed = joined(full.toByteArray(), hex("3a020304"));
        assertThat(value(format, legacy, packed).get("numbers")).isEqualTo(List.of(1, 2, 3, 4));
        assertThat(reason(format, legacy, joined(full.toByteArray(), hex("330801"))))
                .isEqualTo("field size has a group that does not end where it should");
        assertThat(reason(format, legacy, joined(full.toByteArray(), hex("34"))))
                .isEqualTo("has a group that does not end where it should");
    }

    @Test
    void editionsAreReadAsTheirFeaturesSay() {
        Schema edition = new Schema.Parser().parse("""
                {"type": "record", "name": "Edition", "fields": [
                  {"name": "id", "type": ["null", "string"]},
                  {"name": "implicit", "type": ["null", "int"]},
                  {"name": "part", "type": ["null", {"type": "record", "name": "Part", "fields": [
                    {"name": "sku", "type": ["null", "string"]}]}]},
                  {"name": "parts", "type": {"type": "array", "items": "Part"}}]}""");
        ProtobufFormat format = ProtobufFormat.plain(Edition.class);

        assertThat(value(format, edition, new byte[0]))
                .hasToString("{\"id\": null, \"implicit\": 0, \"part\": null, \"parts\": []}");
        Edition set = Edition.newBuilder()
                .setId("")
                .setPart(Part.newBuilder().setSku("a"))
                .addParts(Part.newBuilder().setSku("b"))
                .addParts(Part.newBuilder())
                .build();
        assertThat(value(format, edition, set.toByteArray()))
                .hasToString("{\"id\": \"\", \"implicit\": 0, \"part\": {\"sku\": \"a\"},"
                        + " \"parts\": [{\"sku\": \"b\"}, {\"sku\": null}]}");
    }

    @Test
    void decimalsOfKafkaConnectAreUnscaledNumbersWithTheirScale() {
        Descriptor row = Row.getDescriptor();
        Schema schema = schema("Row", "{\"name\": \"amount\", \"type\": " + decimal(9, 2) + "}");
        ProtobufFormat format = ProtobufFormat.plain(row).rejectingUnknownFields();

        assertThat(value(format, schema, amount(12_500, 3)).get("amount")).isEqualTo(new BigDecimal("12.50"));
        assertThat(value(format, schema, amount(-1, -2)).get("amount")).isEqualTo(new BigDecimal("-100.00"));
        assertThat(reason(format, schema, amount(12_501, 3))).isEqualTo("field amount " + INEXACT);
        assertThat(reason(format, schema, amount(1, Integer.MIN_VALUE))).isEqualTo("field amount " + INEXACT);
        assertThat(reason(
                        format,
                        schema,
                        Row.newBuilder()
                                .setAmount(ConnectDecimal.Decimal.newBuilder())
                                .build()))
                .isEqualTo("field amount is no number");
        byte[] written = format.encoder(GenericRecord.class, schema)
                .orElseThrow()
                .encode(value(format, schema, amount(1_250, 2)));
        assertThat(value(format, schema, written).get("amount")).isEqualTo(new BigDecimal("12.50"));
    }

    private static byte[] amount(long unscaled, int scale) {
        return Row.newBuilder()
                .setAmount(ConnectDecimal.Decimal.newBuilder()
                        .setValue(
                                ByteString.copyFrom(BigInteger.valueOf(unscaled).toByteArray()))
                        .setPrecision(9)
                        .setScale(scale))
                .build()
                .toByteArray();
    }

    @Test
    void keysOfMapsAreTheirText() {
        assertKey(FieldDescriptorProto.Type.TYPE_STRING, "Köln", "Köln");
        assertKey(FieldDescriptorProto.Type.TYPE_BOOL, true, "true");
        assertKey(FieldDescriptorProto.Type.TYPE_SINT32, -7, "-7");
        assertKey(FieldDescriptorProto.Type.TYPE_UINT64, -1L, "18446744073709551615");
    }

    private static void assertKey(FieldDescriptorProto.Type type, Object key, String text) {
        Descriptor holder = holderOfMapBy(type);
        FieldDescriptor entries = holder.findFieldByName("entries");
        Descriptor entry = entries.getMessageType();
        byte[] message = DynamicMessage.newBuilder(holder)
                .addRepeatedField(
                        entries,
                        DynamicMessage.newBuilder(entry)
                                .setField(entry.findFieldByNumber(1), key)
                                .setField(entry.findFieldByNumber(2), 5)
                                .build())
                .build()
                .toByteArray();
        Schema schema = schema("Holder", "{\"name\": \"entries\", \"type\": {\"type\": \"map\", \"values\": \"int\"}}");
        ProtobufFormat format = ProtobufFormat.plain(holder);

        GenericRecord read = value(format, schema, message);
        assertThat(read.get("entries")).isEqualTo(Map.of(new Utf8(text), 5));
        assertThat(format.encoder(GenericRecord.class, schema).orElseThrow().encode(read))
                .isEqualTo(message);
    }

    /** As protoc declares {@code map<KEY, int32> entries = 1}. */
    private static Descriptor holderOfMapBy(FieldDescriptorProto.Type key) {
        FieldDescriptorProto.Builder optional =
                FieldDescriptorProto.newBuilder().setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
        DescriptorProto entry = DescriptorProto.newBuilder()
                .setName("EntriesEntry")
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .addField(optional.clone().setName("key").setNumber(1).setType(key))
                .addField(optional.clone().setName("value").setNumber(2).setType(FieldDescriptorProto.Type.TYPE_INT32))
                .build();
        DescriptorProto holder = DescriptorProto.newBuilder()
                .setName("Holder")
                .addNestedType(entry)
                .addField(FieldDescriptorProto.newBuilder()
                        .setName("entries")
                        .setNumber(1)
                        .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
                        .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                        .setTypeName("Holder.EntriesEntry"))
                .build();
        try {
            return FileDescriptor.buildFrom(
                            FileDescriptorProto.newBuilder()
                                    .setName("holder.proto")
                                    .setSyntax("proto3")
                                    .addMessageType(holder)
                                    .build(),
                            new FileDescriptor[0])
                    .findMessageTypeByName("Holder");
        } catch (DescriptorValidationException wrong) {
            throw new AssertionError(wrong);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00000000",
                "0000000007",
                "010000000700",
                "000000000702ffffffffffffffffffff",
                "000000000701", // a number of indexes below 0, as old clients in Python write it
                "00000000070408",
                "0000000007040801",
                "0000000007feffffff0f"
            })
    void whatIsNotFramedIsRejected(String hex) {
        assertThat(reason(ProtobufFormat.confluent(Outer.Inner.class), INNER, hex(hex)))
                .isEqualTo(
                        "is not in the Confluent wire format: does not begin with byte 0, a schema id and the indexes"
                                + " of its message");
    }

    @ParameterizedTest
    @ValueSource(strings = {"000000000700", "00000000070200", "0000000007040800", "00000000070406000a0161"})
    void anotherMessageOfTheFileIsRejected(String hex) {
        assertThat(reason(ProtobufFormat.confluent(Outer.Inner.class), INNER, hex(hex)))
                .isEqualTo("is another message of its file than shop.Outer.Inner");
    }

    @Test
    void confluentFramingHasTheShortFormForTheFirstMessage() {
        Schema order = schema("Order", "{\"name\": \"id\", \"type\": \"long\"}");

        // Outer is the fourth message of its file, Inner the second in it.
        assertThat(value(ProtobufFormat.confluent(Outer.Inner.class), INNER, hex("0000000007040602" + "0a0161"))
                        .get("id"))
                .hasToString("a");
        for (String first : List.of("00", "0200")) {
            assertThat(value(ProtobufFormat.confluent(Order.class), order, hex("0000000007" + first + "0807"))
                            .get("id"))
                    .isEqualTo(7L);
        }
        assertThat(ProtobufFormat.confluent(Order.class)
                        .encoder(GenericRecord.class, order)
                        .orElseThrow()
                        .encode(value(ProtobufFormat.plain(Order.class), order, new byte[] {8, 7})))
                .isEqualTo(hex("000000000000" + "0807"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0a", "0a05", "0a05616263", "08", "08ffffffffffffffffffffff", "00", "07", "0b0b0b", "ff", "1a03"
            })
    void whatIsCutOffOrNoMessageIsRejected(String hex) {
        assertThat(reason(ORDERS, Orders.SCHEMA, hex(hex))).isNotBlank();
    }

    @Test
    void everyPrefixOfAMessageIsReadOrRejectedWithoutAValueInTheReason() {
        byte[] full = Orders.full().toByteArray();
        for (int length = 0; length < full.length; length++) {
            if (decoded(ORDERS, Orders.SCHEMA, Arrays.copyOf(full, length))
                    instanceof Rejected<GenericRecord> rejected) {
                assertThat(rejected.reason()).doesNotContain("Köln").doesNotContain("4711");
            }
        }
        assertThat(reason(ORDERS, Orders.SCHEMA, Arrays.copyOf(full, full.length - 1)))
                .isEqualTo(CUT_OFF);
    }

    @Test
    void nestingIsLimited() {
        Schema line = new Schema.Parser().parse("""
                {"type": "record", "name": "Line", "fields": [{"name": "part_of", "type": ["null", "Line"]}]}""");
        ProtobufFormat format = ProtobufFormat.plain(Line.class);

        assertThat(decoded(format, line, nested(99))).isInstanceOf(Value.class);
        assertThat(reason(format, line, nested(100))).contains("is nested more than 100 levels deep");
        assertThat(reason(format, line, nested(50_000))).contains("is nested more than 100 levels deep");
        byte[] groups = new byte[100_000];
        Arrays.fill(groups, (byte) 0x7b);
        assertThat(reason(format, line, groups)).isEqualTo(CUT_OFF);
    }

    private static byte[] nested(int depth) {
        ByteString message = ByteString.EMPTY;
        for (int level = 0; level < depth; level++) {
            ByteString.Output out = ByteString.newOutput();
            try {
                CodedOutputStream coded = CodedOutputStream.newInstance(out);
                coded.writeBytes(3, message);
                coded.flush();
            } catch (IOException impossible) {
                throw new AssertionError(impossible);
            }
            message = out.toByteString();
        }
        return message.toByteArray();
    }

    @Test
    void whatCannotFitIsRefusedWithEveryProblem() {
        Schema wrong = new Schema.Parser().parse("""
                {"type": "record", "name": "Wrong", "fields": [
                  {"name": "weight", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
                  {"name": "width", "type": "long"},
                  {"name": "id", "type": "float"},
                  {"name": "unknown", "type": "string"},
                  {"name": "customer_name", "type": "long"},
                  {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "L", "fields": [
                    {"name": "sku", "type": "boolean"}]}}},
                  {"name": "numbers", "type": "int"},
                  {"name": "labels", "type": {"type": "map", "values": "boolean"}},
                  {"name": "by_number", "type": {"type": "array", "items": "int"}},
                  {"name": "placed_at", "type": "string"},
                  {"name": "cash", "type": "string"},
                  {"name": "raw", "type": "string"},
                  {"name": "changed", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "days", "type": {"type": "int", "logicalType": "date"}},
                  {"name": "note", "type": ["null", "string", "long"]},
                  {"name": "status", "type": {"type": "enum", "name": "S", "symbols": ["A"]}},
                  {"name": "number", "aliases": ["count", "low"], "type": "long"},
                  {"name": "uid", "aliases": ["id"], "type": "long"},
                  {"name": "first", "type": {"type": "record", "name": "F", "fields": [
                    {"name": "nothing", "type": ["null", "string"]}]}}]}""");

        assertThatThrownBy(() -> ProtobufFormat.plain(Order.class).decoder(GenericRecord.class, wrong))
                .isInstanceOfSatisfying(
                        DeclarationException.class,
                        refused -> assertThat(refused.problems())
                                .allSatisfy(problem -> assertThat(problem).startsWith("schema Wrong: "))
                                .extracting(problem -> problem.substring("schema Wrong: ".length()))
                                .containsExactlyInAnyOrder(
                                        "weight is a decimal, and double shop.Order.weight does not hold all decimals exactly;"
                                                + " declare a double, or have text sent",
                                        "width is of type long, which cannot hold float shop.Order.width",
                                        "id is of type float, which cannot hold int64 shop.Order.id",
                                        "unknown is no field of message shop.Order; give it the name in the message as an alias,"
                                                + " or a default",
                                        "customer_name is of type long, which cannot hold string shop.Order.customer_name",
                                        "lines[].sku is of type boolean, which cannot hold string shop.Line.sku",
                                        "numbers is of type int, which cannot hold repeated int32 shop.Order.numbers",
                                        "labels{} is of type boolean, which cannot hold int32 shop.Order.LabelsEntry.value",
                                        "by_number is of type array, which cannot hold map shop.Order.by_number",
                                        "placed_at is of type string, which cannot hold google.protobuf.Timestamp"
                                                + " shop.Order.placed_at",
                                        "cash is of type string, which cannot hold shop.Cash shop.Order.cash",
                                        "raw is of type string, which cannot hold bytes shop.Order.raw",
                                        "changed is a timestamp, and int64 shop.Order.changed is a whole number; say with"
                                                + " epoch(…) of the format what it counts",
                                        "days is a date, and int32 shop.Order.days is a whole number; say epochDays() of the"
                                                + " format if it counts days",
                                        "note is a union of 2 types; use null and one type",
                                        "status has none of the names of enum shop.Status among its symbols",
                                        "number is more than one field of message shop.Order, by its name and by an alias; take"
                                                + " the alias away",
                                        "uid and id are the same field of message shop.Order; take the alias away",
                                        "first has no field of message shop.Line"));
        assertThatThrownBy(() -> ORDERS.epoch(ChronoUnit.NANOS))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("SECONDS, MILLIS or MICROS, not in NANOS");
        assertThatThrownBy(() -> ProtobufFormat.confluent(Message.class))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("com.google.protobuf.Message is no class that protoc generated");
        assertThatThrownBy(() -> ProtobufFormat.plain(DynamicMessage.class)).isInstanceOf(DeclarationException.class);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        for (Order order : List.of(Orders.full(), Orders.small())) {
            for (ProtobufFormat format : List.of(
                    ORDERS,
                    ProtobufFormat.confluent(Order.class)
                            .epoch(ChronoUnit.SECONDS)
                            .epochDays())) {
                GenericRecord read = value(ORDERS, order.toByteArray());
                byte[] written = format.encoder(GenericRecord.class, Orders.SCHEMA)
                        .orElseThrow()
                        .encode(read);
                assertThat(value(format, written)).hasToString(read.toString());
            }
        }
    }

    @Test
    void whatNoMessageReadsAsIsNotWritten() {
        GenericRecord both = value(ORDERS, Orders.full().toByteArray());
        both.put("card", "4711");
        Schema nullable = schema("Line", "{\"name\": \"sku\", \"type\": [\"null\", \"string\"]}");
        GenericRecord unset = value(ProtobufFormat.plain(Line.class), nullable, new byte[0]);
        unset.put("sku", null);

        assertThatThrownBy(() -> ORDERS.encoder(GenericRecord.class, Orders.SCHEMA)
                        .orElseThrow()
                        .encode(both))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shop.Order.payment has one value only");
        assertThatThrownBy(() -> ProtobufFormat.plain(Line.class)
                        .encoder(GenericRecord.class, nullable)
                        .orElseThrow()
                        .encode(unset))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shop.Line.sku cannot be unset, and so never be null");
    }

    @Test
    void formatsThatSayTheSameAreEqual() throws DescriptorValidationException {
        FileDescriptor file = Order.getDescriptor().getFile();
        Descriptor again = FileDescriptor.buildFrom(
                        file.toProto(), file.getDependencies().toArray(FileDescriptor[]::new))
                .findMessageTypeByName("Order");

        assertThat(ProtobufFormat.plain(Order.class))
                .isEqualTo(ProtobufFormat.plain(Order.getDescriptor()))
                .isEqualTo(ProtobufFormat.plain(again))
                .hasSameHashCodeAs(ProtobufFormat.plain(again))
                .isNotEqualTo(ProtobufFormat.plain(Line.class))
                .isNotEqualTo(ProtobufFormat.confluent(Order.class))
                .isNotEqualTo(ProtobufFormat.plain(Order.class).epochDays())
                .isNotEqualTo(ProtobufFormat.plain(Order.class).truncatingTimestamps())
                .isNotEqualTo(ProtobufFormat.plain(Order.class).rejectingUnknownFields())
                .isNotEqualTo(ProtobufFormat.plain(Order.class).epoch(ChronoUnit.MILLIS));
        assertThat(value(
                        ProtobufFormat.plain(again).epoch(ChronoUnit.SECONDS).epochDays(),
                        Orders.full().toByteArray()))
                .hasToString(value(ORDERS, Orders.full().toByteArray()).toString());
    }

    @Test
    void messagesThatHoldLessThanTheyBecomeAreRejected() {
        ValueFormat.Decoder<GenericRecord> decoder = ORDERS.decoder(GenericRecord.class, Orders.SCHEMA);
        byte[] order = Orders.small().toByteArray();
        byte[] empty = joined(order, hex("5200".repeat(500_000)));
        byte[] small = joined(order, hex("52021000".repeat(250_000)));
        byte[] usual = joined(order, hex("520a0a086162636465666768".repeat(80_000)));

        assertThat(parsed(empty).getLinesCount()).isEqualTo(500_000);
        for (byte[] lines : List.of(empty, small)) {
            assertThat(reason(ORDERS, Orders.SCHEMA, lines))
                    .isEqualTo("field lines[] claims more items in arrays or maps than its bytes can hold");
        }
        assertThat((List<?>) value(ORDERS, usual).get("lines")).hasSize(80_000);
        for (byte[] lines : List.of(empty, small, usual)) {
            assertThat(Allocation.of(() -> decoder.decode(lines))).isLessThan(120L * lines.length + 20_000_000);
        }
    }

    /** Where both this format and Protobuf itself can read something, they read the same. */
    @Test
    void mutatedMessagesAreReadAsProtobufReadsThemOrRejected() {
        ValueFormat.Decoder<GenericRecord> decoder = ORDERS.decoder(GenericRecord.class, Orders.SCHEMA);
        Mutations inputs = Mutations.of(
                List.of(Orders.full().toByteArray(), Orders.small().toByteArray()),
                List.of(
                        "\u0008",
                        "\u0000",
                        "\u0001",
                        "\n",
                        "j\u0001a",
                        "r\u0000",
                        "z\u0001v",
                        "\u00ff",
                        "\u0080\u0001",
                        "{"));
        int[] compared = new int[1];

        Fuzzing.million(inputs, input -> {
            ValueFormat.Result<GenericRecord> result = decoder.decode(input);
            assertThat(result).isNotNull();
            if (result instanceof Value<GenericRecord> read) {
                Order parsed = parsed(input);
                if (parsed != null) {
                    compared[0]++;
                    assertThat(decoder.decode(parsed.toByteArray())).hasToString(read.toString());
                }
            }
        });

        assertThat(compared[0]).isGreaterThan(300);
    }

    private static Order parsed(byte[] bytes) {
        try {
            return Order.parseFrom(bytes);
        } catch (IOException noOrder) {
            return null;
        }
    }

    @Test
    void mutatedFramesAndGroupsAreReadOrRejected() {
        Schema legacy = new Schema.Parser().parse("""
                {"type": "record", "name": "Legacy", "fields": [
                  {"name": "id", "type": "string"},
                  {"name": "size", "type": ["null", {"type": "record", "name": "Size", "fields": [
                    {"name": "width", "type": "int", "default": -1}]}]}]}""");
        ValueFormat.Decoder<GenericRecord> decoder =
                ProtobufFormat.confluent(Legacy.class).rejectingUnknownFields().decoder(GenericRecord.class, legacy);
        byte[] right = joined(
                new byte[6],
                Legacy.newBuilder()
                        .setId("a")
                        .setSize(Legacy.Size.newBuilder().setWidth(5))
                        .build()
                        .toByteArray());
        assertThat(decoder.decode(right)).isInstanceOf(Value.class);

        Fuzzing.million(
                Mutations.of(List.of(right), List.of("3", "4", "\u0000", "\u0002\u0000", "\u0008\u0001")),
                input -> assertThat(decoder.decode(input)).isNotNull());
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static byte[] varint(int field, long value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeUInt64(field, value);
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static String decimal(int precision, int scale) {
        return "{\"type\": \"bytes\", \"logicalType\": \"decimal\", \"precision\": " + precision + ", \"scale\": "
                + scale + "}";
    }

    private static Schema schema(String name, String fields) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"" + name + "\", \"fields\": [" + fields + "]}");
    }

    private static Object valueOf(String field, String type, Order.Builder order) {
        Schema one = schema("One", "{\"name\": \"" + field + "\", \"type\": " + type + "}");
        return value(ProtobufFormat.plain(Order.class), one, order.build().toByteArray())
                .get(field);
    }

    private static String reasonOf(String field, String type, Order.Builder order) {
        Schema one = schema("One", "{\"name\": \"" + field + "\", \"type\": " + type + "}");
        return reason(ProtobufFormat.plain(Order.class), one, order.build());
    }

    private static GenericRecord value(ProtobufFormat format, byte[] message) {
        return value(format, Orders.SCHEMA, message);
    }

    private static GenericRecord value(ProtobufFormat format, Schema schema, byte[] message) {
        ValueFormat.Result<GenericRecord> result = decoded(format, schema, message);
        assertThat(result).isInstanceOf(Value.class);
        return ((Value<GenericRecord>) result).value();
    }

    private static String reason(ProtobufFormat format, Schema schema, Message message) {
        return reason(format, schema, message.toByteArray());
    }

    private static String reason(ProtobufFormat format, Schema schema, byte[] message) {
        ValueFormat.Result<GenericRecord> result = decoded(format, schema, message);
        assertThat(result).isInstanceOf(Rejected.class);
        return ((Rejected<GenericRecord>) result).reason();
    }

    private static ValueFormat.Result<GenericRecord> decoded(ProtobufFormat format, Schema schema, byte[] message) {
        return format.decoder(GenericRecord.class, schema).decode(message);
    }
}
