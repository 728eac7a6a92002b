package io.kappamesh.avro;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro binary out of a byte array, believing nothing that the array cannot hold.
 *
 * <p>Not Avro's own decoder: there, arrays of items without bytes are bounded by the heap only, depth by the stack, and text that is
 * not UTF-8 comes in as something else. Here all items of a record together may exceed its bytes by {@value Projection#FREE_ITEMS}.
 *
 * <p>For one thread and one record.
 */
final class BytesDecoder extends Decoder {

    private final byte[] bytes;
    private final int itemLimit;
    private final int depthLimit;
    private int position;
    private long items;
    private int depth;

    /** As deep as the stack is: for what this program wrote itself. */
    BytesDecoder(byte[] bytes, int from) {
        this(bytes, from, Integer.MAX_VALUE);
    }

    /** @param depthLimit how many records, arrays and maps may be inside each other */
    BytesDecoder(byte[] bytes, int from, int depthLimit) {
        this.bytes = bytes;
        this.position = from;
        this.depthLimit = depthLimit;
        this.itemLimit = (int) Math.min(Integer.MAX_VALUE, (long) bytes.length + Projection.FREE_ITEMS);
    }

    int position() {
        return position;
    }

    int remaining() {
        return bytes.length - position;
    }

    /** A record, an array or a map begins. */
    void enter() throws IOException {
        if (++depth > depthLimit) {
            throw new MalformedException("is nested too deeply: more than %d levels".formatted(depthLimit));
        }
    }

    /** The innermost record, array or map ends. */
    void leave() {
        depth--;
    }

    /** Before memory is taken for so many bytes. */
    void requireRemaining(int length) throws IOException {
        if (length > remaining()) {
            throw new MalformedException("ends too early");
        }
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() throws IOException {
        byte value = next();
        if (value != 0 && value != 1) {
            throw new MalformedException("has a boolean that is neither 0 nor 1");
        }
        return value == 1;
    }

    @Override
    public int readInt() throws IOException {
        int bits = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte value = next();
            bits |= (value & 0x7f) << shift;
            if (value >= 0) {
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        throw new MalformedException("has an int of more than 5 bytes");
    }

    @Override
    public long readLong() throws IOException {
        long bits = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte value = next();
            bits |= (value & 0x7fL) << shift;
            if (value >= 0) {
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        throw new MalformedException("has a long of more than 10 bytes");
    }

    @Override
    public float readFloat() throws IOException {
        return Float.intBitsToFloat((int) littleEndian(Float.BYTES));
    }

    @Override
    public double readDouble() throws IOException {
        return Double.longBitsToDouble(littleEndian(Double.BYTES));
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) throws IOException {
        int length = length();
        int start = position;
        byte[] text = take(length);
        if (!isAscii(text)) {
            requireUtf8(start, length);
        }
        return new Utf8(text);
    }

    private static boolean isAscii(byte[] text) {
        for (byte character : text) {
            if (character < 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String readString() throws IOException {
        int length = length();
        int start = advance(length);
        String text = new String(bytes, start, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            requireUtf8(start, length);
        }
        return text;
    }

    @Override
    public void skipString() throws IOException {
        advance(length());
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
        return ByteBuffer.wrap(readByteArray());
    }

    byte[] readByteArray() throws IOException {
        return take(length());
    }

    @Override
    public void skipBytes() throws IOException {
        advance(length());
    }

    @Override
    public void readFixed(byte[] target, int start, int length) throws IOException {
        System.arraycopy(bytes, advance(length), target, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        advance(length);
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    @Override
    public long readArrayStart() throws IOException {
        return block();
    }

    @Override
    public long arrayNext() throws IOException {
        return block();
    }

    @Override
    public long skipArray() throws IOException {
        return block();
    }

    @Override
    public long readMapStart() throws IOException {
        return block();
    }

    @Override
    public long mapNext() throws IOException {
        return block();
    }

    @Override
    public long skipMap() throws IOException {
        return block();
    }

    /** The number of items in the block that begins here. Its optional size in bytes is read and not believed. */
    private long block() throws IOException {
        long count = readLong();
        if (count < 0) {
            if (readLong() < 0 || count == Long.MIN_VALUE) {
                throw new MalformedException("has an array or map block of impossible size");
            }
            count = -count;
        }
        if (count > itemLimit - items) {
            throw new MalformedException("claims more items in arrays or maps than its bytes can hold");
        }
        items += count;
        return count;
    }

    private long littleEndian(int width) throws IOException {
        int start = advance(width);
        long bits = 0;
        for (int i = width - 1; i >= 0; i--) {
            bits = bits << 8 | (bytes[start + i] & 0xff);
        }
        return bits;
    }

    /** A number in two's complement of 1 to 8 bytes. */
    long bigEndian(int width) throws IOException {
        int start = advance(width);
        long bits = bytes[start];
        for (int i = 1; i < width; i++) {
            bits = bits << 8 | (bytes[start + i] & 0xff);
        }
        return bits;
    }

    /** To a {@link #position} before this one, to read from there again. */
    void back(int earlier) {
        position = earlier;
    }

    /** Of a string or of bytes that begin here. */
    int length() throws IOException {
        long length = readLong();
        if (length < 0 || length > remaining()) {
            throw new MalformedException("has a string or bytes of a length beyond its end");
        }
        return (int) length;
    }

    private byte[] take(int length) throws IOException {
        int start = advance(length);
        return Arrays.copyOfRange(bytes, start, start + length);
    }

    private byte next() throws IOException {
        if (position == bytes.length) {
            throw new MalformedException("ends too early");
        }
        return bytes[position++];
    }

    private int advance(int length) throws IOException {
        requireRemaining(length);
        int start = position;
        position += length;
        return start;
    }

    /** Java would replace what is not UTF-8, and so change the data without a word. */
    private void requireUtf8(int start, int length) throws IOException {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, length));
        } catch (CharacterCodingException e) {
            throw new MalformedException("has a string that is not UTF-8");
        }
    }
}
