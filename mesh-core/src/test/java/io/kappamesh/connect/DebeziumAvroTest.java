package io.kappamesh.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.ValueFormat.Deleted;
import io.kappamesh.format.ValueFormat.Ignored;
import io.kappamesh.format.ValueFormat.Rejected;
import io.kappamesh.format.ValueFormat.Value;
import io.kappamesh.format.WriterSchemas;
import io.kappamesh.fuzz.Fuzzing;
import io.kappamesh.fuzz.Mutations;
import io.kappamesh.registry.SchemaFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebeziumAvroTest {
    private static final int ID = 7;
    private static final int SCHEMA_CHANGE = 8;
    private static final int TEXT = 9;
    private static final int KEY = 10;

    /** As the Avro converter registers it for a PostgreSQL connector with {@code topic.prefix=my-shop}. */
    private static final Schema ENVELOPE = SchemaFormats.parse(List.of(), """
            {"type": "record", "name": "Envelope", "namespace": "my-shop.public.orders", "connect.version": 2, "connect.name": "my-shop.public.orders.Envelope", "fields": [
              {"name": "before", "default": null, "type": ["null", {"type": "record", "name": "Value", "connect.name": "my-shop.public.orders.Value", "fields": [
                {"name": "id", "type": {"type": "long", "connect.default": 0}, "default": 0},
                {"name": "amount", "type": {"type": "bytes", "scale": 2, "precision": 64, "connect.version": 1, "connect.parameters": {"scale": "2", "connect.decimal.precision": "9"}, "connect.name": "org.apache.kafka.connect.data.Decimal", "logicalType": "decimal"}},
                {"name": "weight", "default": null, "type": ["null", {"type": "record", "name": "VariableScaleDecimal", "namespace": "io.debezium.data", "connect.version": 1, "connect.name": "io.debezium.data.VariableScaleDecimal", "fields": [{"name": "scale", "type": "int"}, {"name": "value", "type": "bytes"}]}]},
                {"name": "placed_on", "type": {"type": "int", "connect.version": 1, "connect.name": "io.debezium.time.Date"}},
                {"name": "placed_at", "type": {"type": "long", "connect.version": 1, "connect.name": "io.debezium.time.MicroTimestamp"}},
                {"name": "shipped_at", "default": null, "type": ["null", {"type": "string", "connect.version": 1, "connect.name": "io.debezium.time.ZonedTimestamp"}]},
                {"name": "opens", "type": {"type": "long", "connect.version": 1, "connect.name": "io.debezium.time.MicroTime"}},
                {"name": "status", "type": {"type": "string", "connect.version": 1, "connect.parameters": {"allowed": "open,done"}, "connect.name": "io.debezium.data.Enum"}},
                {"name": "tags", "default": null, "type": ["null", {"type": "array", "items": ["null", "string"]}]},
                {"name": "price", "type": "double"},
                {"name": "more", "default": null, "type": ["null", "string"]}
              ]}]},
              {"name": "after", "default": null, "type": ["null", "Value"]},
              {"name": "source", "type": {"type": "record", "name": "Source", "namespace": "io.debezium.connector.postgresql", "connect.name": "io.debezium.connector.postgresql.Source", "fields": [
                {"name": "version", "type": "string"}, {"name": "ts_ms", "type": "long"},
                {"name": "snapshot", "default": "false", "type": [{"type": "string", "connect.version": 1, "connect.parameters": {"allowed": "true,first,last,false,incremental"}, "connect.default": "false", "connect.name": "io.debezium.data.Enum"}, "null"]}
              ]}},
              {"name": "op", "type": "string"},
              {"name": "ts_ms", "default": null, "type": ["null", "long"]}
            ]}
            """);

    private static final Schema CHANGE = new Schema.Parser().parse("""
            {"type": "record", "name": "SchemaChange", "namespace": "io.debezium.connector", "fields": [{"name": "ddl", "type": ["null", "string"]}]}
            """);
    private static final Schema KEYS = new Schema.Parser().parse("""
            {"type": "record", "name": "Key", "namespace": "shop.orders", "fields": [
              {"name": "id", "type": "long"}, {"name": "line", "type": ["null", "string"]}]}
            """);
    private static final WriterSchemas WRITERS = id -> Optional.ofNullable(
            Map.of(ID, ENVELOPE, SCHEMA_CHANGE, CHANGE, TEXT, Schema.create(Schema.Type.STRING), KEY, KEYS)
                    .get(id));

    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [
              {"name": "id", "type": "long"},
              {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "weight", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 3}]},
              {"name": "placed", "aliases": ["placed_on"], "type": {"type": "int", "logicalType": "date"}},
              {"name": "placed_at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
              {"name": "shipped_at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
              {"name": "opens", "type": {"type": "int", "logicalType": "time-millis"}},
              {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": ["open", "other"], "default": "other"}},
              {"name": "tags", "type": {"type": "array", "items": "string"}, "default": []},
              {"name": "note", "type": "string", "default": "none"},
              {"name": "changedAt", "type": {"type": "long", "logicalType": "timestamp-millis"}}
            ]}
            """);
    private static final DebeziumFormat FORMAT = DebeziumFormat.avro().changedAt("changedAt");

    @Test
    void theRowAfterAChangeIsTheValue() {
        for (String operation : List.of("r", "c", "u")) {
            GenericRecord order = value(envelope(operation, row()));

            assertThat(order.get("id")).isEqualTo(42L);
            assertThat(order.get("amount")).isEqualTo(new BigDecimal("12.50"));
            assertThat(order.get("weight")).isEqualTo(new BigDecimal("1.500"));
            assertThat(order.get("placed")).isEqualTo(LocalDate.of(2026, 3, 1));
            assertThat(order.get("placed_at")).isEqualTo(Instant.parse("2026-03-01T09:00:00.000123Z"));
            assertThat(order.get("shipped_at")).isEqualTo(Instant.parse("2026-03-01T10:00:00Z"));
            assertThat(order.get("opens")).isEqualTo(LocalTime.of(8, 30));
            assertThat(order.get("status")).hasToString("open");
            assertThat(order.get("tags")).hasToString("[a, b]");
            assertThat(order.get("note")).hasToString("none");
            assertThat(order.get("changedAt")).isEqualTo(Instant.parse("2026-03-01T09:00:01Z"));
        }
    }

    @Test
    void aDeletionDeletesTheKey() {
        assertThat(decoded(FORMAT, envelope("d", null))).isInstanceOf(Deleted.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            amount    ~ 10000000.00  ~ field amount is a number that its type cannot hold exactly
            weight    ~ 0.0001       ~ field weight is a number that its type cannot hold exactly
            opens     ~ 1            ~ field opens is a number that its type cannot hold exactly
            shipped_at ~ yesterday   ~ field shipped_at is no ISO-8601 text of its type
            tags      ~ null         ~ field tags[] is null
            """)
    void whatAColumnCannotBecomeIsRejectedWithoutItsValue(String column, String text, String reason) {
        GenericRecord row = row();
        row.put(
                column,
                switch (column) {
                    case "amount" -> digits(text);
                    case "weight" -> weight(text);
                    case "opens" -> Long.parseLong(text);
                    case "tags" -> Collections.singletonList(null);
                    default -> text;
                });

        assertThat(decoded(FORMAT, envelope("u", row))).isEqualTo(new Rejected<>(reason));
    }

    @Test
    void whatIsNoChangeOfARowIsADeadLetterOrIgnoredAsDeclared() {
        byte[] truncation = envelope("t", null);
        byte[] message = envelope("m", null);
        byte[] change = framed(SCHEMA_CHANGE, CHANGE, record(CHANGE, Map.of("ddl", "ALTER TABLE")));
        DebeziumFormat tolerant = FORMAT.ignoring(DebeziumFormat.Message.TRUNCATE)
                .ignoring(DebeziumFormat.Message.SCHEMA_CHANGE, DebeziumFormat.Message.LOGICAL_MESSAGE);

        for (byte[] each : List.of(truncation, message, change)) {
            assertThat(decoded(FORMAT, each)).isInstanceOf(Rejected.class);
            assertThat(decoded(tolerant, each)).isInstanceOf(Ignored.class);
        }
    }

    @Test
    void whatIsNoEnvelopeIsRejected() {
        assertThat(decoded(FORMAT, framed(TEXT, Schema.create(Schema.Type.STRING), "text")))
                .isEqualTo(new Rejected<>("is no record"));
        assertThat(decoded(FORMAT, framed(KEY, KEYS, record(KEYS, Map.of("id", 1L)))))
                .isEqualTo(new Rejected<>("is no envelope of Debezium: it has no op"));
        assertThat(decoded(FORMAT, new byte[] {1, 2}))
                .isEqualTo(new Rejected<>(
                        "is not in the Confluent wire format: does not begin with byte 0 and a schema id"));
        assertThat(decoded(FORMAT, new byte[] {0, 0, 0, 0, 99, 1}))
                .isEqualTo(new Rejected<>("names schema id 99, which is none of Avro in the registry"));
    }

    @Test
    void aFloatingPointColumnIsNoDecimal() {
        Schema reader = new Schema.Parser().parse("""
                {"type": "record", "name": "Price", "fields": [
                  {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}]}
                """);

        assertThat(DebeziumFormat.avro()
                        .decoder(GenericRecord.class, reader, WRITERS)
                        .decode(envelope("c", row())))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason())
                                .startsWith("field price is a floating-point number in the data"));
    }

    @Test
    void aRegistryThatGivesNoAnswerIsNoFaultOfTheRecord() {
        WriterSchemas away = id -> {
            throw new WriterSchemas.NoAnswerException(id, new IllegalStateException("away"));
        };

        assertThatThrownBy(
                        () -> FORMAT.decoder(GenericRecord.class, SCHEMA, away).decode(envelope("c", row())))
                .isInstanceOf(WriterSchemas.NoAnswerException.class);
        assertThatThrownBy(() -> AvroKey.of("id").using(away).text(key(42, null)))
                .isInstanceOf(WriterSchemas.NoAnswerException.class);
    }

    @Test
    void aUnionOfSeveralTypesIsRefusedWhenThePortIsDeclared() {
        Schema several = new Schema.Parser().parse("""
                {"type": "record", "name": "Several", "fields": [{"name": "a", "type": ["null", "int", "string"]}]}
                """);

        assertThatThrownBy(() -> DebeziumFormat.avro().decoder(GenericRecord.class, several, WRITERS))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("a is a union of 2 types");
    }

    @Test
    void everyInputIsAValueADeletionOrAReason() {
        ValueFormat.Decoder<GenericRecord> decoder = FORMAT.decoder(GenericRecord.class, SCHEMA, WRITERS);
        Mutations inputs = Mutations.of(
                List.of(envelope("c", row()), envelope("d", null), envelope("u", row()), key(42, "a")),
                List.of("\u0000\u0000\u0000\u0000\u0007", "\u00ff\u00ff\u00ff\u00ff\u000f", "\u0002", "op"));

        Fuzzing.each(inputs, 5_000, input -> assertThat(decoder.decode(input)).isNotNull());
    }

    @Test
    void anAvroKeyIsTheTextOfItsFields() {
        assertThat(AvroKey.of("id").using(WRITERS).text(key(42, null))).contains("42");
        assertThat(AvroKey.of("line", "id").using(WRITERS).text(key(42, "a"))).contains("a|42");
        assertThat(AvroKey.of("line", "id").using(WRITERS).text(key(42, "a|b"))).isEmpty();
        assertThat(AvroKey.of("line").using(WRITERS).text(key(42, null))).isEmpty();
        assertThat(AvroKey.of("other").using(WRITERS).text(key(42, null))).isEmpty();
        assertThat(AvroKey.of("id").using(WRITERS).text(new byte[] {0, 0, 0, 0, 99}))
                .isEmpty();
        assertThat(AvroKey.of("id").using(WRITERS).text("42".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(AvroKey.ofValue().using(WRITERS).text(framed(TEXT, Schema.create(Schema.Type.STRING), "o-1")))
                .contains("o-1");
        assertThat(AvroKey.ofValue().using(WRITERS).text(key(42, null))).isEmpty();
        assertThatThrownBy(AvroKey::of).isInstanceOf(DeclarationException.class);
    }

    private static GenericRecord row() {
        return record(
                ENVELOPE.getField("after").schema().getTypes().get(1),
                Map.of(
                        "id",
                        42L,
                        "amount",
                        digits("12.50"),
                        "weight",
                        weight("1.5"),
                        "placed_on",
                        (int) LocalDate.of(2026, 3, 1).toEpochDay(),
                        "placed_at",
                        1772355600000123L,
                        "shipped_at",
                        "2026-03-01T11:00:00+01:00",
                        "opens",
                        LocalTime.of(8, 30).toNanoOfDay() / 1_000,
                        "status",
                        "open",
                        "tags",
                        List.of("a", "b"),
                        "price",
                        1.5));
    }

    private static ByteBuffer digits(String number) {
        return ByteBuffer.wrap(new BigDecimal(number).unscaledValue().toByteArray());
    }

    private static GenericRecord weight(String number) {
        Schema row = ENVELOPE.getField("after").schema().getTypes().get(1);
        return record(
                row.getField("weight").schema().getTypes().get(1),
                Map.of("scale", new BigDecimal(number).scale(), "value", digits(number)));
    }

    private static byte[] envelope(String operation, GenericRecord after) {
        GenericRecord envelope = record(
                ENVELOPE,
                Map.of(
                        "op",
                        operation,
                        "source",
                        record(
                                ENVELOPE.getField("source").schema(),
                                Map.of("version", "3.6.1.Final", "snapshot", "false", "ts_ms", 1772355601000L))));
        envelope.put("after", after);
        return framed(ID, ENVELOPE, envelope);
    }

    private static byte[] key(long id, String line) {
        GenericRecord key = record(KEYS, Map.of("id", id));
        key.put("line", line);
        return framed(KEY, KEYS, key);
    }

    private static GenericRecord record(Schema schema, Map<String, Object> fields) {
        GenericRecord record = new GenericData.Record(schema);
        fields.forEach(record::put);
        return record;
    }

    private static byte[] framed(int id, Schema schema, Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<>(schema).write(value, out);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    private static GenericRecord value(byte[] bytes) {
        ValueFormat.Result<GenericRecord> result = decoded(FORMAT, bytes);
        assertThat(result).isInstanceOf(Value.class);
        return ((Value<GenericRecord>) result).value();
    }

    private static ValueFormat.Result<GenericRecord> decoded(DebeziumFormat format, byte[] bytes) {
        return format.decoder(GenericRecord.class, SCHEMA, WRITERS).decode(bytes);
    }
}
