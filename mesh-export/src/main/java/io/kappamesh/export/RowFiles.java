package io.kappamesh.export;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** The files of an export: one of each partition, and one of what cannot be a row. Partitions come in order. One thread. */
final class RowFiles implements AutoCloseable {
    static final String REJECTED = "rejected.jsonl";

    private final ExportDirectory directory;
    private final ExportFormat format;
    private final Schema schema;
    private final List<ExportedFile> finished = new ArrayList<>();
    private int partition;
    private @Nullable RowFile open;
    private @Nullable JsonGenerator rejected;
    private long rows;
    private long allRows;
    private long allRejected;

    RowFiles(ExportDirectory directory, ExportFormat format, Schema schema) {
        this.directory = directory;
        this.format = format;
        this.schema = schema;
    }

    /** Adds a row of the partition that the last one was of, or of a later one. */
    void add(int ofPartition, IndexedRecord row) throws IOException {
        finishBefore(ofPartition);
        open().add(row);
        rows++;
        allRows++;
    }

    private RowFile open() throws IOException {
        RowFile file = open;
        if (file == null) {
            file = format.create(directory.partial(name()), schema);
            open = file;
        }
        return file;
    }

    private String name() {
        return String.format(Locale.ROOT, "part-%05d.%s", partition, format.suffix());
    }

    /** Each partition has a file, be there rows or not. */
    private void finishBefore(int end) throws IOException {
        while (partition < end) {
            open().close();
            open = null;
            finished.add(directory.finished(name(), partition, rows));
            rows = 0;
            partition++;
        }
    }

    /** Adds a record that cannot be a row. */
    void reject(int ofPartition, long offset, byte @Nullable [] key, byte @Nullable [] value, String reason)
            throws IOException {
        JsonGenerator out = rejected;
        if (out == null) {
            out = new JsonFactory()
                    .createGenerator(
                            Files.newOutputStream(directory.partial(REJECTED), StandardOpenOption.CREATE_NEW),
                            JsonEncoding.UTF8);
            out.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
            rejected = out;
        }
        out.writeStartObject();
        out.writeNumberField("partition", ofPartition);
        out.writeNumberField("offset", offset);
        if (key != null) {
            out.writeBinaryField("key", key);
        }
        if (value != null) {
            out.writeBinaryField("value", value);
        }
        out.writeStringField("reason", reason);
        out.writeEndObject();
        allRejected++;
    }

    /** All of them are written. */
    List<ExportedFile> finish(int partitions) throws IOException {
        finishBefore(partitions);
        if (rejected != null) {
            rejected.close();
        }
        return List.copyOf(finished);
    }

    long rows() {
        return allRows;
    }

    long rejected() {
        return allRejected;
    }

    @Override
    public void close() throws IOException {
        if (rejected != null) {
            rejected.close();
        }
        if (open != null) {
            open.close();
        }
    }
}
