package io.kappamesh.export;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/** An object in each line. */
final class JsonLinesFile implements RowFile {
    private static final JsonFactory JSON = new JsonFactory();

    private final Schema rows;
    private final JsonGenerator out;

    JsonLinesFile(Path file, Schema rows) throws IOException {
        this.rows = rows;
        this.out = JSON.createGenerator(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), JsonEncoding.UTF8);
        out.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
    }

    @Override
    public void add(IndexedRecord row) throws IOException {
        RowValues.write(rows, row, out);
    }

    @Override
    public void close() throws IOException {
        if (!out.isClosed()) {
            if (out.getOutputContext().hasCurrentIndex()) { // a file without rows is empty
                out.writeRaw('\n');
            }
            out.close();
        }
    }
}
