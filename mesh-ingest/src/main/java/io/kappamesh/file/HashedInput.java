package io.kappamesh.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Bytes that are digested as they are read. For one thread. */
public final class HashedInput extends FilterInputStream {
    private static final int CHUNK = 1 << 16;

    private final MessageDigest digest;

    public HashedInput(InputStream in) {
        super(in);
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The digest of everything, in hexadecimal digits: reads what is left. Once only. */
    public String digest() throws IOException {
        byte[] rest = new byte[CHUNK];
        while (read(rest, 0, rest.length) >= 0) {
            // read to be digested
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int read = super.read(into, from, length);
        if (read > 0) {
            digest.update(into, from, read);
        }
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        byte[] skipped = new byte[(int) Math.min(CHUNK, Math.max(1, bytes))];
        return Math.max(0, read(skipped, 0, (int) Math.min(skipped.length, bytes)));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
