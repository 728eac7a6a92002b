package io.kappamesh.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** The first bytes of a file, counted as they are read; fails once its thread is interrupted, so that no digest of a large file is waited for. For one thread. */
public final class CountedInput extends FilterInputStream {
    private final long most;
    private long count;

    /** @param most what is behind so many bytes is not read */
    public CountedInput(InputStream in, long most) {
        super(in);
        this.most = most;
    }

    public long count() {
        return count;
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
        if (count >= most) {
            return -1;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted");
        }
        int read = super.read(into, from, (int) Math.min(length, most - count));
        count += Math.max(0, read);
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = super.skip(Math.min(bytes, most - count));
        count += skipped;
        return skipped;
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(super.available(), most - count);
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
