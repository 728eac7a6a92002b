package io.kappamesh.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UInt64Value;
import com.google.type.Date;
import com.google.type.Decimal;
import com.google.type.TimeOfDay;
import io.kappamesh.protobuf.messages.Cash;
import io.kappamesh.protobuf.messages.Line;
import io.kappamesh.protobuf.messages.Order;
import io.kappamesh.protobuf.messages.Status;
import java.time.Instant;
import org.apache.avro.Schema;

/** Orders as a shop sends them, and the schema that a port reads them by. */
final class Orders {
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [
              {"name": "id", "type": "long"},
              {"name": "customerName", "type": "string"},
              {"name": "amount", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}]},
              {"name": "at", "aliases": ["placed_at"], "type": {"type": "long", "logicalType": "timestamp-micros"}},
              {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}]},
              {"name": "opens", "type": ["null", {"type": "int", "logicalType": "time-millis"}]},
              {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": ["UNSPECIFIED", "OPEN", "OTHER"],
                                          "default": "OTHER"}},
              {"name": "note", "type": "string", "default": "none"},
              {"name": "comment", "type": ["null", "string"]},
              {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
                {"name": "sku", "type": "string"},
                {"name": "pieces", "type": ["null", "int"]},
                {"name": "partOf", "type": ["null", "Line"]}]}}},
              {"name": "labels", "type": {"type": "map", "values": "int"}},
              {"name": "byNumber", "type": {"type": "map", "values": "Line"}},
              {"name": "card", "type": ["null", "string"]},
              {"name": "cash", "type": ["null", {"type": "record", "name": "Cash", "fields": [
                {"name": "currency", "type": "string"}, {"name": "cents", "type": "long"}]}]},
              {"name": "raw", "type": "bytes"},
              {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 2}},
              {"name": "serial", "type": {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 0}},
              {"name": "weight", "type": "double"},
              {"name": "width", "type": "float"},
              {"name": "paid", "type": "boolean"},
              {"name": "numbers", "type": {"type": "array", "items": "int"}},
              {"name": "states", "type": {"type": "array", "items": "string"}},
              {"name": "changed", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "low", "type": "int"},
              {"name": "high", "type": "string"},
              {"name": "count", "type": "double"},
              {"name": "most", "type": ["null", "string"]},
              {"name": "first", "type": ["null", "Line"]},
              {"name": "days", "type": {"type": "int", "logicalType": "date"}}
            ]}
            """);

    private Orders() {}

    /** An order in which everything is set. */
    static Order full() {
        return Order.newBuilder()
                .setId(-9007199254740993L)
                .setCustomerName("Köln 🎉")
                .setAmount(Decimal.newBuilder().setValue("12.5"))
                .setPlacedAt(time(NOON.plusNanos(1_000)))
                .setDay(Date.newBuilder().setYear(2026).setMonth(3).setDay(1))
                .setOpens(TimeOfDay.newBuilder().setHours(9).setNanos(5_000_000))
                .setStatus(Status.OPEN)
                .setNote("a note")
                .setComment(StringValue.of("a comment"))
                .addLines(Line.newBuilder().setSku("a").setPieces(0))
                .addLines(Line.newBuilder().setPartOf(Line.newBuilder().setSku("b")))
                .putLabels("x", -1)
                .putLabels("", 0)
                .putByNumber(-7, Line.newBuilder().setSku("c").build())
                .setCash(Cash.newBuilder().setCurrency("EUR").setCents(-1250))
                .setRaw(ByteString.copyFrom(new byte[] {0, 1, -1}))
                .setHash(ByteString.copyFrom(new byte[] {1, 2}))
                .setSerial(-1)
                .setWeight(1.5)
                .setWidth(0.1f)
                .setPaid(true)
                .addNumbers(1)
                .addNumbers(-2)
                .addStates(Status.OPEN)
                .addStates(Status.SHIPPED)
                .setChanged(NOON.getEpochSecond())
                .setLow(Integer.MIN_VALUE)
                .setHigh(-1)
                .setCount(-1)
                .setMost(UInt64Value.of(-1))
                .setFirst(Line.newBuilder().setPieces(3))
                .setDays(1)
                .build();
    }

    /** An order in which nothing is set that need not be. */
    static Order small() {
        return Order.newBuilder()
                .setPlacedAt(time(NOON))
                .setHash(ByteString.copyFrom(new byte[2]))
                .build();
    }

    static Timestamp time(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }
}
