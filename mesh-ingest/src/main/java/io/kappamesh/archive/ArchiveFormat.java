package io.kappamesh.archive;

import io.kappamesh.Internal;
import io.kappamesh.connect.AvroRows;
import io.kappamesh.csv.CsvDialect;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.file.Unpacked;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.json.JsonFormat;
import io.kappamesh.mapping.MisfitException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * How the files of an archive are written. A column fills the field of the port that has its name, or has its name as an alias, or that
 * {@link #column} names. Values are converted as the port's intake would convert them: exactly, or the row is refused. Each file may be packed with
 * gzip or zstd. Immutable and thread-safe.
 */
public final class ArchiveFormat {
    private static final byte[] PROBE = {'\r', '\n', ',', ';', '"', 'a', 'z', '0'};
    private static final int ASCII_END = 128;

    private enum Kind {
        CSV,
        JSON,
        LINES,
        AVRO,
        PARQUET
    }

    private final Kind kind;
    private final Optional<ValueFormat> lines;
    private final boolean skipsHeader;
    private final Map<String, String> columns;

    private ArchiveFormat(Kind kind, Optional<ValueFormat> lines, boolean skipsHeader, Map<String, String> columns) {
        this.kind = kind;
        this.lines = lines;
        this.skipsHeader = skipsHeader;
        this.columns = columns;
    }

    /**
     * CSV. The first line names the columns, unless the format declares them itself; then every line is a row.
     *
     * @throws DeclarationException when rows cannot be told apart in its charset
     */
    public static ArchiveFormat csv(CsvFormat lines) {
        List<String> problems = new ArrayList<>();
        CsvDialect dialect = lines.dialect();
        if (!hasLineEnds(dialect.charset())) {
            problems.add("CSV archive: rows cannot be told apart in " + dialect.charset()
                    + "; convert the files to UTF-8, or say another charset");
        }
        if (dialect.delimiter() >= ASCII_END
                || dialect.quote().filter(one -> one >= ASCII_END).isPresent()
                || dialect.escape().filter(one -> one >= ASCII_END).isPresent()) {
            problems.add("CSV archive: delimiter, quote and escape must be characters of ASCII");
        }
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
        return new ArchiveFormat(Kind.CSV, Optional.of(lines), false, Map.of());
    }

    private static boolean hasLineEnds(Charset charset) {
        return (charset.name().equals("UTF-8") || charset.newEncoder().maxBytesPerChar() == 1.0f)
                && Arrays.equals(
                        new String(PROBE, java.nio.charset.StandardCharsets.US_ASCII).getBytes(charset), PROBE);
    }

    /** One JSON object on each line. */
    public static ArchiveFormat jsonLines(JsonFormat lines) {
        return new ArchiveFormat(Kind.JSON, Optional.of(lines), false, Map.of());
    }

    /** Lines of a format of your own: a function from the bytes of a line to a value, or a reason why there is none. */
    public static ArchiveFormat lines(ValueFormat lines) {
        return new ArchiveFormat(Kind.LINES, Optional.of(lines), false, Map.of());
    }

    /** Avro container files. Their schema may be another than the port's. */
    public static ArchiveFormat avro() {
        return new ArchiveFormat(Kind.AVRO, Optional.empty(), false, Map.of());
    }

    /**
     * Parquet files, with pages that are packed with snappy, gzip, zstd or nothing. Of what a file has, only the columns are read that the port has. Needs {@code org.apache.parquet:parquet-avro} and {@code
     * org.apache.hadoop:hadoop-client-api} on the class path, which this module does not bring.
     */
    public static ArchiveFormat parquet() {
        return new ArchiveFormat(Kind.PARQUET, Optional.empty(), false, Map.of());
    }

    /**
     * The format that a file's name ends in, in front of {@code .gz}, {@code .gzip}, {@code .zst} or {@code .zstd}: {@code .csv}, {@code .tsv},
     * {@code .jsonl}, {@code .ndjson}, {@code .json}, {@code .avro} or {@code .parquet}; empty = none of them.
     */
    public static Optional<ArchiveFormat> ofName(String fileName) {
        String name = fileName.toLowerCase(java.util.Locale.ROOT).replaceAll("\\.(gz|gzip|zst|zstd)$", "");
        int dot = name.lastIndexOf('.');
        return switch (dot < 0 ? "" : name.substring(dot + 1)) {
            case "csv" -> Optional.of(csv(CsvFormat.csv()));
            case "tsv" -> Optional.of(csv(CsvFormat.csv().delimiter('\t')));
            case "jsonl", "ndjson", "json" -> Optional.of(jsonLines(JsonFormat.json()));
            case "avro" -> Optional.of(avro());
            case "parquet" -> Optional.of(parquet());
            default -> Optional.empty();
        };
    }

    /**
     * Says which field a column fills, where neither its name nor an alias does.
     *
     * @param column as it is named in the files
     * @param field of the port's values, by name
     */
    public ArchiveFormat column(String column, String field) {
        Map<String, String> more = new LinkedHashMap<>(columns);
        more.put(column, field);
        return new ArchiveFormat(kind, lines, skipsHeader, more);
    }

    /** Skips the first line of a CSV file whose columns the format declares itself. */
    public ArchiveFormat skippingHeader() {
        return new ArchiveFormat(kind, lines, true, columns);
    }

    /** Whether the values of rows fit the port's schema, whatever the rows are. */
    @Internal
    public boolean checksValues() {
        return lines.map(ValueFormat::checksValues).orElse(true);
    }

    /**
     * What is wrong with it for a port.
     *
     * @throws DeclarationException with every problem
     */
    @Internal
    public <V extends IndexedRecord> void requireFor(Class<V> type, Schema schema) {
        List<String> problems = new ArrayList<>();
        columns.forEach((column, field) -> {
            if (schema.getField(field) == null) {
                problems.add("column " + column + ": schema " + schema.getFullName() + " has no field " + field);
            }
        });
        Set<String> fields = new HashSet<>();
        columns.values().stream()
                .filter(field -> !fields.add(field))
                .forEach(field -> problems.add("two columns are said to fill field " + field));
        if (kind == Kind.LINES && !columns.isEmpty()) {
            problems.add("lines of a format of your own have no columns to be named");
        }
        if (skipsHeader && (kind != Kind.CSV || !csv().hasColumns())) {
            problems.add("a header is skipped where a CSV format declares the columns itself, and nowhere else");
        }
        if (!problems.isEmpty()) {
            throw new DeclarationException(problems);
        }
        if (lines.isPresent() && !(kind == Kind.CSV && !csv().hasColumns())) {
            lines.get().decoder(type, aliased(schema));
        }
    }

    /**
     * Opens a file for the values of a port.
     *
     * @param from where the first row is that is wanted
     * @throws io.kappamesh.failure.LifecycleException when the file cannot be read, or has not the columns that the port needs
     */
    @Internal
    public <V extends IndexedRecord> ArchiveRows<V> open(
            ArchiveFile file, Class<V> type, Schema schema, RowPosition from) {
        Schema reader = aliased(schema);
        return switch (kind) {
            case AVRO -> AvroFileRows.open(file, writer -> new AvroRows<>(type, reader, writer), from);
            case PARQUET -> parquetRows(file, type, reader, from);
            case JSON -> {
                requireNoArray(file);
                yield TextRows.open(
                        file,
                        RowSplitter.Quoting.ABSENT,
                        Optional.empty(),
                        lines.orElseThrow().decoder(type, reader),
                        from);
            }
            case LINES ->
                TextRows.open(
                        file,
                        RowSplitter.Quoting.ABSENT,
                        Optional.empty(),
                        lines.orElseThrow().decoder(type, schema),
                        from);
            case CSV -> csvRows(file, type, reader, from);
        };
    }

    private static <V extends IndexedRecord> ArchiveRows<V> parquetRows(
            ArchiveFile file, Class<V> type, Schema reader, RowPosition from) {
        try {
            return ParquetRows.open(file, reader, writer -> new AvroRows<>(type, reader, writer), from);
        } catch (NoClassDefFoundError absent) {
            throw file.wrong(
                    "Parquet's libraries are not on the class path; add org.apache.parquet:parquet-avro and"
                            + " org.apache.hadoop:hadoop-client-api",
                    absent);
        }
    }

    private <V extends IndexedRecord> ArchiveRows<V> csvRows(
            ArchiveFile file, Class<V> type, Schema reader, RowPosition from) {
        CsvDialect dialect = csv().dialect();
        RowSplitter.Quoting quoting = new RowSplitter.Quoting(
                dialect.delimiter(),
                dialect.quote().map(one -> (int) one).orElse(-1),
                dialect.escape().map(one -> (int) one).orElse(-1));
        if (!csv().hasColumns()) {
            return TextRows.<V>open(
                    file, quoting, Optional.of(header -> ofHeader(file, type, reader, header)), null, from);
        }
        ValueFormat.Decoder<V> decoder = csv().decoder(type, reader);
        return skipsHeader
                ? TextRows.open(file, quoting, Optional.of(header -> decoder), null, from)
                : TextRows.open(file, quoting, Optional.empty(), decoder, from);
    }

    private <V extends IndexedRecord> ValueFormat.Decoder<V> ofHeader(
            ArchiveFile file, Class<V> type, Schema reader, byte[] header) {
        List<String> names;
        try {
            names = header.length == 0 ? List.of() : csv().names(header);
        } catch (MisfitException noText) {
            throw file.wrong("its first line, which names the columns, " + noText.reason(), noText);
        }
        if (names.isEmpty()) {
            // An empty file has no rows, and nothing to be missing.
            return bytes -> ValueFormat.Result.rejected("the file has no line that names columns");
        }
        List<String> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String[] fields = new String[names.size()];
        for (int at = 0; at < names.size(); at++) {
            String name = names.get(at);
            Optional<Schema.Field> field = reader.getFields().stream()
                    .filter(one -> one.name().equals(name) || one.aliases().contains(name))
                    .findFirst();
            fields[at] = field.map(Schema.Field::name).orElse("");
            if (field.isPresent() && !seen.add(fields[at])) {
                problems.add("two columns are field " + fields[at]);
            }
        }
        for (String column : columns.keySet()) {
            if (!names.contains(column)) {
                problems.add("column " + column + ", which fills " + columns.get(column)
                        + ", is not named in the first line");
            }
        }
        for (Schema.Field field : reader.getFields()) {
            if (!seen.contains(field.name())
                    && !field.hasDefaultValue()
                    && !field.schema().isNullable()) {
                problems.add("column " + field.name()
                        + " is missing, has no default, and may not be null; of the " + names.size()
                        + " columns that the first line names, these are fields: " + new TreeSet<>(seen));
            }
        }
        if (!problems.isEmpty()) {
            throw file.wrong(String.join("; ", problems));
        }
        try {
            return csv().columns(fields).decoder(type, reader);
        } catch (DeclarationException misfit) {
            throw file.wrong(String.join("; ", misfit.problems()), misfit);
        }
    }

    private static void requireNoArray(ArchiveFile file) {
        try (Unpacked in = Unpacked.open(file)) {
            int first;
            do {
                first = in.content().read();
            } while (first == ' ' || first == '\t' || first == '\r' || first == '\n');
            if (first == '[') {
                throw file.wrong("it is one JSON array; write one object on each line, for example with jq -c '.[]'");
            }
        } catch (java.io.IOException broken) {
            throw TextRows.broken(file, broken, 0);
        }
    }

    private CsvFormat csv() {
        return (CsvFormat) lines.orElseThrow();
    }

    /** The schema with the names of columns as aliases, beside what the port declares. */
    private Schema aliased(Schema schema) {
        if (columns.isEmpty()) {
            return schema;
        }
        Schema copy = new Schema.Parser().parse(schema.toString());
        columns.forEach((column, field) -> {
            Schema.Field found = copy.getField(field);
            if (found != null && !found.name().equals(column)) {
                found.addAlias(column);
            }
        });
        return copy;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ArchiveFormat format
                && kind == format.kind
                && lines.equals(format.lines)
                && skipsHeader == format.skipsHeader
                && columns.equals(format.columns);
    }

    @Override
    public int hashCode() {
        return java.util.Objects.hash(kind, lines, skipsHeader, columns);
    }
}
