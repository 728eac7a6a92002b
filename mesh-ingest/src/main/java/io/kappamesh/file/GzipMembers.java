package io.kappamesh.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * What the members of a gzip file (RFC 1952) unpack to, one behind the other. Java's own reader takes a file for whole whose second member has a damaged header, and
 * drops the rest. Zeros behind the last member are padding, as in gzip itself. For one thread.
 */
public final class GzipMembers extends InputStream {
    private static final int BUFFER = 1 << 16;
    private static final int MAGIC_1 = 0x1f;
    private static final int MAGIC_2 = 0x8b;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;
    /** Time, extra flags and operating system. */
    private static final int NOT_LOOKED_AT = 6;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 content = new CRC32();
    private final CRC32 header = new CRC32();
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int limit;
    private boolean first = true;
    private boolean inMember;
    private boolean ended;

    public GzipMembers(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            if (!inMember && !beginMember()) {
                ended = true;
                return -1;
            }
            int unpacked = inflate(into, from, length);
            if (unpacked > 0) {
                content.update(into, from, unpacked);
                return unpacked;
            }
            if (inflater.finished()) {
                at = limit - inflater.getRemaining();
                endMember();
            } else if (inflater.needsInput()) {
                if (at == limit && !fill()) {
                    throw new EOFException("breaks off within a gzip member");
                }
                inflater.setInput(buffer, at, limit - at);
                at = limit;
            } else {
                throw new ZipException("a gzip member needs a dictionary");
            }
        }
        return -1;
    }

    private int inflate(byte[] into, int from, int length) throws ZipException {
        try {
            return inflater.inflate(into, from, length);
        } catch (DataFormatException damaged) {
            throw new ZipException("no deflated data: " + damaged.getMessage());
        }
    }

    /** Reads a header; false = there is no other member. */
    private boolean beginMember() throws IOException {
        header.reset();
        int one = next();
        while (one == 0 && !first) {
            one = next();
        }
        if (one < 0 && !first) {
            return false;
        }
        first = false;
        header.reset();
        header.update(one);
        if (one != MAGIC_1 || required() != MAGIC_2) {
            throw new ZipException("where a gzip member was to begin, something else stands");
        }
        int method = required();
        int flags = required();
        if (method != DEFLATE || (flags & RESERVED) != 0) {
            throw new ZipException("a gzip member has an unknown method or unknown flags");
        }
        skip(NOT_LOOKED_AT);
        if ((flags & EXTRA) != 0) {
            skip(required() | required() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        int sum = (int) header.getValue() & 0xffff;
        if ((flags & HEADER_CRC) != 0 && (required() | required() << 8) != sum) {
            throw new ZipException("the header of a gzip member is damaged");
        }
        inflater.reset();
        content.reset();
        inMember = true;
        return true;
    }

    private void endMember() throws IOException {
        if (number() != content.getValue() || number() != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw new ZipException("a gzip member unpacks to something else than was packed");
        }
        inMember = false;
    }

    private long number() throws IOException {
        return required() | (long) required() << 8 | (long) required() << 16 | (long) required() << 24;
    }

    private void skip(int bytes) throws IOException {
        for (int skipped = 0; skipped < bytes; skipped++) {
            required();
        }
    }

    private void skipText() throws IOException {
        int one = required();
        while (one != 0) {
            one = required();
        }
    }

    private int required() throws IOException {
        int one = next();
        if (one < 0) {
            throw new EOFException("breaks off in front of or behind a gzip member");
        }
        header.update(one);
        return one;
    }

    private int next() throws IOException {
        return at == limit && !fill() ? -1 : buffer[at++] & 0xff;
    }

    private boolean fill() throws IOException {
        int read = in.read(buffer, 0, buffer.length);
        at = 0;
        limit = Math.max(0, read);
        return read > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
