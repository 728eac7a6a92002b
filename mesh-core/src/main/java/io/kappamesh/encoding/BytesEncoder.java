package io.kappamesh.encoding;

import io.kappamesh.Internal;
import java.io.IOException;
import java.util.Arrays;
import org.apache.avro.io.BinaryData;
import org.apache.avro.io.BinaryEncoder;

/** Avro binary into one growing byte array that is used again for the next record. For one thread. */
@Internal
public final class BytesEncoder extends BinaryEncoder {

    private static final int FIRST_CAPACITY = 1 << 10;
    /** What an unusually large record made the buffer grow to is not kept. */
    private static final int KEPT_CAPACITY = 1 << 20;

    private static final int LONGEST_INT = 5;
    private static final int LONGEST_LONG = 10;

    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int size;

    public void startWith(byte[] header) {
        if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[FIRST_CAPACITY];
        }
        System.arraycopy(header, 0, bytes, 0, header.length);
        size = header.length;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    @Override
    public void writeBoolean(boolean value) {
        require(1);
        bytes[size++] = value ? (byte) 1 : 0;
    }

    @Override
    public void writeInt(int value) {
        require(LONGEST_INT);
        size += BinaryData.encodeInt(value, bytes, size);
    }

    @Override
    public void writeLong(long value) {
        require(LONGEST_LONG);
        size += BinaryData.encodeLong(value, bytes, size);
    }

    @Override
    public void writeFloat(float value) {
        require(Float.BYTES);
        size += BinaryData.encodeFloat(value, bytes, size);
    }

    @Override
    public void writeDouble(double value) {
        require(Double.BYTES);
        size += BinaryData.encodeDouble(value, bytes, size);
    }

    @Override
    public void writeFixed(byte[] source, int start, int length) {
        require(length);
        System.arraycopy(source, start, bytes, size, length);
        size += length;
    }

    /** ASCII, the usual case, goes straight into the buffer; anything else takes Avro's way. */
    @Override
    public void writeString(String text) throws IOException {
        int length = text.length();
        require(LONGEST_INT + length);
        int at = size + BinaryData.encodeInt(length, bytes, size);
        for (int i = 0; i < length; i++) {
            char character = text.charAt(i);
            if (character >= 0x80) {
                super.writeString(text);
                return;
            }
            bytes[at + i] = (byte) character;
        }
        size = at + length;
    }

    /** The shortest two's complement of a number, big-endian, as bytes: the form of a decimal. */
    void writeNumber(long number) {
        int length = (Long.SIZE - Long.numberOfLeadingZeros(number ^ (number >> (Long.SIZE - 1)))) / Byte.SIZE + 1;
        require(1 + Long.BYTES);
        bytes[size++] = (byte) (length << 1);
        for (int shift = (length - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[size++] = (byte) (number >> shift);
        }
    }

    @Override
    protected void writeZero() {
        writeInt(0);
    }

    @Override
    public int bytesBuffered() {
        return size;
    }

    @Override
    public void flush() {}

    private void require(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length << 1));
        }
    }
}
