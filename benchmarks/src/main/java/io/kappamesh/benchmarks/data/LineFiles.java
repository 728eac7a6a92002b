package io.kappamesh.benchmarks.data;

import io.kappamesh.avro.AvroType;
import io.kappamesh.benchmarks.lines.OrderLines;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlaced;
import io.kappamesh.contracts.sales.orderevents.v1.OrderPlacedLine;
import io.kappamesh.serde.AvroEncoder;
import io.kappamesh.tpch.EventStream;
import io.kappamesh.tpch.TpchEvent;
import io.kappamesh.tpch.TpchEvents;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.io.LocalOutputFile;

/**
 * Order lines as files of each format, {@code csv/a.csv} and {@code csv/b.csv} and so on: a third of the lines, and the others.
 *
 * @param rows what has to come out
 * @param warmUp how many of them are in the first file
 */
public record LineFiles(Rows rows, long warmUp) {
    private static final int HEADER_LENGTH = 5;
    private static final long ROW_GROUP_BYTES = 32L << 20;

    /** One file of each format with the same lines. */
    private static final class Formats implements AutoCloseable {
        private final Writer csv;
        private final Writer packed;
        private final Writer json;
        private final DataFileWriter<GenericRecord> avro;
        private final ParquetWriter<GenericRecord> parquet;

        Formats(Path directory, String name) throws IOException {
            csv = Files.newBufferedWriter(directory.resolve("csv").resolve(name + ".csv"));
            packed = new BufferedWriter(new OutputStreamWriter(
                    new GZIPOutputStream(
                            Files.newOutputStream(directory.resolve("csv-gz").resolve(name + ".csv.gz"))),
                    StandardCharsets.UTF_8));
            json = Files.newBufferedWriter(directory.resolve("json").resolve(name + ".jsonl"));
            avro = new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(OrderLines.SCHEMA))
                    .setCodec(CodecFactory.deflateCodec(6))
                    .create(
                            OrderLines.SCHEMA,
                            directory.resolve("avro").resolve(name + ".avro").toFile());
            parquet = AvroParquetWriter.<GenericRecord>builder(
                            new LocalOutputFile(directory.resolve("parquet").resolve(name + ".parquet")))
                    .withSchema(OrderLines.SCHEMA)
                    .withDataModel(AvroType.generic(OrderLines.SCHEMA).data())
                    .withConf(new PlainParquetConfiguration())
                    .withRowGroupSize(ROW_GROUP_BYTES)
                    .build();
            text(String.join(",", OrderLines.columns()));
        }

        private void text(String line) throws IOException {
            csv.write(line + "\n");
            packed.write(line + "\n");
        }

        void add(String[] columns, GenericRecord line, byte[] encoded) throws IOException {
            parquet.write(line);
            text(String.join(",", columns));
            List<String> names = OrderLines.columns();
            for (int at = 0; at < columns.length; at++) {
                String quote = at < 6 ? "\"" : "";
                json.write((at == 0 ? "{\"" : ",\"") + names.get(at) + "\":" + quote + columns[at] + quote);
            }
            json.write("}\n");
            avro.appendEncoded(ByteBuffer.wrap(encoded, HEADER_LENGTH, encoded.length - HEADER_LENGTH));
        }

        @Override
        public void close() throws IOException {
            csv.close();
            packed.close();
            json.close();
            avro.close();
            parquet.close();
        }
    }

    /** Writes all files into an empty directory. */
    public static LineFiles write(Path directory, double scale) throws IOException {
        for (String format : List.of("csv", "csv-gz", "json", "avro", "parquet")) {
            Files.createDirectories(directory.resolve(format));
        }
        AvroEncoder<GenericRecord> encoder = OrderLines.encoder();
        try (Formats first = new Formats(directory, "a");
                Formats others = new Formats(directory, "b")) {
            Split split = new Split();
            forEach(scale, (columns, isFirst) -> {
                GenericRecord line = OrderLines.of(columns);
                byte[] encoded = encoder.encode(line);
                split.rows = split.rows.and(columns[0].getBytes(StandardCharsets.UTF_8), encoded);
                split.warmUp += isFirst ? 1 : 0;
                (isFirst ? first : others).add(columns, line, encoded);
            });
            return new LineFiles(split.rows, split.warmUp);
        }
    }

    private static final class Split {
        private Rows rows = Rows.NONE;
        private long warmUp;
    }

    /** Is given each line. */
    interface Each<E extends Exception> {
        /** @param isFirst whether it is of the first third of all orders */
        void take(String[] columns, boolean isFirst) throws E;
    }

    /** All lines of a scale as columns of text, in the order of their times. */
    static <E extends Exception> void forEach(double scale, Each<E> each) throws E {
        TpchEvents events = TpchEvents.atScale(scale).only(EventStream.ORDERS);
        long orders = 0;
        for (TpchEvent event : events) {
            OrderPlaced order = (OrderPlaced) event.value();
            boolean isFirst = orders++ < events.size() / 3;
            for (OrderPlacedLine line : order.getLines()) {
                each.take(columns(order, line), isFirst);
            }
        }
    }

    private static String[] columns(OrderPlaced order, OrderPlacedLine line) {
        return new String[] {
            order.getOrderId() + "-" + line.getLineNumber(),
            order.getPlacedAt().toString(),
            order.getOrderId(),
            order.getCustomerId(),
            order.getMarketSegment(),
            line.getPartId(),
            Integer.toString(line.getLineNumber()),
            line.getQuantity().toPlainString(),
            line.getExtendedPrice().toPlainString(),
            line.getDiscount().toPlainString(),
            line.getTax().toPlainString()
        };
    }
}
