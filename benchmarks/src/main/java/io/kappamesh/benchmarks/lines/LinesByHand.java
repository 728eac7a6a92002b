package io.kappamesh.benchmarks.lines;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.kappamesh.avro.AvroType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;

/** Files of order lines as a program by hand reads them, with the libraries of their formats and without a check. Stateless. */
final class LinesByHand {
    private static final int BUFFER = 1 << 16;

    private LinesByHand() {}

    /**
     * Reads a file.
     *
     * @param directory of all formats
     * @param format the name of its directory there
     * @param name of the file without what its format adds
     */
    static void read(Path directory, String format, String name, Consumer<GenericRecord> each) throws IOException {
        Path files = directory.resolve(format);
        switch (format) {
            case "csv" -> csv(Files.newInputStream(files.resolve(name + ".csv")), each);
            case "csv-gz" ->
                csv(new GZIPInputStream(Files.newInputStream(files.resolve(name + ".csv.gz")), BUFFER), each);
            case "json" -> json(files.resolve(name + ".jsonl"), each);
            case "avro" -> avro(files.resolve(name + ".avro"), each);
            case "parquet" -> parquet(files.resolve(name + ".parquet"), each);
            default -> throw new IllegalArgumentException("no format " + format);
        }
    }

    private static void csv(InputStream in, Consumer<GenericRecord> each) throws IOException {
        try (MappingIterator<String[]> lines = csv(in)) {
            while (lines.hasNext()) {
                each.accept(OrderLines.of(lines.next()));
            }
        }
    }

    /** The lines behind the one that names the columns. */
    static MappingIterator<String[]> csv(InputStream in) throws IOException {
        MappingIterator<String[]> lines = new CsvMapper()
                .readerFor(String[].class)
                .with(CsvParser.Feature.WRAP_AS_ARRAY)
                .readValues(new BufferedInputStream(in, BUFFER));
        lines.next();
        return lines;
    }

    private static void json(Path file, Consumer<GenericRecord> each) throws IOException {
        try (JsonParser in = new JsonFactory().createParser(file.toFile())) {
            while (in.nextToken() == JsonToken.START_OBJECT) {
                each.accept(line(in));
            }
        }
    }

    private static GenericRecord line(JsonParser in) throws IOException {
        GenericRecord line = new GenericData.Record(OrderLines.SCHEMA);
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            Schema.Field field = OrderLines.SCHEMA.getField(in.currentName());
            in.nextToken();
            Object value = switch (field.schema().getType()) {
                case STRING -> in.getText();
                case LONG -> Instant.parse(in.getText());
                case INT -> in.getIntValue();
                default -> in.getDecimalValue();
            };
            line.put(field.pos(), value);
        }
        return line;
    }

    private static void avro(Path file, Consumer<GenericRecord> each) throws IOException {
        GenericData data = AvroType.generic(OrderLines.SCHEMA).data();
        try (DataFileReader<GenericRecord> lines = new DataFileReader<>(
                file.toFile(), new GenericDatumReader<>(OrderLines.SCHEMA, OrderLines.SCHEMA, data))) {
            while (lines.hasNext()) {
                each.accept(lines.next());
            }
        }
    }

    private static void parquet(Path file, Consumer<GenericRecord> each) throws IOException {
        try (ParquetReader<GenericRecord> lines = AvroParquetReader.<GenericRecord>builder(
                        new LocalInputFile(file), new PlainParquetConfiguration())
                .withDataModel(AvroType.generic(OrderLines.SCHEMA).data())
                .build()) {
            for (GenericRecord line = lines.read(); line != null; line = lines.read()) {
                each.accept(line);
            }
        }
    }
}
