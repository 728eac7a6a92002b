package io.kappamesh.export;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Lets Parquet's own reader run without Hadoop. */
final class ZstdReader implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("nothing is written");
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new BytesInputDecompressor() {
            @Override
            public BytesInput decompress(BytesInput bytes, int size) throws IOException {
                ByteArrayOutputStream packed = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
                bytes.writeAllTo(packed);
                return BytesInput.from(Zstd.decompress(packed.toByteArray(), size));
            }

            @Override
            public void decompress(ByteBuffer from, int compressedSize, ByteBuffer to, int size) {
                byte[] packed = new byte[compressedSize];
                from.get(packed);
                to.put(Zstd.decompress(packed, size));
            }

            @Override
            public void release() {}
        };
    }

    @Override
    public void release() {}
}
