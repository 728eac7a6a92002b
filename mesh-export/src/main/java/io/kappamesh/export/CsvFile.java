package io.kappamesh.export;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Lines of fields that commas separate. Text that is empty is {@code ""}, and null is nothing at all. */
final class CsvFile implements RowFile {
    private static final JsonFactory JSON = new JsonFactory();
    private static final CsvFactory CSV = CsvFactory.builder()
            .enable(CsvGenerator.Feature.ALWAYS_QUOTE_STRINGS)
            .enable(CsvGenerator.Feature.ALWAYS_QUOTE_EMPTY_STRINGS)
            .build();

    private final Schema rows;
    private final CsvGenerator out;

    CsvFile(Path file, Schema rows) throws IOException {
        this.rows = rows;
        CsvSchema.Builder columns = CsvSchema.builder().setUseHeader(true).setLineSeparator('\n');
        rows.getFields().forEach(field -> columns.addColumn(field.name()));
        this.out = CSV.createGenerator(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), JsonEncoding.UTF8);
        out.setSchema(columns.build());
    }

    @Override
    public void add(IndexedRecord row) throws IOException {
        out.writeStartObject();
        for (Schema.Field field : rows.getFields()) {
            out.writeFieldName(field.name());
            Object value = row.get(field.pos());
            if (value == null || RowValues.isScalar(field.schema())) {
                RowValues.write(field.schema(), value, out);
            } else {
                out.writeString(json(field.schema(), value));
            }
        }
        out.writeEndObject();
    }

    private static String json(Schema type, @Nullable Object value) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            RowValues.write(type, value, json);
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
