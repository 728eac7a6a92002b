package io.kappamesh.console.ingest;

import io.kappamesh.archive.ArchiveFormat;
import io.kappamesh.csv.CsvFormat;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.failure.ExitCode;
import io.kappamesh.failure.StartupException;
import io.kappamesh.json.JsonFormat;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the files of an archive are written. */
final class FileOptions {
    /** In the place of a pattern of timestamps. */
    private static final String SQL = "sql";

    /** What the names of files say otherwise. */
    enum Format {
        CSV,
        TSV,
        JSONL,
        AVRO,
        PARQUET
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "${COMPLETION-CANDIDATES}, in any case. If not given: as the name of each file says, in front of .gz or .zst.")
    private @Nullable Format format;

    @Option(
            names = "--map",
            paramLabel = "COLUMN=FIELD",
            description = "A column that fills a field of another name. Repeatable.")
    private Map<String, String> columns = new LinkedHashMap<>();

    @Option(
            names = "--columns",
            split = ",",
            paramLabel = "FIELD",
            description =
                    "CSV: the fields of the columns in their order, with nothing between two commas for a column that is not read. Then the"
                            + " files have no first line that names columns.")
    private List<String> order = List.of();

    @Option(names = "--skip-header", description = "CSV: skips the first line of each file, with --columns.")
    private boolean skipsHeader;

    @Option(names = "--delimiter", paramLabel = "CHARACTER", description = "CSV: what stands between columns.")
    private @Nullable Character delimiter;

    @Option(
            names = "--charset",
            paramLabel = "NAME",
            description = "CSV: how characters are written, such as ISO-8859-1.")
    private @Nullable String charset;

    @Option(
            names = "--null-text",
            paramLabel = "TEXT",
            description = "CSV: what stands for a missing value, such as \\N.")
    private @Nullable String nullText;

    @Option(names = "--decimal-comma", description = "CSV: numbers have a comma in place of the point.")
    private boolean decimalComma;

    @Option(
            names = "--timestamps",
            paramLabel = "PATTERN",
            description =
                    "CSV: how timestamps are written, such as 'dd.MM.yyyy HH:mm:ss', if not as ISO-8601 text; SQL for text as"
                            + " databases write it, such as 2026-03-01 10:00:00.5+01.")
    private @Nullable String timestamps;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "CSV: the time zone of --timestamps, such as Europe/Berlin. If not given: UTC.")
    private String zone = "UTC";

    @Option(names = "--dates", paramLabel = "PATTERN", description = "CSV: how dates are written, such as dd.MM.yyyy.")
    private @Nullable String dates;

    @Option(
            names = "--epoch",
            paramLabel = "UNIT",
            description = "CSV and JSON: timestamps that are whole numbers count SECONDS, MILLIS or MICROS since 1970.")
    private @Nullable ChronoUnit epoch;

    /** Empty = as the names of files say. */
    Optional<ArchiveFormat> format() {
        Format meant = format;
        boolean ofCsv = !order.isEmpty()
                || skipsHeader
                || delimiter != null
                || charset != null
                || nullText != null
                || decimalComma
                || timestamps != null
                || dates != null;
        if (meant == null && !ofCsv && epoch == null && columns.isEmpty()) {
            return Optional.empty();
        }
        if (meant == null && !ofCsv) {
            throw refused("--epoch and --map need --format, because they apply to all files alike");
        }
        if (ofCsv && meant != null && meant != Format.CSV && meant != Format.TSV) {
            throw refused("options of CSV are given for files that are " + meant);
        }
        try {
            ArchiveFormat files = files(meant);
            for (Map.Entry<String, String> column : columns.entrySet()) {
                files = files.column(column.getKey(), column.getValue());
            }
            return Optional.of(files);
        } catch (DeclarationException wrong) {
            throw new StartupException(ExitCode.CONFIGURATION, wrong.problems());
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            throw refused("--charset " + charset + " is no charset that Java knows");
        } catch (DateTimeException unknown) {
            throw refused("--zone " + zone + " is no time zone");
        }
    }

    private ArchiveFormat files(@Nullable Format meant) {
        if (meant == Format.AVRO) {
            return ArchiveFormat.avro();
        }
        if (meant == Format.PARQUET) {
            return ArchiveFormat.parquet();
        }
        return meant == Format.JSONL ? ArchiveFormat.jsonLines(json()) : csv(meant == Format.TSV);
    }

    private JsonFormat json() {
        return epoch == null ? JsonFormat.json() : JsonFormat.json().epoch(epoch);
    }

    private ArchiveFormat csv(boolean tabs) {
        CsvFormat lines = tabs ? CsvFormat.csv().delimiter('\t') : CsvFormat.csv();
        lines = order.isEmpty() ? lines : lines.columns(order.toArray(String[]::new));
        lines = delimiter == null ? lines : lines.delimiter(delimiter);
        lines = charset == null ? lines : lines.charset(Charset.forName(charset));
        lines = nullText == null ? lines : lines.nullText(nullText);
        lines = decimalComma ? lines.decimalComma() : lines;
        if (timestamps != null) {
            lines = timestamps.equalsIgnoreCase(SQL)
                    ? lines.sqlTimestamps(ZoneId.of(zone))
                    : lines.timestamps(timestamps, ZoneId.of(zone));
        }
        lines = dates == null ? lines : lines.dates(dates);
        lines = epoch == null ? lines : lines.epoch(epoch);
        ArchiveFormat files = ArchiveFormat.csv(lines);
        return skipsHeader ? files.skippingHeader() : files;
    }

    private static StartupException refused(String why) {
        return new StartupException(ExitCode.CONFIGURATION, List.of("ingest: " + why));
    }
}
