package io.kappamesh.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.connect.DebeziumFormat;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.format.ValueFormat.Rejected;
import io.kappamesh.format.ValueFormat.Value;
import io.kappamesh.json.JsonFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no number and neither the largest nor the smallest: the same in every format. */
class NotFiniteTest {
    private static final Schema SCHEMA = schema("float", "double", "[\"null\", \"long\"]");

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void itIsAValueOfFloatingPointFields(String text) throws IOException {
        double number = Double.parseDouble(text);
        String json = "{\"small\":\"" + text + "\",\"large\":\"" + text + "\"}";
        GenericRecord row = new GenericData.Record(schema("double", "float", "\"null\""));
        row.put("small", number);
        row.put("large", (float) number);

        for (ValueFormat.Result<GenericRecord> read : List.of(
                read(JsonFormat.json(), json),
                read(DebeziumFormat.json(JsonFormat.json()), "{\"op\":\"c\",\"after\":" + json + "}"),
                read(CsvFormat.csv(), text + "," + text + ","),
                changed(row))) {
            assertThat(read).isInstanceOfSatisfying(Value.class, value -> {
                GenericRecord record = (GenericRecord) value.value();
                assertThat(record.get("small")).isEqualTo((float) number);
                assertThat(record.get("large")).isEqualTo(number);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void itIsNoWholeNumber(String text) {
        assertThat(read(JsonFormat.json(), "{\"small\":0,\"large\":0,\"whole\":\"" + text + "\"}"))
                .isEqualTo(new Rejected<>("field whole is no number"));
        assertThat(read(CsvFormat.csv(), "0,0," + text)).isEqualTo(new Rejected<>("field whole is no number"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan", "+Infinity", "Inf", "1.5", "y", ""})
    void otherTextIsNoNumberInJson(String text) {
        assertThat(read(JsonFormat.json(), "{\"small\":0,\"large\":\"" + text + "\"}"))
                .isEqualTo(new Rejected<>("field large is no number"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan", "+Infinity", "Inf", "y", "N"})
    void otherTextIsNoNumberInCsv(String text) {
        assertThat(read(CsvFormat.csv(), "0," + text + ",")).isEqualTo(new Rejected<>("field large is no number"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {3.5e38, -3.5e38})
    void aNumberThatIsTooLargeForItsFieldDoesNotBecomeInfinite(double number) throws IOException {
        GenericRecord row = new GenericData.Record(schema("double", "float", "\"null\""));
        row.put("small", number);
        row.put("large", 0f);

        for (ValueFormat.Result<GenericRecord> read : List.of(
                read(JsonFormat.json(), "{\"small\":" + number + ",\"large\":0}"),
                read(CsvFormat.csv(), number + ",0,"),
                changed(row))) {
            assertThat(read).isEqualTo(new Rejected<>("field small is a number that its type cannot hold"));
        }
    }

    private static ValueFormat.Result<GenericRecord> read(ValueFormat format, String text) {
        return format.decoder(GenericRecord.class, SCHEMA).decode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ValueFormat.Result<GenericRecord> changed(GenericRecord row) throws IOException {
        Schema envelope = Schema.createRecord(
                "Envelope",
                null,
                null,
                false,
                List.of(
                        new Schema.Field("op", Schema.create(Schema.Type.STRING), null, null),
                        new Schema.Field("after", row.getSchema(), null, null)));
        GenericRecord change = new GenericData.Record(envelope);
        change.put("op", "c");
        change.put("after", row);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[5]);
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(envelope).write(change, out);
        out.flush();
        return DebeziumFormat.avro()
                .decoder(GenericRecord.class, SCHEMA, id -> Optional.of(envelope))
                .decode(bytes.toByteArray());
    }

    private static Schema schema(String small, String large, String whole) {
        return new Schema.Parser().parse("""
                {"type": "record", "name": "Numbers", "fields": [
                  {"name": "small", "type": "%s"},
                  {"name": "large", "type": "%s"},
                  {"name": "whole", "type": %s, "default": null}]}
                """.formatted(small, large, whole));
    }
}
