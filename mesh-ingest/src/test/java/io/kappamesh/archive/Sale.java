package io.kappamesh.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;

/** Rows of tests, and files of them: {@code {saleId, amount, at, note}}. */
public final class Sale {
    public static final Schema SCHEMA = new Schema.Parser().parse("""
                    {"type": "record", "name": "Sale", "namespace": "shop", "doc": "A sale.", "fields": [
                      {"name": "saleId", "type": "string", "aliases": ["sale_id"]},
                      {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 7, "scale": 2}},
                      {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                      {"name": "note", "type": ["null", "string"], "default": null}]}
                    """);

    /** What another program calls them. */
    public static final Schema FOREIGN = new Schema.Parser().parse("""
                    {"type": "record", "name": "row", "fields": [
                      {"name": "unused", "type": "double"},
                      {"name": "sale_id", "type": "string"},
                      {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                      {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 4}}]}
                    """);

    private Sale() {}

    public static Path write(Path file, byte[] content) {
        try {
            return Files.write(file, content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public static Path write(Path file, String content) {
        return write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    /** A container file with blocks of a few rows. */
    public static byte[] container(Schema schema, List<GenericRecord> rows, CodecFactory codec) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(codec).create(schema, out);
            int row = 0;
            for (GenericRecord one : rows) {
                writer.append(one);
                if (++row % 7 == 0) {
                    writer.sync();
                }
            }
        }
        return out.toByteArray();
    }

    /** @param tenThousandths of the amount */
    public static GenericRecord foreign(String id, long millis, long tenThousandths) {
        GenericRecord row = new GenericData.Record(FOREIGN);
        row.put("unused", 1.0);
        row.put("sale_id", id);
        row.put("at", millis * 1000);
        row.put(
                "amount",
                java.nio.ByteBuffer.wrap(
                        java.math.BigInteger.valueOf(tenThousandths).toByteArray()));
        return row;
    }
}
