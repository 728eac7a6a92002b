package io.kappamesh.archive;

import io.kappamesh.connect.AvroRows;
import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.file.ArchiveFile;
import io.kappamesh.format.ValueFormat;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a Parquet file. The footer is at its end, so that a file that breaks off cannot be opened. Needs Parquet's libraries, and of Hadoop only types
 * that stand in their signatures. For one thread.
 */
final class ParquetRows<V extends IndexedRecord> implements ArchiveRows<V> {
    /** About what a row takes, where it is not known: only limits how many items a row may have. */
    private static final int ROW_BYTES = 1 << 16;

    private final ArchiveFile file;
    private final ParquetReader<GenericRecord> in;
    private final long rowsOfAll;
    private final long largestGroup;
    private final Function<Schema, AvroRows<V>> makesRows;
    private final Map<String, DecimalLogicalTypeAnnotation> decimals;
    private @Nullable Written written;
    private @Nullable GenericRecord ahead;
    private long number;

    /** The schema in which rows come, that in which they are read, and how. */
    private final class Written {
        private final Schema schema;
        private final AvroRows<V> rows;

        /** The scale of decimals that are whole numbers in the file, by position; -1 = the value is as it is. */
        private final int[] scales;

        Written(Schema came) {
            List<Schema.Field> fields = new ArrayList<>();
            scales = new int[came.getFields().size()];
            for (Schema.Field field : came.getFields()) {
                @Nullable DecimalLogicalTypeAnnotation decimal = decimals.get(field.name());
                scales[field.pos()] = decimal == null ? -1 : decimal.getScale();
                fields.add(new Schema.Field(
                        field.name(), decimal == null ? field.schema() : decimal(field.schema(), decimal)));
            }
            schema = Schema.createRecord(came.getName(), null, came.getNamespace(), false, fields);
            rows = makesRows.apply(schema);
        }

        private static Schema decimal(Schema came, DecimalLogicalTypeAnnotation decimal) {
            Schema type = LogicalTypes.decimal(decimal.getPrecision(), decimal.getScale())
                    .addToSchema(Schema.create(Schema.Type.BYTES));
            return came.isNullable() ? Schema.createUnion(Schema.create(Schema.Type.NULL), type) : type;
        }

        ValueFormat.Result<V> of(GenericRecord came) {
            GenericData.Record row = new GenericData.Record(schema);
            for (int at = 0; at < scales.length; at++) {
                @Nullable Object value = came.get(at);
                row.put(at, scales[at] >= 0 && value != null ? unscaled(value, scales[at]) : value);
            }
            try {
                return rows.of(row, ROW_BYTES);
            } catch (RuntimeException thrown) {
                // Its message may repeat what the row says.
                return ValueFormat.Result.rejected("has a column of a type that is not read here ("
                        + thrown.getClass().getSimpleName() + ")");
            }
        }

        private static ByteBuffer unscaled(Object value, int scale) {
            BigDecimal decimal = value instanceof BigDecimal known
                    ? known.setScale(scale)
                    : BigDecimal.valueOf(((Number) value).longValue(), scale);
            return ByteBuffer.wrap(decimal.unscaledValue().toByteArray());
        }
    }

    private ParquetRows(
            ArchiveFile file,
            ParquetReader<GenericRecord> in,
            long rowsOfAll,
            long largestGroup,
            Map<String, DecimalLogicalTypeAnnotation> decimals,
            Function<Schema, AvroRows<V>> makesRows) {
        this.file = file;
        this.in = in;
        this.rowsOfAll = rowsOfAll;
        this.largestGroup = largestGroup;
        this.decimals = decimals;
        this.makesRows = makesRows;
    }

    /** @param rows makes the reader of rows of a writer's schema */
    static <V extends IndexedRecord> ParquetRows<V> open(
            ArchiveFile file, Function<Schema, AvroRows<V>> rows, RowPosition from) {
        @Nullable ParquetRows<V> opened = null;
        try {
            PlainParquetConfiguration configuration = new PlainParquetConfiguration();
            LocalInputFile input = new LocalInputFile(file.path());
            MessageType schema;
            long number;
            long largestGroup;
            try (ParquetFileReader footer = ParquetFileReader.open(
                    input,
                    ParquetReadOptions.builder(configuration)
                            .withCodecFactory(new ParquetCodecs())
                            .build())) {
                schema = footer.getFileMetaData().getSchema();
                number = footer.getRecordCount();
                largestGroup = footer.getRowGroups().stream()
                        .mapToLong(BlockMetaData::getTotalByteSize)
                        .max()
                        .orElse(0);
            }
            opened = new ParquetRows<>(
                    file,
                    AvroParquetReader.<GenericRecord>builder(input, configuration)
                            .withDataModel(GenericData.get())
                            .withCodecFactory(new ParquetCodecs())
                            .build(),
                    number,
                    largestGroup,
                    wholeNumberDecimals(schema),
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

    /** Parquet's reader hands them out as decimals under a schema that says they are whole numbers. */
    private static Map<String, DecimalLogicalTypeAnnotation> wholeNumberDecimals(MessageType schema) {
        Map<String, DecimalLogicalTypeAnnotation> decimals = new HashMap<>();
        for (Type column : schema.getFields()) {
            if (column.isPrimitive()
                    && column.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal) {
                PrimitiveTypeName stored = column.asPrimitiveType().getPrimitiveTypeName();
                if (stored == PrimitiveTypeName.INT32 || stored == PrimitiveTypeName.INT64) {
                    decimals.put(column.getName(), decimal);
                }
            }
        }
        return decimals;
    }

    private void begin(RowPosition from) throws IOException {
        ahead = in.read();
        if (ahead != null) {
            written = new Written(ahead.getSchema());
        }
        while (number < from.rows() && ahead != null) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            ahead = in.read();
            number++;
        }
    }

    @Override
    public @Nullable ArchiveRow<V> next() {
        GenericRecord row = ahead;
        Written as = written;
        if (row == null || as == null) {
            return null;
        }
        try {
            ahead = in.read();
        } catch (IOException | RuntimeException broken) {
            throw broken(file, number, broken);
        }
        number++;
        return new ArchiveRow<>(
                number, () -> row.toString().getBytes(StandardCharsets.UTF_8), as.of(row), new RowPosition(number, -1));
    }

    private static RuntimeException broken(ArchiveFile file, long row, Exception broken) {
        return file.wrong(
                "behind row " + row + " it is no whole Parquet file that can be read here ("
                        + (broken.getCause() == null ? broken : broken.getCause()).getMessage()
                        + "); copy it again, or write it with another codec",
                broken);
    }

    /** The footer was read, and says where everything is. */
    @Override
    public void drain() {}

    /** A row group is read whole. */
    @Override
    public long heldBytes() {
        return USUALLY_HELD + largestGroup;
    }

    @Override
    public long bytesRead() {
        return ahead == null ? file.bytes() : (long) (file.bytes() * ((double) number / Math.max(1, rowsOfAll)));
    }

    /** Parquet reads here and there: the file is read once more. */
    @Override
    public String digest() {
        return file.digest();
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException ignored) {
            // It was only read.
        }
    }
}
