package io.kappamesh.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.LifecycleException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.json.JsonFormat;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveFormatTest {
    private static final String CSV = """
            at,other,sale_id,amount
            2026-01-01T00:00:00Z,x,s1,1.50
            2026-01-02T00:00:00Z,x,s2,2
            2026-01-03T00:00:00Z,x,s3,3.25
            """;

    @TempDir
    Path directory;

    @Test
    void columnsOfCsvGoByTheNamesInTheFirstLine() {
        assertThat(read("sales.csv", CSV)).containsExactly("s1 1.50", "s2 2.00", "s3 3.25");
    }

    @Test
    void byteOrderMarkCarriageReturnsAndBlankLinesAreNoRows() {
        assertThat(read("sales.csv", "\uFEFF" + CSV.replace("\n", "\r\n") + "\r\n  \r\n"))
                .containsExactly("s1 1.50", "s2 2.00", "s3 3.25");
    }

    /** Otherwise the whole file would be its first line, and have no rows. */
    @Test
    void linesThatEndWithCarriageReturnsAloneAreRefused() {
        assertThatThrownBy(() -> read("sales.csv", CSV.replace("\n", "\r")))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("sales.csv: its first line, which names the columns, goes on behind its end");
    }

    @Test
    void blankLinesInFrontOfTheNamesOfColumnsAreNone() {
        assertThat(read("sales.csv", "\r\n  \n" + CSV)).containsExactly("s1 1.50", "s2 2.00", "s3 3.25");
    }

    @Test
    void gzipAndZstdAreSeenByTheirBytes() throws Exception {
        assertThat(read("sales.csv", Sale.gzip(CSV))).hasSize(3);
        assertThat(read("sales.csv.zst", Zstd.compress(CSV.getBytes(StandardCharsets.UTF_8))))
                .hasSize(3);
    }

    @Test
    void gzipOfSeveralMembersIsReadToItsEnd() throws Exception {
        byte[] one = Sale.gzip(CSV);
        byte[] two = Sale.gzip("2026-01-04T00:00:00Z,x,s4,4\n");
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);

        assertThat(read("sales.csv.gz", both)).hasSize(4);
    }

    /** Java's own reader takes such a file for whole, and drops the rest. */
    @Test
    void whateverStandsBehindAGzipMemberAndIsNoneIsAnError() throws Exception {
        byte[] one = Sale.gzip(CSV);
        byte[] two = Sale.gzip("2026-01-04T00:00:00Z,x,s4,4\n".repeat(100));
        for (int damaged = 0; damaged < 4; damaged++) {
            byte[] both = Arrays.copyOf(one, one.length + two.length);
            System.arraycopy(two, 0, both, one.length, two.length);
            both[one.length + damaged] = (byte) 0xee;
            assertThatThrownBy(() -> drain("cut.csv.gz", both))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContaining("the file is damaged");
        }
        for (int more = 1; more < 40; more++) {
            byte[] behind = Arrays.copyOf(one, one.length + more);
            drain("padded.csv.gz", behind);
            behind[behind.length - 1] = 'x';
            assertThatThrownBy(() -> drain("cut.csv.gz", behind))
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageMatching("(?s).*(the file is damaged|breaks off).*");
        }
    }

    @Test
    void packedFileThatBreaksOffIsAnErrorWhereverItDoes() throws Exception {
        String rows = CSV + "2026-01-04T00:00:00Z,x,s4,4\n".repeat(2_000);
        byte[] gzip = Sale.gzip(rows);
        byte[] zstd = Zstd.compress(rows.getBytes(StandardCharsets.UTF_8));
        for (byte[] whole : List.of(gzip, zstd)) {
            for (int cut = 5; cut < whole.length; cut += Math.max(1, whole.length / 60)) {
                byte[] part = Arrays.copyOf(whole, cut);
                assertThatThrownBy(() -> drain("cut.csv.gz", part))
                        .as("%d of %d bytes", cut, whole.length)
                        .isInstanceOf(LifecycleException.class)
                        .hasMessageMatching("(?s).*cut.csv.gz: .*copy (it|the file) again");
            }
        }
    }

    @Test
    void missingColumnIsNamedBeforeAnyRow() {
        assertThatThrownBy(() -> read("sales.csv", CSV.replace("amount", "sum")))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("sales.csv: column amount is missing")
                .hasMessageContaining("of the 4 columns that the first line names, these are fields: [at, saleId]");
    }

    @Test
    void columnOfAnotherNameFillsTheFieldThatIsSaid() {
        ArchiveFormat format = ArchiveFormat.csv(CsvFormat.csv()).column("sum", "amount");

        assertThat(read(format, "sales.csv", bytes(CSV.replace("amount", "sum"))))
                .containsExactly("s1 1.50", "s2 2.00", "s3 3.25");
    }

    @Test
    void columnsThatAreDeclaredNeedNoFirstLine() {
        CsvFormat lines = CsvFormat.csv().columns("at", "", "saleId", "amount");
        String rows = CSV.substring(CSV.indexOf('\n') + 1);

        assertThat(read(ArchiveFormat.csv(lines), "sales.csv", bytes(rows))).hasSize(3);
        assertThat(read(ArchiveFormat.csv(lines).skippingHeader(), "sales.csv", bytes(CSV)))
                .hasSize(3);
    }

    @Test
    void rowsInAnotherEncodingOrWithTooManyDigitsAreRefusedOneByOne() throws Exception {
        byte[] latin = (CSV + "2026-01-04T00:00:00Z,x,M\u00fcller,4\n2026-01-05T00:00:00Z,x,s5,1.005\n"
                        + "2026-01-06T00:00:00Z,x,s6,123456.00\n2026-01-07T00:00:00Z,x,s7,7\n")
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThat(read("sales.csv", latin))
                .hasSize(7)
                .element(3)
                .asString()
                .startsWith("refused")
                .contains("UTF-8");
        assertThat(read("sales.csv", latin).subList(4, 6)).allMatch(row -> row.startsWith("refused: field amount"));
        assertThat(read("sales.csv", latin)).last().isEqualTo("s7 7.00");
        assertThat(read(ArchiveFormat.csv(CsvFormat.csv().charset(StandardCharsets.ISO_8859_1)), "sales.csv", latin))
                .contains("M\u00fcller 4.00");
    }

    @Test
    void otherEncodingsAreRefusedInWords() {
        assertThatThrownBy(() -> read("sales.csv", CSV.getBytes(StandardCharsets.UTF_16)))
                .hasMessageContaining("UTF-16");
        assertThatThrownBy(() -> ArchiveFormat.csv(CsvFormat.csv().charset(StandardCharsets.UTF_16)))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("rows cannot be told apart");
        assertThatThrownBy(() -> read("sales.csv", new byte[] {'P', 'K', 3, 4, 0, 0}))
                .hasMessageContaining("ZIP");
    }

    @Test
    void emptyFilesHaveNoRows() throws Exception {
        assertThat(read("sales.csv", "")).isEmpty();
        assertThat(read("sales.csv", "at,sale_id,amount\n")).isEmpty();
        assertThat(read("sales.jsonl", "")).isEmpty();
        assertThat(read("sales.csv.gz", Sale.gzip(""))).isEmpty();
        assertThat(read("sales.avro", Sale.container(Sale.FOREIGN, List.of(), CodecFactory.nullCodec())))
                .isEmpty();
    }

    @Test
    void jsonLinesGoByNamesAndAliases() {
        String rows = """
                {"sale_id":"s1","amount":"1.5","at":"2026-01-01T00:00:00Z"}\r

                {"saleId":"s2","amount":2,"at":"2026-01-01T00:00:00Z","more":[]}
                {"saleId":"s3","amount":2
                {}""";

        assertThat(read("sales.jsonl", rows))
                .hasSize(4)
                .startsWith("s1 1.50", "s2 2.00")
                .allMatch(row -> row.startsWith("s") || row.startsWith("refused"));
        assertThatThrownBy(() -> read("sales.json", "\n [" + rows + "]")).hasMessageContaining("one JSON array");
    }

    @Test
    void linesOfAFormatOfYourOwn() {
        ValueFormat pipes = ValueFormat.of(
                GenericRecord.class,
                line -> ValueFormat.Result.rejected(
                        new String(line, StandardCharsets.UTF_8).contains("|") ? "has pipes" : "has none"));

        assertThat(read(ArchiveFormat.lines(pipes), "sales.txt", bytes("a|b\nc\n")))
                .containsExactly("refused: has pipes", "refused: has none");
    }

    @Test
    void avroOfAnotherSchemaGoesByNamesAndConvertsExactly() throws Exception {
        List<GenericRecord> rows = List.of(
                Sale.foreign("s1", 1_000, 15_000),
                Sale.foreign("s2", 2_000, 10_050),
                Sale.foreign("s3", 3_000, 32_500));

        assertThat(read("sales.avro", Sale.container(Sale.FOREIGN, rows, CodecFactory.deflateCodec(6))))
                .startsWith("s1 1.50")
                .endsWith("s3 3.25")
                .element(1)
                .asString()
                .startsWith("refused: field amount");
    }

    @Test
    void avroThatLacksAColumnOrBreaksOffIsAnError() throws Exception {
        byte[] other = Sale.container(dates(), List.of(), CodecFactory.nullCodec());
        assertThatThrownBy(() -> read("sales.avro", other))
                .hasMessageContaining("column saleId is missing")
                .hasMessageContaining("column amount is missing");
        byte[] whole = Sale.container(Sale.FOREIGN, foreign(100), CodecFactory.snappyCodec());
        for (int cut = 1; cut < whole.length; cut += 13) {
            byte[] part = Arrays.copyOf(whole, cut);
            if (isWholeAt(part)) {
                continue;
            }
            assertThatThrownBy(() -> drain("sales.avro", part))
                    .as("%d of %d bytes", cut, whole.length)
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContaining("no whole Avro container file");
        }
    }

    @Test
    void rowsOfAvroInFrontOfWhatIsDamagedComeFirst() throws Exception {
        int count = 1_500;
        byte[] content = Sale.container(Sale.FOREIGN, foreign(count), CodecFactory.nullCodec());
        Arrays.fill(content, content.length - 60, content.length - 20, (byte) 0xff);
        ArchiveFile file = ArchiveFile.of(Sale.write(directory.resolve("sales.avro"), content));
        List<RowPosition> ends = new ArrayList<>();

        assertThatThrownBy(() -> read(ArchiveFormat.avro(), file, RowPosition.BEGINNING, ends))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("behind row " + ends.size() + " it is no whole Avro container file");

        assertThat(ends).hasSizeBetween(count - 8, count - 1);
    }

    @Test
    void rowsOfAvroComeInTheirOrder() throws Exception {
        int count = 1_500;

        assertThat(read("sales.avro", Sale.container(Sale.FOREIGN, foreign(count), CodecFactory.nullCodec())))
                .isEqualTo(IntStream.range(0, count)
                        .mapToObj(row -> "s" + row + " " + BigDecimal.valueOf(row, 2))
                        .toList());
    }

    /** Where a file is cut behind a block it is a whole file with fewer rows; nobody can tell. */
    private boolean isWholeAt(byte[] part) {
        try {
            drain("whole.avro", part);
            return part.length > 100 && read("whole.avro", part).size() % 7 == 0;
        } catch (LifecycleException broken) {
            return false;
        }
    }

    @Test
    void readingGoesOnBehindAnyRow() throws Exception {
        String quoted = """
                sale_id,amount,at,note
                s1,1,2026-01-01T00:00:00Z,"two
                lines"

                s2,x,2026-01-01T00:00:00Z,
                s3,3,2026-01-01T00:00:00Z,"open
                s4,4,2026-01-01T00:00:00Z,""";
        goesOn("sales.csv", ("\uFEFF" + quoted).getBytes(StandardCharsets.UTF_8));
        goesOn("sales.csv.gz", Sale.gzip(quoted));
        goesOn("sales.jsonl", bytes("{}\n\n[]\n{\"a\":1}"));
        goesOn("sales.avro", Sale.container(Sale.FOREIGN, foreign(30), CodecFactory.zstandardCodec(3)));
    }

    private void goesOn(String name, byte[] content) {
        ArchiveFile file = ArchiveFile.of(Sale.write(directory.resolve(name), content));
        List<RowPosition> ends = new ArrayList<>();
        List<String> whole = read(ArchiveFormat.ofName(name).orElseThrow(), file, RowPosition.BEGINNING, ends);
        assertThat(whole).isNotEmpty();
        for (int row = 0; row < whole.size(); row++) {
            assertThat(read(ArchiveFormat.ofName(name).orElseThrow(), file, ends.get(row), new ArrayList<>()))
                    .isEqualTo(whole.subList(row + 1, whole.size()));
        }
    }

    @Test
    void whatIsDeclaredWronglyIsSaidAtOnce() {
        assertThatThrownBy(() -> ArchiveFormat.jsonLines(JsonFormat.json())
                        .column("a", "saleId")
                        .column("b", "saleId")
                        .column("c", "nothing")
                        .skippingHeader()
                        .requireFor(GenericRecord.class, Sale.SCHEMA))
                .isInstanceOf(DeclarationException.class)
                .hasMessageContaining("two columns are said to fill field saleId")
                .hasMessageContaining("has no field nothing")
                .hasMessageContaining("a header is skipped");
    }

    private static org.apache.avro.Schema dates() {
        return org.apache.avro.SchemaBuilder.record("dates")
                .fields()
                .requiredLong("at")
                .endRecord();
    }

    private static List<GenericRecord> foreign(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(row -> Sale.foreign("s" + row, 1_000L * row, 100L * row))
                .toList();
    }

    private void drain(String name, byte[] content) {
        ArchiveFile file = ArchiveFile.of(Sale.write(directory.resolve(name), content));
        try (ArchiveRows<GenericRecord> rows = ArchiveFormat.ofName(name)
                .orElseThrow()
                .open(file, GenericRecord.class, Sale.SCHEMA, RowPosition.BEGINNING)) {
            rows.drain();
        }
    }

    private List<String> read(String name, String content) {
        return read(name, bytes(content));
    }

    private List<String> read(String name, byte[] content) {
        return read(ArchiveFormat.ofName(name).orElseThrow(), name, content);
    }

    private List<String> read(ArchiveFormat format, String name, byte[] content) {
        ArchiveFile file = ArchiveFile.of(Sale.write(directory.resolve(name), content));
        return read(format, file, RowPosition.BEGINNING, new ArrayList<>());
    }

    private static List<String> read(ArchiveFormat format, ArchiveFile file, RowPosition from, List<RowPosition> ends) {
        List<String> read = new ArrayList<>();
        try (ArchiveRows<GenericRecord> rows = format.open(file, GenericRecord.class, Sale.SCHEMA, from)) {
            long number = from.rows();
            for (ArchiveRow<GenericRecord> row = rows.next(); row != null; row = rows.next()) {
                assertThat(row.number()).isEqualTo(++number);
                ends.add(row.end());
                read.add(
                        row.result() instanceof ValueFormat.Value<GenericRecord> value
                                ? value.value().get("saleId") + " "
                                        + value.value().get("amount")
                                : "refused: " + ((ValueFormat.Rejected<GenericRecord>) row.result()).reason());
            }
            assertThat(rows.digest()).isEqualTo(file.digest());
            assertThat(rows.bytesRead()).isEqualTo(file.bytes());
        }
        return read;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
