package io.kappamesh.system;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.UnknownFieldSet;
import io.kappamesh.avro.AvroType;
import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.protobuf.ProtobufFormat;
import io.kappamesh.registry.Compatibility;
import io.kappamesh.registry.SchemaRegistry;
import io.kappamesh.serde.AvroEncoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * How somebody writes sales, and writes them wrongly.
 *
 * @param format empty = Avro in the Confluent wire format
 */
record ForeignFormat(String name, Optional<ValueFormat> format, Writer writer) {
    private static final int HEADER = 5;

    /** Bytes as their owner writes them. */
    interface Writer {
        /**
         * A sale.
         *
         * @param at null = the field is missing
         * @param quantity a long, or a text where none may be
         */
        byte[] sale(Instant at, String item, Object quantity);
    }

    static List<ForeignFormat> all(SchemaRegistry registry) {
        return List.of(
                new ForeignFormat("avro", Optional.empty(), inAvro(registry, false)),
                new ForeignFormat(
                        "json",
                        Optional.of(JsonFormat.json()),
                        (at, item, quantity) -> utf8("{" + members(at, item, quantity) + "}")),
                new ForeignFormat(
                        "json-schema",
                        Optional.of(JsonFormat.confluentJsonSchema()),
                        (at, item, quantity) -> framed(HEADER, utf8("{" + members(at, item, quantity) + "}"))),
                new ForeignFormat(
                        "csv",
                        Optional.of(CsvFormat.csv()),
                        (at, item, quantity) -> utf8((at == null ? "" : at) + "," + item + "," + quantity)),
                new ForeignFormat(
                        "debezium-json",
                        Optional.of(DebeziumFormat.json(JsonFormat.json())),
                        (at, item, quantity) -> utf8("{\"payload\":{\"op\":\"c\",\"source\":{\"ts_ms\":1},\"after\":{"
                                + members(at, item, quantity) + "}}}")),
                new ForeignFormat("debezium-avro", Optional.of(DebeziumFormat.avro()), inAvro(registry, true)),
                new ForeignFormat(
                        "protobuf",
                        Optional.of(ProtobufFormat.plain(message()).epoch(ChronoUnit.MILLIS)),
                        ForeignFormat::message),
                new ForeignFormat(
                        "protobuf-framed",
                        Optional.of(ProtobufFormat.confluent(message()).epoch(ChronoUnit.MILLIS)),
                        (at, item, quantity) -> framed(HEADER + 1, message(at, item, quantity))));
    }

    private static String members(Instant at, String item, Object quantity) {
        return (at == null ? "" : "\"at\":\"" + at + "\",") + "\"item\":\"" + item + "\",\"quantity\":"
                + (quantity instanceof Long ? quantity : "\"" + quantity + "\"");
    }

    private static Writer inAvro(SchemaRegistry registry, boolean enveloped) {
        return (at, item, quantity) -> {
            String fields = (at == null
                            ? ""
                            : "{\"name\": \"at\", \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}},")
                    + "{\"name\": \"item\", \"type\": \"string\"}, {\"name\": \"quantity\", \"type\": "
                    + (quantity instanceof Long ? "\"long\"" : "\"string\"") + "}";
            Schema schema = new Schema.Parser()
                    .parse(
                            "{\"type\": \"record\", \"name\": \"Sale\", \"namespace\": \"io.kappamesh.contracts.faults\", \"fields\": ["
                                    + fields + "]}");
            GenericRecord sale = new GenericData.Record(schema);
            if (at != null) {
                sale.put("at", at.toEpochMilli());
            }
            sale.put("item", item);
            sale.put("quantity", quantity);
            return enveloped ? encoded(registry, envelope(schema, sale)) : encoded(registry, sale);
        };
    }

    private static GenericRecord envelope(Schema row, GenericRecord after) {
        Schema schema = Schema.createRecord(
                "Envelope",
                null,
                "shop.public.sales",
                false,
                List.of(
                        new Schema.Field("op", Schema.create(Schema.Type.STRING), null, null),
                        new Schema.Field("after", row, null, null)));
        GenericRecord envelope = new GenericData.Record(schema);
        envelope.put("op", "c");
        envelope.put("after", after);
        return envelope;
    }

    static byte[] encoded(SchemaRegistry registry, GenericRecord record) {
        // Whatever subject: an id names a schema.
        int id = registry.register(
                "foreign-" + Integer.toHexString(record.getSchema().hashCode()),
                record.getSchema(),
                Compatibility.FULL_TRANSITIVE);
        return new AvroEncoder<>(AvroType.raw(record.getSchema()), id).encode(record);
    }

    private static byte[] message(Instant at, String item, Object quantity) {
        UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();
        if (at != null) {
            fields.addField(1, varint(at.toEpochMilli()));
        }
        fields.addField(
                2,
                UnknownFieldSet.Field.newBuilder()
                        .addLengthDelimited(ByteString.copyFromUtf8(item))
                        .build());
        fields.addField(
                3,
                quantity instanceof Long number
                        ? varint(number)
                        : UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8(quantity.toString()))
                                .build());
        return fields.build().toByteArray();
    }

    private static UnknownFieldSet.Field varint(long number) {
        return UnknownFieldSet.Field.newBuilder().addVarint(number).build();
    }

    /** As {@code protoc} would describe it. */
    private static Descriptor message() {
        DescriptorProto sale = DescriptorProto.newBuilder()
                .setName("Sale")
                .addField(field("at", 1, FieldDescriptorProto.Type.TYPE_INT64)
                        .setProto3Optional(true)
                        .setOneofIndex(0))
                .addField(field("item", 2, FieldDescriptorProto.Type.TYPE_STRING))
                .addField(field("quantity", 3, FieldDescriptorProto.Type.TYPE_INT64))
                .addOneofDecl(OneofDescriptorProto.newBuilder().setName("_at"))
                .build();
        try {
            return FileDescriptor.buildFrom(
                            FileDescriptorProto.newBuilder()
                                    .setName("sale.proto")
                                    .setSyntax("proto3")
                                    .addMessageType(sale)
                                    .build(),
                            new FileDescriptor[0])
                    .findMessageTypeByName("Sale");
        } catch (DescriptorValidationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static FieldDescriptorProto.Builder field(String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private static byte[] framed(int header, byte[] value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[header]);
        bytes.writeBytes(value);
        return bytes.toByteArray();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
