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
            .endRecord();
    private static final List<CsvDialect> DIALECTS = List.of(
            CsvDialect.RFC_4180,
            CsvDialect.RFC_4180.withDelimiter(';'),
            CsvDialect.RFC_4180.withDelimiter('\t'),
            CsvDialect.RFC_4180.withDelimiter('|').withEscape('\\'),
            CsvDialect.RFC_4180.withQuote(Optional.empty()),
            CsvDialect.RFC_4180.withCharset(StandardCharsets.ISO_8859_1),
            CsvDialect.RFC_4180.withCharset(StandardCharsets.UTF_16BE),
            CsvDialect.RFC_4180.withDelimiter(' '),
            CsvDialect.RFC_4180.withNullText("-"));
    private static final String CHARACTERS = ",,,;|\t  \"\\-#1239a.'\r\n\u0000\u007fé";
    private static final int LINES = 20_000;

    @Test
    void linesMeanTheSameWithAndWithoutTheParser() {
        Random random = new Random(1);
        int plain = 0;
        for (CsvDialect dialect : DIALECTS) {
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
        }
        assertThat(plain).isGreaterThan(DIALECTS.size() * LINES / 10);
    }

    private static String line(Random random, char delimiter) {
        StringBuilder line = new StringBuilder();
        int columns = 1 + random.nextInt(4);
        for (int column = 0; column < columns; column++) {
            line.append(column == 0 ? "" : String.valueOf(delimiter));
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
