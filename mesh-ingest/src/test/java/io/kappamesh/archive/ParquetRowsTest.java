package io.kappamesh.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.format.ValueFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.NanoTime;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

class ParquetRowsTest {
    /** As programs write them that know nothing of Avro: decimals are whole numbers, or bytes. */
    private static final MessageType TYPE = MessageTypeParser.parseMessageType("""
            message rows {
              required double unused;
              required binary sale_id (STRING);
              required int64 amount (DECIMAL(18,4));
              required int64 at (TIMESTAMP(MICROS,true));
              optional binary note (STRING);
            }
            """);

    private static final NanoTime NANOSECOND = new NanoTime(2_440_588, 1);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "GZIP", "SNAPPY", "ZSTD"})
    void rowsOfAllCodecsAreRead(CompressionCodecName codec) throws Exception {
        Path file = write(codec, TYPE, 2_000);

        List<String> rows = read(file, RowPosition.BEGINNING);

        assertThat(rows)
                .isEqualTo(IntStream.range(0, 2_000)
                        .mapToObj(row -> "s" + row + " " + BigDecimal.valueOf(row + 1, 2) + " "
                                + Instant.ofEpochSecond(row) + (row % 2 == 1 ? " odd" : " null"))
                        .toList());
        for (int from : new int[] {1, 777, 1_999, 2_000}) {
            assertThat(read(file, new RowPosition(from, -1))).isEqualTo(rows.subList(from, rows.size()));
        }
    }

    @Test
    void decimalsThatAreBytesOrSmallAreReadAndTooManyDigitsAreRefused() throws Exception {
        assertThat(read(
                        write(
                                CompressionCodecName.UNCOMPRESSED,
                                MessageTypeParser.parseMessageType(TYPE.toString()
                                        .replace("int64 amount (DECIMAL(18,4))", "int32 amount (DECIMAL(9,4))")),
                                3),
                        RowPosition.BEGINNING))
                .startsWith("s0 0.01 1970-01-01T00:00:00Z null");
        Path file = directory.resolve("bytes.parquet");
        MessageType type = MessageTypeParser.parseMessageType(
                TYPE.toString().replace("int64 amount (DECIMAL(18,4))", "binary amount (DECIMAL(30,4))"));
        try (ParquetWriter<Group> out = writer(file, CompressionCodecName.UNCOMPRESSED, type)) {
            for (byte[] unscaled : List.of(new byte[] {0, 100}, new byte[] {0, 101})) {
                out.write(group(type, 1).append("amount", Binary.fromConstantByteArray(unscaled)));
            }
        }

        assertThat(read(file, RowPosition.BEGINNING))
                .startsWith("s1 0.01 1970-01-01T00:00:01Z odd")
                .element(1)
                .asString()
                .startsWith("refused: field amount")
                .contains("{\"sale_id\": \"s1\"");
    }

    /** As Spark writes timestamps by default: nanoseconds of the day and a Julian day. */
    @Test
    void timesOf96BitsAreReadToTheMicrosecond() throws Exception {
        Path file = directory.resolve("spark.parquet");
        MessageType type = MessageTypeParser.parseMessageType(
                TYPE.toString().replace("required int64 at (TIMESTAMP(MICROS,true))", "optional int96 at"));
        try (ParquetWriter<Group> out = writer(file, CompressionCodecName.SNAPPY, type)) {
            for (NanoTime time : List.of(
                    new NanoTime(2_440_588, 0),
                    new NanoTime(2_440_588 + 20_513, 43_200_250_000_000L),
                    new NanoTime(2_440_588 - 25_567, 1_000_000_000L),
                    new NanoTime(2_440_588, 1_000),
                    NANOSECOND)) {
                out.write(new SimpleGroup(type)
                        .append("unused", 1.0)
                        .append("sale_id", "s")
                        .append("amount", 10_000L)
                        .append("at", time));
            }
        }

        List<String> rows = read(file, RowPosition.BEGINNING);

        assertThat(rows.subList(0, 3))
                .containsExactly(
                        "s 1.00 1970-01-01T00:00:00Z null",
                        "s 1.00 2026-03-01T12:00:00.250Z null",
                        "s 1.00 1900-01-01T00:00:01Z null");
        assertThat(rows.get(3))
                .as("the port has milliseconds")
                .startsWith("refused: field at is a number that its type cannot hold exactly");
        assertThat(rows.get(4)).startsWith("refused: field at is a time of nanoseconds");
    }

    @Test
    void columnsThatNobodyReadsMayHoldWhatCannotBeRead() throws Exception {
        Path file = directory.resolve("unread.parquet");
        MessageType type = MessageTypeParser.parseMessageType("""
                message rows {
                  optional int96 seen;
                  required binary sale_id (STRING);
                  required int64 amount (DECIMAL(18,4));
                  required int64 at (TIMESTAMP(MICROS,true));
                  optional group events (LIST) {
                    repeated group list { optional group element { optional binary what (STRING); optional int96 ts; } }
                  }
                }
                """);
        try (ParquetWriter<Group> out = writer(file, CompressionCodecName.SNAPPY, type)) {
            Group row = new SimpleGroup(type)
                    .append("seen", NANOSECOND)
                    .append("sale_id", "s")
                    .append("amount", 10_000L)
                    .append("at", 0L);
            element(row, "events").append("what", "paid").append("ts", NANOSECOND);
            out.write(row);
        }

        assertThat(read(file, RowPosition.BEGINNING)).containsExactly("s 1.00 1970-01-01T00:00:00Z null");
    }

    /** Timestamps of 96 bits where Spark writes them: in records, lists and maps. */
    private static final MessageType NESTED = MessageTypeParser.parseMessageType("""
            message spark_schema {
              required binary id (STRING);
              optional group lines (LIST) {
                repeated group list { optional group element { optional binary part (STRING); optional int96 at; } }
              }
              optional group times (LIST) { repeated group list { optional int96 element; } }
              optional group shipped { optional binary by (STRING); optional int96 at; }
              optional group taxes (MAP) {
                repeated group key_value {
                  required binary key (STRING);
                  optional group value { optional int32 cents; optional int96 at; }
                }
              }
            }
            """);

    @Test
    void timesOf96BitsWithinRecordsAreReadWhereThePortHasThem() throws Exception {
        Path file = directory.resolve("nested.parquet");
        NanoTime noon = new NanoTime(2_440_588, 43_200_000_000_000L);
        try (ParquetWriter<Group> out = writer(file, CompressionCodecName.SNAPPY, NESTED)) {
            for (NanoTime time : List.of(noon, NANOSECOND)) {
                Group row = new SimpleGroup(NESTED).append("id", "o");
                element(row, "lines").append("part", "p").append("at", NANOSECOND);
                row.addGroup("times").addGroup("list").append("element", time);
                row.addGroup("shipped").append("by", "air").append("at", time);
                Group tax = row.addGroup("taxes").addGroup("key_value").append("key", "vat");
                tax.addGroup("value").append("cents", 7).append("at", time);
                out.write(row);
            }
        }

        assertThat(read(file, order("", "", "")))
                .containsExactly(
                        "{\"id\": \"o\", \"lines\": [{\"part\": \"p\"}], \"shipped\": {\"by\": \"air\"}, \"taxes\": {\"vat\": {\"cents\": 7}}}",
                        "{\"id\": \"o\", \"lines\": [{\"part\": \"p\"}], \"shipped\": {\"by\": \"air\"}, \"taxes\": {\"vat\": {\"cents\": 7}}}");
        List<String> read = read(file, order("", TIME, ", " + TIMES));
        assertThat(read.get(0).split("1970-01-01T12:00:00Z", -1))
                .as("a record, a map and a list: %s", read.get(0))
                .hasSize(1 + 3);
        assertThat(read.get(1)).contains("is a time of nanoseconds");
        assertThatThrownBy(() -> read(file, order(TIME, "", "")))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining(
                        "nested.parquet: column lines[].at has timestamps of 96 bits (INT96) within a list of records")
                .hasMessageContaining("spark.sql.parquet.outputTimestampType=TIMESTAMP_MICROS");
    }

    private static final String TIME =
            ", {\"name\": \"at\", \"type\": [\"null\", {\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}]}";
    private static final String TIMES =
            "{\"name\": \"times\", \"type\": {\"type\": \"array\", \"items\": {\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}}}";

    /** What a port reads: more fields of a line, of what was shipped and of a tax, and more fields of an order. */
    private static Schema order(String ofLine, String ofOthers, String more) {
        return new Schema.Parser().parse("""
                {"type": "record", "name": "Order", "fields": [
                  {"name": "id", "type": "string"},
                  {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "Line", "fields": [
                    {"name": "part", "type": ["null", "string"]}%s]}}},
                  {"name": "shipped", "type": ["null", {"type": "record", "name": "Shipped", "fields": [
                    {"name": "by", "type": "string"}%s]}]},
                  {"name": "taxes", "type": {"type": "map", "values": {"type": "record", "name": "Tax", "fields": [
                    {"name": "cents", "type": "int"}%s]}}}%s]}
                """.formatted(ofLine, ofOthers, ofOthers, more));
    }

    /** The first element of a list of records. */
    private static Group element(Group row, String list) {
        return row.addGroup(list).addGroup("list").addGroup("element");
    }

    private static List<String> read(Path file, Schema schema) {
        List<String> read = new ArrayList<>();
        try (ArchiveRows<GenericRecord> rows = ArchiveFormat.parquet()
                .open(ArchiveFile.of(file), GenericRecord.class, schema, RowPosition.BEGINNING)) {
            for (ArchiveRow<GenericRecord> row = rows.next(); row != null; row = rows.next()) {
                read.add(
                        row.result() instanceof ValueFormat.Value<GenericRecord> value
                                ? value.value().toString()
                                : ((ValueFormat.Rejected<GenericRecord>) row.result()).reason());
            }
        }
        return read;
    }

    @Test
    void fileThatBreaksOffOrLacksAColumnIsAnError() throws Exception {
        byte[] whole = Files.readAllBytes(write(CompressionCodecName.ZSTD, TYPE, 500));
        for (int cut : new int[] {3, 50, whole.length / 2, whole.length - 1}) {
            Path part = Sale.write(directory.resolve("cut.parquet"), Arrays.copyOf(whole, cut));
            assertThatThrownBy(() -> read(part, RowPosition.BEGINNING))
                    .as("%d of %d bytes", cut, whole.length)
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContaining("no whole Parquet file");
        }
        Path other = directory.resolve("other.parquet");
        MessageType type =
                MessageTypeParser.parseMessageType("message rows { required int64 at (TIMESTAMP(MICROS,true)); }");
        try (ParquetWriter<Group> out = writer(other, CompressionCodecName.ZSTD, type)) {
            out.write(new SimpleGroup(type).append("at", 1L));
        }
        assertThatThrownBy(() -> read(other, RowPosition.BEGINNING))
                .hasMessageContaining("column saleId is missing")
                .hasMessageContaining("column amount is missing");
    }

    @Test
    void rowsInFrontOfWhatIsDamagedComeFirst() throws Exception {
        Path whole = write(CompressionCodecName.ZSTD, TYPE, 2_000);
        byte[] content = Files.readAllBytes(whole);
        List<BlockMetaData> groups;
        try (ParquetFileReader footer = ParquetFileReader.open(
                new LocalInputFile(whole),
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
            groups = footer.getRowGroups();
        }
        BlockMetaData last = groups.get(groups.size() - 1);
        int page = (int) last.getColumns().get(1).getStartingPos();
        Arrays.fill(content, page, page + 30, (byte) 0xff);
        Path damaged = Sale.write(directory.resolve("damaged.parquet"), content);
        List<String> before = new ArrayList<>();

        assertThatThrownBy(() -> read(damaged, RowPosition.BEGINNING, before))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("behind row " + before.size() + " it is no whole Parquet file");

        assertThat(before).hasSize((int) (2_000 - last.getRowCount()));
    }

    @Test
    void fileWithoutRowsHasNone() throws Exception {
        assertThat(read(write(CompressionCodecName.ZSTD, TYPE, 0), RowPosition.BEGINNING))
                .isEmpty();
    }

    private Path write(CompressionCodecName codec, MessageType type, int rows) throws IOException {
        Path file = directory.resolve(codec + "-" + rows + "-" + type.hashCode() + ".parquet");
        try (ParquetWriter<Group> out = writer(file, codec, type)) {
            for (int row = 0; row < rows; row++) {
                Group group = group(type, row);
                out.write(
                        type.getType("amount")
                                        .asPrimitiveType()
                                        .getPrimitiveTypeName()
                                        .name()
                                        .equals("INT32")
                                ? group.append("amount", 100 * (row + 1))
                                : group.append("amount", 100L * (row + 1)));
            }
        }
        return file;
    }

    private static Group group(MessageType type, int row) {
        Group group = new SimpleGroup(type)
                .append("unused", 1.0)
                .append("sale_id", "s" + row)
                .append("at", row * 1_000_000L);
        return row % 2 == 1 ? group.append("note", "odd") : group;
    }

    private static ParquetWriter<Group> writer(Path file, CompressionCodecName codec, MessageType type)
            throws IOException {
        return ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(type)
                .withRowGroupSize(8L << 10)
                .withCompressionCodec(codec)
                .withCodecFactory(new Packing())
                .build();
    }

    private static List<String> read(Path path, RowPosition from) {
        List<String> read = new ArrayList<>();
        read(path, from, read);
        return read;
    }

    private static void read(Path path, RowPosition from, List<String> read) {
        ArchiveFile file = ArchiveFile.of(path);
        try (ArchiveRows<GenericRecord> rows =
                ArchiveFormat.parquet().open(file, GenericRecord.class, Sale.SCHEMA, from)) {
            long number = from.rows();
            for (ArchiveRow<GenericRecord> row = rows.next(); row != null; row = rows.next()) {
                assertThat(row.number()).isEqualTo(++number);
                read.add(
                        row.result() instanceof ValueFormat.Value<GenericRecord> value
                                ? value.value().get("saleId") + " "
                                        + value.value().get("amount") + " "
                                        + value.value().get("at") + " "
                                        + value.value().get("note")
                                : "refused: " + ((ValueFormat.Rejected<GenericRecord>) row.result()).reason() + " "
                                        + new String(row.bytes().get(), StandardCharsets.UTF_8));
            }
            assertThat(rows.digest()).isEqualTo(file.digest());
            assertThat(rows.bytesRead()).isEqualTo(file.bytes());
        }
    }

    /** What other programs pack with. */
    private static final class Packing implements CompressionCodecFactory {
        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            return new BytesInputCompressor() {
                @Override
                public BytesInput compress(BytesInput bytes) throws IOException {
                    ByteArrayOutputStream plain = new ByteArrayOutputStream();
                    bytes.writeAllTo(plain);
                    byte[] all = plain.toByteArray();
                    return switch (codec) {
                        case ZSTD -> BytesInput.from(com.github.luben.zstd.Zstd.compress(all));
                        case SNAPPY -> BytesInput.from(Snappy.compress(all));
                        case GZIP -> {
                            ByteArrayOutputStream packed = new ByteArrayOutputStream();
                            try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
                                out.write(all);
                            }
                            yield BytesInput.from(packed.toByteArray());
                        }
                        default -> BytesInput.from(all);
                    };
                }

                @Override
                public CompressionCodecName getCodecName() {
                    return codec;
                }

                @Override
                public void release() {}
            };
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            throw new UnsupportedOperationException("nothing is read");
        }

        @Override
        public void release() {}
    }
}
