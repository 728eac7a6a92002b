package io.kappamesh.csv;

import io.kappamesh.mapping.ScalarTexts;
import io.kappamesh.mapping.TimestampType;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.StringJoiner;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Records in Avro's own types as the lines that {@link CsvReader} reads. For tests. Immutable and thread-safe. */
final class CsvWriter {
    private final Schema schema;
    private final CsvDialect dialect;
    private final CsvColumns columns;
    private final CsvTimes times;
    private final ScalarTexts scalars;

    CsvWriter(Schema schema, CsvDialect dialect, CsvColumns columns, CsvTimes times) {
        this.schema = schema;
        this.dialect = dialect;
        this.columns = columns.of(schema);
        this.times = times;
        this.scalars = new ScalarTexts(times.timestamps().isPresent() ? Optional.empty() : times.epoch());
    }

    byte[] write(IndexedRecord record) {
        StringJoiner line = new StringJoiner(String.valueOf(dialect.delimiter()));
        for (int position = 1; position <= columns.last(); position++) {
            Optional<Schema.Field> field =
                    CsvReader.field(schema, columns.fields().getOrDefault(position, ""));
            line.add(field.map(known -> column(known.schema(), record.get(known.pos())))
                    .orElse(""));
        }
        return line.toString().getBytes(dialect.charset());
    }

    private String column(Schema declared, @Nullable Object value) {
        if (value == null) {
            return "";
        }
        Schema type = CsvReader.single(declared).orElseThrow();
        return quoted(text(type, scalars.of(type, value)));
    }

    private String text(Schema type, Object value) {
        if (type.getLogicalType() instanceof LogicalTypes.Date && times.dates().isPresent()) {
            return times.dates().get().text(LocalDate.parse(value.toString()));
        }
        if (TimestampType.isInstant(type) && times.timestamps().isPresent()) {
            return times.timestamps().get().text(Instant.parse(value.toString()));
        }
        boolean isNumber = type.getLogicalType() instanceof LogicalTypes.Decimal
                || value instanceof Float
                || value instanceof Double;
        return dialect.decimalComma() && isNumber ? value.toString().replace('.', ',') : value.toString();
    }

    /** The empty text too: an empty column is a missing value. */
    private String quoted(String text) {
        if (dialect.quote().isEmpty()) {
            return text;
        }
        String quote = dialect.quote().get().toString();
        boolean isPlain = !text.isEmpty()
                && text.chars()
                        .noneMatch(one -> one == dialect.delimiter()
                                || one == '\r'
                                || one == '\n'
                                || one == quote.charAt(0)
                                || dialect.escape()
                                        .filter(escape -> escape == one)
                                        .isPresent());
        if (isPlain) {
            return text;
        }
        String escaped = dialect.escape().isPresent()
                ? text.replace(
                        dialect.escape().get().toString(),
                        dialect.escape().get().toString().repeat(2))
                : text;
        return quote + escaped.replace(quote, quote + quote) + quote;
    }
}
