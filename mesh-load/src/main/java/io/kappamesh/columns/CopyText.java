package io.kappamesh.columns;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing piece of UTF-8 text: rows in the text format of {@code COPY}, where a backslash, a tab and ends of lines are escaped, or the text of
 * one value without escapes. One thread at a time.
 */
public final class CopyText {
    private static final int FIRST_BYTES = 512;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final boolean escapes;
    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    private CopyText(boolean escapes) {
        this.escapes = escapes;
    }

    /** For rows. */
    public static CopyText rows() {
        return new CopyText(true);
    }

    /** For the text of one value. */
    static CopyText plain() {
        return new CopyText(false);
    }

    /** Begins anew. */
    public void clear() {
        length = 0;
    }

    /** In bytes. */
    int length() {
        return length;
    }

    /** A copy of what was written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** SQL's null, as a whole field. */
    public void sqlNull() {
        raw('\\');
        raw('N');
    }

    /** Between two fields. */
    public void nextField() {
        raw('\t');
    }

    public void endRow() {
        raw('\n');
    }

    /** Text without anything that has to be escaped, such as a number. */
    public void ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    public void number(long value) {
        ascii(Long.toString(value));
    }

    /** The hexadecimal digits of some bytes. */
    void hex(byte[] some, int from, int count) {
        reserve(2 * count);
        for (int i = from; i < from + count; i++) {
            bytes[length++] = HEX[(some[i] >> 4) & 0xf];
            bytes[length++] = HEX[some[i] & 0xf];
        }
    }

    /**
     * UTF-8 text.
     *
     * @throws UnloadableException if it has a character NUL
     */
    public void utf8(byte[] some, int count) throws UnloadableException {
        reserve(2 * count);
        for (int i = 0; i < count; i++) {
            if (some[i] == 0) {
                throw nul();
            }
            unreserved(some[i]);
        }
    }

    /** One byte of UTF-8, escaped if need be. */
    void put(int character) {
        reserve(2);
        unreserved((byte) character);
    }

    static UnloadableException nul() {
        return new UnloadableException("has a character NUL (U+0000), which PostgreSQL's text cannot hold");
    }

    private void unreserved(byte character) {
        if (escapes) {
            switch (character) {
                case '\\' -> {
                    bytes[length++] = '\\';
                    bytes[length++] = '\\';
                    return;
                }
                case '\t' -> {
                    bytes[length++] = '\\';
                    bytes[length++] = 't';
                    return;
                }
                case '\n' -> {
                    bytes[length++] = '\\';
                    bytes[length++] = 'n';
                    return;
                }
                case '\r' -> {
                    bytes[length++] = '\\';
                    bytes[length++] = 'r';
                    return;
                }
                default -> {}
            }
        }
        bytes[length++] = character;
    }

    private void raw(int character) {
        reserve(1);
        bytes[length++] = (byte) character;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, more)));
        }
    }
}
