package io.kappamesh.archive;

import io.kappamesh.connect.AvroRows;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.decoding.DecodedRows;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.format.ValueFormat;
import io.kappamesh.mapping.MisfitException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.avro.AvroReadSupport;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file. The footer is at its end, so that a file that breaks off cannot be opened. Needs Parquet's libraries, and of Hadoop only types
 * that stand in their signatures. For one thread.
 */
final class ParquetRows<V extends IndexedRecord> implements ArchiveRows<V> {
    /** About what a row takes, where it is not known: only limits how many items a row may have. */
    private static final int ROW_BYTES = 1 << 16;

    /** What the object of a value takes, beside what the file has of it. */
    private static final int VALUE_BYTES = 32;

    private static final int MOST_ROW_BYTES = 1 << 30;

    private final ArchiveFile file;
    private final ParquetReader<GenericRecord> in;
    private final long rowsOfAll;
    private final long largestGroup;
    private final Function<Schema, AvroRows<V>> makesRows;
    /** What is read of a row, as the file stores it. */
    private final MessageType stored;

    private final int averageRow;
    /** Null until the first row was read, which says under which schema rows come. */
    private @Nullable DecodedRows<GenericRecord, V> rows;

    private @Nullable GenericRecord first;
    private long number;

    /**
     * How rows come, and what makes values of them.
     *
     * @param columns the schema in which they are read
     */
    private record Written<V extends IndexedRecord>(ParquetColumns columns, AvroRows<V> rows) {
        ValueFormat.Result<V> of(GenericRecord came) {
            try {
                return rows.of(columns.row(came), ROW_BYTES);
            } catch (MisfitException misfit) {
                return ValueFormat.Result.rejected(misfit.reason());
            } catch (RuntimeException thrown) {
                // Its message may repeat what the row says.
                return ValueFormat.Result.rejected("has a column of a type that is not read here ("
                        + thrown.getClass().getSimpleName() + ")");
            }
        }
    }

    /** Reads some columns, as the file stores them, and not as the program that wrote them called them in Avro. */
    private static final class Columns extends AvroReadSupport<GenericRecord> {
        private final MessageType read;

        Columns(MessageType read) {
            super(GenericData.get());
            this.read = read;
        }

        @Override
        public ReadContext init(InitContext file) {
            return new ReadContext(read, Map.of());
        }

        @Override
        public RecordMaterializer<GenericRecord> prepareForRead(
                ParquetConfiguration configuration, Map<String, String> meta, MessageType stored, ReadContext context) {
            return super.prepareForRead(configuration, Map.of(), stored, context);
        }
    }

    private static final class Opener extends ParquetReader.Builder<GenericRecord> {
        private final MessageType read;

        Opener(InputFile file, ParquetConfiguration configuration, MessageType read) {
            super(file, configuration);
            this.read = read;
        }

        @Override
        protected ReadSupport<GenericRecord> getReadSupport() {
            return new Columns(read);
        }
    }

    private ParquetRows(
            ArchiveFile file,
            ParquetReader<GenericRecord> in,
            List<BlockMetaData> groups,
            MessageType stored,
            Function<Schema, AvroRows<V>> makesRows) {
        this.file = file;
        this.in = in;
        this.rowsOfAll = groups.stream().mapToLong(BlockMetaData::getRowCount).sum();
        this.largestGroup =
                groups.stream().mapToLong(BlockMetaData::getTotalByteSize).max().orElse(0);
        this.averageRow = averageRow(groups, stored, rowsOfAll);
        this.stored = stored;
        this.makesRows = makesRows;
    }

    /** What repeats is stored once, and becomes an object each time. */
    private static int averageRow(List<BlockMetaData> groups, MessageType read, long rows) {
        long bytes = 0;
        for (BlockMetaData group : groups) {
            for (ColumnChunkMetaData column : group.getColumns()) {
                if (read.containsPath(column.getPath().toArray())) {
                    bytes += column.getTotalUncompressedSize() + column.getValueCount() * VALUE_BYTES;
                }
            }
        }
        return (int) Math.min(MOST_ROW_BYTES, bytes / Math.max(1, rows));
    }

    /**
     * @param reader the schema of the port: other columns are not read
     * @param rows makes the reader of rows of a writer's schema
     */
    static <V extends IndexedRecord> ParquetRows<V> open(
            ArchiveFile file, Schema reader, Function<Schema, AvroRows<V>> rows, RowPosition from) {
        @Nullable ParquetRows<V> opened = null;
        try {
            PlainParquetConfiguration configuration = new PlainParquetConfiguration();
            // Spark's timestamps; and lists as all but the oldest writers write them, whose elements have no record
            // around them.
            configuration.setBoolean(AvroReadSupport.READ_INT96_AS_FIXED, true);
            configuration.setBoolean(AvroSchemaConverter.ADD_LIST_ELEMENT_RECORDS, false);
            LocalInputFile input = new LocalInputFile(file.path());
            MessageType stored;
            List<BlockMetaData> groups;
            try (ParquetFileReader footer = ParquetFileReader.open(
                    input,
                    ParquetReadOptions.builder(configuration)
                            .withCodecFactory(new ParquetCodecs())
                            .build())) {
                stored = ParquetProjection.of(footer.getFileMetaData().getSchema(), reader);
                groups = footer.getRowGroups();
            }
            opened = new ParquetRows<>(
                    file,
                    new Opener(input, configuration, stored)
                            .withCodecFactory(new ParquetCodecs())
                            .build(),
                    groups,
                    stored,
                    rows);
            opened.begin(from);
            return opened;
        } catch (DeclarationException misfit) {
            closeAfter(opened);
            throw file.wrong(String.join("; ", misfit.problems()), misfit);
        } catch (IOException | RuntimeException broken) {
            closeAfter(opened);
            throw broken(file, 0, broken);
        }
    }

    private static void closeAfter(@Nullable ParquetRows<?> opened) {
        if (opened != null) {
            opened.close();
        }
    }

    private void begin(RowPosition from) throws IOException {
        first = in.read();
        if (first == null) {
            return;
        }
        ParquetColumns columns = new ParquetColumns(stored, first.getSchema());
        Written<V> written = new Written<>(columns, makesRows.apply(columns.schema()));
        rows = new DecodedRows<>(this::cut, row -> averageRow, written::of);
        while (number < from.rows() && cut() != null) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            number++;
        }
    }

    private @Nullable GenericRecord cut() throws IOException {
        GenericRecord row = first;
        first = null;
        return row == null ? in.read() : row;
    }

    @Override
    public @Nullable ArchiveRow<V> next() {
        DecodedRows<GenericRecord, V> decoded = rows;
        if (decoded == null) {
            return null;
        }
        @Nullable GenericRecord row;
        try {
            row = decoded.peek();
        } catch (IOException | RuntimeException broken) {
            throw broken(file, number, broken);
        }
        if (row == null) {
            return null;
        }
        ValueFormat.Result<V> result = decoded.take();
        number++;
        return new ArchiveRow<>(
                number, () -> row.toString().getBytes(StandardCharsets.UTF_8), result, new RowPosition(number, -1));
    }

    private static RuntimeException broken(ArchiveFile file, long row, Exception broken) {
        // Parquet's own exceptions say where it was, and the innermost one what was wrong.
        Throwable innermost = broken;
        for (Throwable at = broken; at != null; at = at.getCause()) {
            innermost = at.getMessage() == null ? innermost : at;
        }
        return file.wrong(
                "behind row " + row + " it is no whole Parquet file that can be read here (" + innermost.getMessage()
                        + "); copy it again, or write it with another codec",
                broken);
    }

    /** The footer was read, and says where everything is. */
    @Override
    public void drain() {}

    /** A row group is read whole. */
    @Override
    public long heldBytes() {
        return USUALLY_HELD + largestGroup + (rows == null ? 0 : rows.heldBytes());
    }

    @Override
    public long bytesRead() {
        return number == rowsOfAll ? file.bytes() : (long) (file.bytes() * ((double) number / rowsOfAll));
    }

    /** Parquet reads here and there: the file is read once more. */
    @Override
    public String digest() {
        return file.digest();
    }

    @Override
    public void close() {
        if (rows != null) {
            rows.close();
        }
        try {
            in.close();
        } catch (IOException ignored) {
            // It was only read.
        }
    }
}
