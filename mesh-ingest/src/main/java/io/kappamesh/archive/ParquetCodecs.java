package io.kappamesh.archive;

import com.github.luben.zstd.Zstd;
import io.kappamesh.file.Unpacked;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;

/** What unpacks the pages of a Parquet file: gzip, snappy and zstd. Parquet's own codecs are made by Hadoop, which would have to be there as a whole. */
final class ParquetCodecs implements CompressionCodecFactory {
    private record Unpacker(CompressionCodecName codec) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            if (codec == CompressionCodecName.UNCOMPRESSED) {
                return bytes;
            }
            ByteArrayOutputStream packed = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
            bytes.writeAllTo(packed);
            return BytesInput.from(unpacked(packed.toByteArray(), size));
        }

        @Override
        public void decompress(ByteBuffer from, int compressedSize, ByteBuffer to, int size) throws IOException {
            byte[] packed = new byte[compressedSize];
            from.get(packed);
            to.put(codec == CompressionCodecName.UNCOMPRESSED ? packed : unpacked(packed, size));
        }

        private byte[] unpacked(byte[] packed, int size) throws IOException {
            try {
                if (codec == CompressionCodecName.ZSTD) {
                    return Zstd.decompress(packed, size);
                }
                if (codec == CompressionCodecName.SNAPPY) {
                    return Snappy.uncompress(packed);
                }
            } catch (LinkageError | SnappyError noLibrary) {
                // Not as its cause, which would be said in its place.
                IOException said = new IOException(Unpacked.noLibrary(codec.name(), noLibrary));
                said.addSuppressed(noLibrary);
                throw said;
            }
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
                return in.readAllBytes();
            }
        }

        @Override
        public void release() {}
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("nothing is written");
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED, ZSTD, SNAPPY, GZIP -> new Unpacker(codec);
            default -> throw new UnsupportedOperationException("codec " + codec + " is not read here");
        };
    }

    @Override
    public void release() {}
}
