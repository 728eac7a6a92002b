package io.kappamesh.export;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.TypeUtil;

/** Row groups of 32 MiB, which is about what it takes of the heap. */
final class ParquetFile implements RowFile {
    private static final long ROW_GROUP_BYTES = 32L << 20;

    private final ParquetWriter<IndexedRecord> out;

    ParquetFile(Path file, Schema rows) throws IOException {
        out = AvroParquetWriter.<IndexedRecord>builder(new LocalOutputFile(file))
                .withSchema(rows)
                .withDataModel(GenericData.get())
                .withConf(configuration())
                .withRowGroupSize(ROW_GROUP_BYTES)
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withCodecFactory(new ZstdCodec())
                .build();
    }

    /** @throws IllegalArgumentException with words */
    static void requireHolds(Schema rows) {
        try {
            TypeUtil.checkValidWriteSchema(new AvroSchemaConverter(configuration()).convert(rows));
        } catch (RuntimeException refused) {
            throw new IllegalArgumentException("Parquet cannot hold its contract: " + refused.getMessage(), refused);
        }
    }

    /** Lists in three levels, as all readers know them: items may be null. */
    private static PlainParquetConfiguration configuration() {
        PlainParquetConfiguration configuration = new PlainParquetConfiguration();
        configuration.setBoolean(AvroWriteSupport.WRITE_OLD_LIST_STRUCTURE, false);
        return configuration;
    }

    @Override
    public void add(IndexedRecord row) throws IOException {
        out.write(row);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** By the library that Kafka has too: Parquet's own codecs are made by Hadoop, which would have to be there as a whole. */
    private static final class ZstdCodec implements CompressionCodecFactory {
        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            return new BytesInputCompressor() {
                @Override
                public BytesInput compress(BytesInput bytes) throws IOException {
                    ByteArrayOutputStream plain = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
                    bytes.writeAllTo(plain);
                    return BytesInput.from(Zstd.compress(plain.toByteArray()));
                }

                @Override
                public CompressionCodecName getCodecName() {
                    return codec;
                }

                @Override
                public void release() {}
            };
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            throw new UnsupportedOperationException("nothing is read");
        }

        @Override
        public void release() {}
    }
}
