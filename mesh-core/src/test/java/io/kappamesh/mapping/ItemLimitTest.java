package io.kappamesh.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.ValueFormat.Rejected;
import io.kappamesh.format.ValueFormat.Value;
import io.kappamesh.fuzz.Allocation;
import io.kappamesh.json.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
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

/** Values that claim to be more than their bytes can hold, in the formats that read into records of Avro. */
class ItemLimitTest {
    private static final int MEGABYTE = 1_000_000;

    /** How many bytes are taken for one of a value, and besides. What is taken is not kept: most of it is copies on the way. */
    private static final int BYTES_PER_BYTE = 120;

    private static final int BYTES_BESIDES = 20_000_000;

    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [
              {"name": "lines", "default": [], "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
                {"name": "sku", "type": "string", "default": "none"},
                {"name": "state", "type": "string", "default": "open"},
                {"name": "pieces", "type": ["null", "int"], "default": null}]}}},
              {"name": "nested", "default": [], "type": {"type": "array", "items": {"type": "array", "items": "int"}}},
              {"name": "numbers", "default": [], "type": {"type": "array", "items": ["null", "int"]}},
              {"name": "byName", "default": {}, "type": {"type": "map", "values": "Line"}}]}
            """);

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            {"lines":[    ~ {},      ~ {}   ~ ]}  ~ field lines[] claims
            {"nested":[   ~ [],      ~ []   ~ ]}  ~ field nested[] claims
            {"byName":{"":{} ~ ,"%d":{} ~ ''  ~ }}  ~ field byName{} claims
            """)
    void itemsOfJsonThatHoldNothingAreRejected(String begin, String item, String last, String end, String reason) {
        byte[] value = repeated(begin, item, last + end);
        byte[] framed = new byte[value.length + 5];
        System.arraycopy(value, 0, framed, 5, value.length);
        byte[] envelope = repeated("{\"op\":\"c\",\"after\":" + begin, item, last + end + "}");

        assertRejected(JsonFormat.json(), value, reason);
        assertRejected(JsonFormat.confluentJsonSchema(), framed, reason);
        assertRejected(DebeziumFormat.json(JsonFormat.json()), envelope, reason);
    }

    @Test
    void itemsOfJsonThatHoldSomethingAreReadInMemoryOfTheirSize() {
        byte[] numbers = repeated("{\"numbers\":[", "7,", "7]}");
        byte[] lines = repeated("{\"lines\":[", "{\"sku\":\"a\",\"state\":\"b\"},", "{}]}");

        assertThat(read(JsonFormat.json(), numbers)).isInstanceOf(Value.class);
        assertThat(read(JsonFormat.json(), lines)).isInstanceOf(Value.class);
    }

    @Test
    void rowsOfAvroThatHoldLessThanTheyBecomeAreRejected() throws IOException {
        Schema row = new Schema.Parser().parse("""
                {"type": "record", "name": "Row", "fields": [
                  {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Item", "fields": [
                    {"name": "pieces", "type": "int"}]}}}]}
                """);
        Schema envelope = Schema.createRecord(
                "Envelope",
                null,
                null,
                false,
                List.of(
                        new Schema.Field("op", Schema.create(Schema.Type.STRING), null, null),
                        new Schema.Field("after", row, null, null)));
        GenericRecord line =
                new GenericData.Record(row.getField("lines").schema().getElementType());
        line.put("pieces", 1);
        GenericRecord after = new GenericData.Record(row);
        GenericRecord change = new GenericData.Record(envelope);
        change.put("op", "c");
        change.put("after", after);
        ValueFormat.Decoder<GenericRecord> decoder =
                DebeziumFormat.avro().decoder(GenericRecord.class, SCHEMA, id -> Optional.of(envelope));

        after.put("lines", Collections.nCopies(MEGABYTE, line));
        byte[] many = framed(envelope, change);
        after.put("lines", Collections.nCopies(5_000, line));
        byte[] some = framed(envelope, change);

        assertThat(decoder.decode(many))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.reason())
                                .startsWith(
                                        "field lines[] claims more items in arrays or maps than its bytes can hold"));
        assertThat(Allocation.of(() -> decoder.decode(many))).isLessThan(most(many));
        assertThat(decoder.decode(some)).isInstanceOf(Value.class);
    }

    @Test
    void columnsOfCsvThatNobodyReadsTakeNoMemoryOfTheirOwn() {
        Schema one = new Schema.Parser()
                .parse(
                        "{\"type\": \"record\", \"name\": \"One\", \"fields\": [{\"name\": \"a\", \"type\": \"string\"}]}");
        byte[] commas = repeated("", ",", "");
        ValueFormat.Decoder<GenericRecord> decoder =
                CsvFormat.csv().droppingExtraColumns().decoder(GenericRecord.class, one);

        assertThat(decoder.decode(commas)).isInstanceOf(Value.class);
        assertThat(Allocation.of(() -> decoder.decode(commas))).isLessThan(most(commas));
    }

    private static void assertRejected(ValueFormat format, byte[] value, String reason) {
        assertThat(read(format, value))
                .isEqualTo(new Rejected<>(reason + " more items in arrays or maps than its bytes can hold"));
    }

    private static ValueFormat.Result<GenericRecord> read(ValueFormat format, byte[] value) {
        ValueFormat.Decoder<GenericRecord> decoder = format.decoder(GenericRecord.class, SCHEMA);
        assertThat(Allocation.of(() -> decoder.decode(value))).isLessThan(most(value));
        return decoder.decode(value);
    }

    private static long most(byte[] value) {
        return (long) BYTES_PER_BYTE * value.length + BYTES_BESIDES;
    }

    /** A value of a megabyte. */
    private static byte[] repeated(String begin, String item, String end) {
        StringBuilder text = new StringBuilder(begin);
        for (int number = 0; text.length() < MEGABYTE - end.length(); number++) {
            text.append(item.replace("%d", Integer.toString(number, Character.MAX_RADIX)));
        }
        return text.append(end).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] framed(Schema schema, GenericRecord value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[5]);
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(schema).write(value, out);
        out.flush();
        return bytes.toByteArray();
    }
}
