package io.kappamesh.csv;

import io.kappamesh.Internal;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.mapping.AvroValues;
import io.kappamesh.mapping.MisfitException;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * One line of CSV (RFC 4180) per value, without a header, read by the schema of the port's class:
 *
 * <ul>
 *   <li>Columns are declared, by {@linkplain #columns(String...) their names in order} or {@linkplain #column by position}. Without a
 *       declaration they are the fields of the schema in its order. A column holds a single value: no record, array or map.
 *   <li>A line with more or fewer columns is rejected, unless {@link #droppingExtraColumns} or {@link #fillingMissingColumns} says
 *       otherwise: it is more often a delimiter that somebody forgot to quote.
 *   <li>An empty column is a missing field: it has its default; without one it is null, if null is allowed; else it is the empty text, if it
 *       is text; else the record is rejected. A quoted empty column ({@code ""}) is the empty text where the field is text.
 *   <li>Numbers, decimals, bytes and enums are as in {@link JsonFormat}; {@code true} and {@code false} are in lower case.
 *   <li>Timestamps are ISO-8601 text with an offset, or as {@link #epoch}, {@link #timestamps} or {@link #sqlTimestamps} says. Dates are ISO-8601 text, or as
 *       {@link #epochDays} or {@link #dates} says.
 *   <li>A quote within a quoted column is doubled. Quoted columns may hold line breaks.
 * </ul>
 *
 * A line end behind the line, and a byte order mark before it, are skipped. Bytes that are not in the charset are rejected. Immutable and
 * thread-safe.
 */
public final class CsvFormat implements ValueFormat {
    private final CsvDialect dialect;
    private final CsvColumns columns;
    private final CsvTimes times;

    private CsvFormat(CsvDialect dialect, CsvColumns columns, CsvTimes times) {
        this.dialect = dialect;
        this.columns = columns;
        this.times = times;
    }

    /** Columns between commas, in quotation marks where they hold one of these; UTF-8. */
    public static CsvFormat csv() {
        return new CsvFormat(CsvDialect.RFC_4180, CsvColumns.OF_SCHEMA, CsvTimes.ISO);
    }

    /**
     * The columns of every line, in their order.
     *
     * @param fields names or aliases of fields of the schema; the empty text for a column that is not read
     */
    public CsvFormat columns(String... fields) {
        return new CsvFormat(dialect, columns.named(List.of(fields)), times);
    }

    /**
     * Reads one more column, of lines of which only some are of interest. What the others hold, and how many follow, does not matter.
     *
     * @param position counted from 1
     * @param field name or alias of a field of the schema
     */
    public CsvFormat column(int position, String field) {
        return new CsvFormat(dialect, columns.with(position, field), times);
    }

    /** Drops what a line has behind the last declared column, instead of rejecting the record. */
    public CsvFormat droppingExtraColumns() {
        return new CsvFormat(dialect, columns.withExtraDropped(), times);
    }

    /** Takes columns that a line lacks at its end for empty ones, instead of rejecting the record. */
    public CsvFormat fillingMissingColumns() {
        return new CsvFormat(dialect, columns.withMissingFilled(), times);
    }

    /** What stands between columns; a comma by default. */
    public CsvFormat delimiter(char delimiter) {
        return new CsvFormat(dialect.withDelimiter(delimiter), columns, times);
    }

    /** What stands around columns that hold a delimiter; a quotation mark by default. */
    public CsvFormat quote(char quote) {
        return new CsvFormat(dialect.withQuote(Optional.of(quote)), columns, times);
    }

    /** Columns are never quoted: a quotation mark is a character like any other. */
    public CsvFormat withoutQuotes() {
        return new CsvFormat(dialect.withQuote(Optional.empty()), columns, times);
    }

    /** What makes the character behind it an ordinary one, such as a backslash; none by default. */
    public CsvFormat escape(char escape) {
        return new CsvFormat(dialect.withEscape(escape), columns, times);
    }

    /** How characters are written; UTF-8 by default. */
    public CsvFormat charset(Charset charset) {
        return new CsvFormat(dialect.withCharset(charset), columns, times);
    }

    /** What stands for a missing value besides an empty column, such as {@code \N} or {@code NULL}, quoted or not. */
    public CsvFormat nullText(String text) {
        return new CsvFormat(dialect.withNullText(text), columns, times);
    }

    /** Numbers have a comma in place of the point: {@code 12,50}. */
    public CsvFormat decimalComma() {
        return new CsvFormat(dialect.withDecimalComma(), columns, times);
    }

    /**
     * Timestamps may be whole numbers too: so many of this unit since the epoch.
     *
     * @param unit seconds, milliseconds or microseconds
     * @throws DeclarationException for another unit
     */
    public CsvFormat epoch(ChronoUnit unit) {
        if (unit != ChronoUnit.SECONDS && unit != ChronoUnit.MILLIS && unit != ChronoUnit.MICROS) {
            throw new DeclarationException(
                    List.of("CSV format: timestamps are counted in SECONDS, MILLIS or MICROS, not in " + unit.name()));
        }
        return new CsvFormat(dialect, columns, times.withEpoch(unit));
    }

    /** Dates may be whole numbers too: days since the epoch. */
    public CsvFormat epochDays() {
        return new CsvFormat(dialect, columns, times.withEpochDays());
    }

    /**
     * Timestamps are text of this pattern. A time that the zone skips when its clocks go forward is rejected; one that it has twice is the
     * first of the two.
     *
     * @param pattern of {@link java.time.format.DateTimeFormatter}, such as {@code dd.MM.yyyy HH:mm:ss}
     * @param zone of the times, unless the pattern has an offset
     * @throws DeclarationException when it is no pattern
     */
    public CsvFormat timestamps(String pattern, ZoneId zone) {
        return new CsvFormat(dialect, columns, times.withTimestamps(new TimePattern(pattern, zone)));
    }

    /**
     * Timestamps are text as databases write it, such as {@code 2026-03-01 10:00:00.5+01}, with any fraction of a second or none, and with an
     * offset or without: so do DuckDB, PostgreSQL and pandas. A time that the zone skips is rejected; one that it has twice is the first of the two.
     *
     * @param zone of the times without an offset
     */
    public CsvFormat sqlTimestamps(ZoneId zone) {
        return new CsvFormat(dialect, columns, times.withTimestamps(TimePattern.sql(zone)));
    }

    /**
     * Dates are text of this pattern.
     *
     * @param pattern of {@link java.time.format.DateTimeFormatter}, such as {@code dd.MM.yyyy}
     * @throws DeclarationException when it is no pattern
     */
    public CsvFormat dates(String pattern) {
        return new CsvFormat(dialect, columns, times.withDates(new TimePattern(pattern, ZoneOffset.UTC)));
    }

    /** How lines are written. */
    @Internal
    public CsvDialect dialect() {
        return dialect;
    }

    /** Whether it says itself which columns lines have. */
    @Internal
    public boolean hasColumns() {
        return !columns.fields().isEmpty();
    }

    /**
     * The columns that a line names.
     *
     * @throws MisfitException when it is no line of this format
     */
    @Internal
    public List<String> names(byte[] line) throws MisfitException {
        return CsvHeader.names(dialect, line);
    }

    @Override
    public boolean checksValues() {
        return true;
    }

    @Override
    public <V extends IndexedRecord> Decoder<V> decoder(Class<V> type, Schema schema) {
        CsvReader reader = new CsvReader(schema, dialect, columns, times);
        AvroValues<V> values = new AvroValues<>(type, schema);
        return bytes -> {
            try {
                return values.of(reader.record(bytes));
            } catch (MisfitException misfit) {
                return Result.rejected(misfit.reason());
            }
        };
    }

    @Override
    public <V extends IndexedRecord> Optional<Encoder<V>> encoder(Class<V> type, Schema schema) {
        CsvWriter writer = new CsvWriter(schema, dialect, columns, times);
        AvroValues<V> values = new AvroValues<>(type, schema);
        return Optional.of(value -> writer.write(values.plain(value)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CsvFormat format
                && dialect.equals(format.dialect)
                && columns.equals(format.columns)
                && times.equals(format.times);
    }

    @Override
    public int hashCode() {
        return Objects.hash(dialect, columns, times);
    }
}
