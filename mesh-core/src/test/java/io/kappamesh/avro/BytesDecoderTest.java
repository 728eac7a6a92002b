package io.kappamesh.avro;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kappamesh.encoding.BytesEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class BytesDecoderTest {

    private static final byte[] NOTHING = {};

    @Test
    void numbersAreReadAsAvroWritesThem() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            long number = random.nextLong() >> random.nextInt(64);
            int small = (int) number;
            byte[] bytes = avro(out -> {
                out.writeLong(number);
                out.writeInt(small);
                out.writeDouble(Double.longBitsToDouble(number));
                out.writeFloat(Float.intBitsToFloat(small));
                out.writeBoolean(small > 0);
            });

            BytesDecoder in = new BytesDecoder(bytes, 0);

            assertThat(in.readLong()).isEqualTo(number);
            assertThat(in.readInt()).isEqualTo(small);
            assertThat(Double.doubleToRawLongBits(in.readDouble())).isEqualTo(number);
            assertThat(Float.floatToRawIntBits(in.readFloat()))
                    .isEqualTo(Float.floatToRawIntBits(Float.intBitsToFloat(small)));
            assertThat(in.readBoolean()).isEqualTo(small > 0);
            assertThat(in.remaining()).isZero();
        }
    }

    @Test
    void whatOurEncoderWritesAvroReads() throws IOException {
        Random random = new Random(11);
        BytesEncoder out = new BytesEncoder();
        for (int round = 0; round < 5_000; round++) {
            long number = random.nextLong() >> random.nextInt(64);
            String text = random.nextBoolean() ? "x".repeat(random.nextInt(3_000)) : "ascii, then ü€𝄞" + number;
            out.startWith(NOTHING);
            out.writeLong(number);
            out.writeString(text);
            out.writeInt((int) number);
            out.writeString("");
            out.writeBytes(ByteBuffer.wrap(text.getBytes(UTF_8)));
            out.writeFloat((float) number);
            out.writeDouble((double) number);
            out.writeBoolean(true);
            byte[] bytes = out.toByteArray();

            var in = DecoderFactory.get().binaryDecoder(bytes, null);

            assertThat(in.readLong()).isEqualTo(number);
            assertThat(in.readString()).isEqualTo(text);
            assertThat(in.readInt()).isEqualTo((int) number);
            assertThat(in.readString()).isEmpty();
            assertThat(in.readBytes(null).array()).isEqualTo(text.getBytes(UTF_8));
            assertThat(in.readFloat()).isEqualTo((float) number);
            assertThat(in.readDouble()).isEqualTo((double) number);
            assertThat(in.readBoolean()).isTrue();
            assertThat(in.isEnd()).isTrue();
        }
    }

    @Test
    void blocksWithTheirSizeInBytesAreRead() throws IOException {
        Schema numbers = new Schema.Parser().parse("{\"type\":\"array\",\"items\":\"long\"}");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder out = new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(bytes, null);
        GenericData.Array<Long> written = new GenericData.Array<>(numbers, List.of(1L, -2L, 1L << 60));
        new GenericDatumWriter<>(numbers).write(written, out);
        out.flush();

        List<?> read = (List<?>) new GenericDatumReader<>(numbers).read(null, new BytesDecoder(bytes.toByteArray(), 0));

        assertThat((Object) read).isEqualTo(written);
    }

    @Test
    void utf8IsKeptAndAnythingElseRefused() throws IOException {
        byte[] good = avro(out -> out.writeString("a \uFFFD that was written as such"));
        byte[] bad = {4, (byte) 0xC3, 0x28};

        assertThat(new BytesDecoder(good, 0).readString()).contains("\uFFFD");
        assertThat(new BytesDecoder(good, 0).readString(new Utf8()).toString())
                .isEqualTo("a \uFFFD that was written as such");
        assertThatThrownBy(() -> new BytesDecoder(bad, 0).readString())
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void lengthsBeyondTheEndAllocateNothing() throws IOException {
        for (long length : new long[] {3, Integer.MAX_VALUE, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            byte[] bytes = Arrays.copyOf(avro(out -> out.writeLong(length)), 12);

            assertThatThrownBy(() -> new BytesDecoder(bytes, bytes.length - 2).readFixed(new byte[8], 0, 8))
                    .isInstanceOf(MalformedException.class);
            if (length != 3) {
                assertThatThrownBy(() -> new BytesDecoder(bytes, 0).readString())
                        .isInstanceOf(MalformedException.class);
                assertThatThrownBy(() -> new BytesDecoder(bytes, 0).readBytes(null))
                        .isInstanceOf(MalformedException.class);
                assertThatThrownBy(() -> new BytesDecoder(bytes, 0).skipString())
                        .isInstanceOf(MalformedException.class);
            }
        }
    }

    @Test
    void itemsWithoutBytesAreBounded() throws IOException {
        byte[] someBlocks = avro(out -> {
            for (int i = 0; i < 100; i++) {
                out.writeLong(1_000);
            }
        });
        BytesDecoder in = new BytesDecoder(someBlocks, 0);

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        in.arrayNext();
                    }
                })
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("more items");
        for (long count : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1, Integer.MAX_VALUE}) {
            byte[] bytes = avro(out -> {
                out.writeLong(count);
                out.writeLong(8);
            });
            assertThatThrownBy(() -> new BytesDecoder(bytes, 0).readMapStart()).isInstanceOf(MalformedException.class);
            assertThatThrownBy(() -> new BytesDecoder(bytes, 0).skipArray()).isInstanceOf(MalformedException.class);
        }
    }

    private interface Writing {
        void to(BinaryEncoder out) throws IOException;
    }

    private static byte[] avro(Writing writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
        writing.to(out);
        out.flush();
        return bytes.toByteArray();
    }
}
