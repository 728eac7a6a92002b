package io.kappamesh.postgres;

import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Sends rows by {@code COPY}, in chunks. Stateless. */
final class CopyRows {
    private static final int CHUNK_BYTES = 64 * 1024;

    private CopyRows() {}

    /** @param rows in the text format, each of any number of lines */
    static void send(Session session, String copy, Stream<byte[]> rows) throws SQLException {
        CopyIn into =
                session.connection().unwrap(PGConnection.class).getCopyAPI().copyIn(copy);
        try {
            ByteArrayOutputStream chunk = new ByteArrayOutputStream(2 * CHUNK_BYTES);
            for (Iterator<byte[]> left = rows.iterator(); left.hasNext(); ) {
                byte[] row = left.next();
                if (row.length >= CHUNK_BYTES) {
                    send(chunk, into);
                    into.writeToCopy(row, 0, row.length);
                    continue;
                }
                chunk.writeBytes(row);
                if (chunk.size() >= CHUNK_BYTES) {
                    send(chunk, into);
                }
            }
            send(chunk, into);
            into.endCopy();
        } finally {
            if (into.isActive()) {
                into.cancelCopy();
            }
        }
    }

    private static void send(ByteArrayOutputStream chunk, CopyIn into) throws SQLException {
        byte[] bytes = chunk.toByteArray();
        into.writeToCopy(bytes, 0, bytes.length);
        chunk.reset();
    }
}
