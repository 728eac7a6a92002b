package io.kappamesh.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.kappamesh.mapping.MisfitException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** Lines that need no parser mean what they mean to the parser. */
class PlainLinesTest {
    private static final Schema SCHEMA = SchemaBuilder.record("Row")
            .fields()
            .requiredString("a")
            .optionalString("b")
            .requiredInt("c")
            .optionalDouble("d")
            .endRecord();
    private static final List<CsvDialect> DIALECTS = List.of(
            CsvDialect.RFC_4180,
            CsvDialect.RFC_4180.withDelimiter(';'),
            CsvDialect.RFC_4180.withDelimiter(';').withDecimalComma(),
            CsvDialect.RFC_4180.withDelimiter('\t'),
            CsvDialect.RFC_4180.withDelimiter('\u0001'),
            CsvDialect.RFC_4180.withDelimiter('|').withEscape('\\'),
            CsvDialect.RFC_4180.withQuote(Optional.empty()),
            CsvDialect.RFC_4180.withCharset(StandardCharsets.ISO_8859_1),
            CsvDialect.RFC_4180.withNullText("-"));
    private static final List<CsvDialect> NEVER_PLAIN = List.of(
            CsvDialect.RFC_4180.withCharset(StandardCharsets.UTF_16BE),
            CsvDialect.RFC_4180.withDelimiter(' '),
            CsvDialect.RFC_4180.withDelimiter('§'));
    private static final String CHARACTERS = ",,,;|\t  \"\\-#1239a.'\r\n\u0000\u0001\u007fé";
    private static final String MARK = "\uFEFF";
    /** Around what buffers of the parser hold. */
    private static final List<Integer> LONG = List.of(3_999, 4_000, 4_001, 7_999, 8_000, 8_001, 20_000);

    private static final int LINES = 20_000;

    @Test
    void linesMeanTheSameWithAndWithoutTheParser() {
        for (CsvDialect dialect : DIALECTS) {
            assertThat(plain(dialect)).as("plain lines in %s", dialect).isGreaterThan(LINES / 10);
        }
        for (CsvDialect dialect : NEVER_PLAIN) {
            assertThat(plain(dialect)).as("plain lines in %s", dialect).isZero();
        }
    }

    /** How many lines needed no parser; all of them mean the same with it. */
    private static int plain(CsvDialect dialect) {
        Random random = new Random(1);
        int plain = 0;
        CsvReader reader = new CsvReader(
                SCHEMA, dialect, CsvColumns.OF_SCHEMA.withExtraDropped().withMissingFilled(), CsvTimes.ISO);
        CsvReader strict = new CsvReader(SCHEMA, dialect, CsvColumns.OF_SCHEMA, CsvTimes.ISO);
        PlainLines lines = new PlainLines(dialect);
        for (int i = 0; i < LINES; i++) {
            byte[] line = line(random, dialect.delimiter()).getBytes(dialect.charset());
            plain += lines.has(line) ? 1 : 0;
            for (CsvReader one : List.of(reader, strict)) {
                assertThat(outcome(() -> one.record(line)))
                        .as("'%s' in %s", new String(line, dialect.charset()), dialect)
                        .isEqualTo(outcome(() -> one.parsed(line)));
            }
        }
        return plain;
    }

    private static String line(Random random, char delimiter) {
        StringBuilder line = new StringBuilder(random.nextInt(20) == 0 ? MARK : "");
        int columns = 1 + random.nextInt(5);
        for (int column = 0; column < columns; column++) {
            line.append(column == 0 ? "" : String.valueOf(delimiter));
            if (random.nextInt(400) == 0) {
                line.append("x".repeat(LONG.get(random.nextInt(LONG.size()))));
            }
            for (int left = random.nextInt(4); left > 0; left--) {
                line.append(random.nextInt(3) > 0 ? "17" : CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            }
        }
        return line.toString();
    }

    private interface Reading {
        Object read() throws MisfitException;
    }

    private static String outcome(Reading reading) {
        try {
            return String.valueOf(reading.read());
        } catch (MisfitException misfit) {
            return misfit.reason();
        }
    }
}
