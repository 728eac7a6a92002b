package io.kappamesh.stack;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The file a child process writes to. */
record ProcessLog(Path file) {

    private static final int TAIL_BYTES = 64 * 1024;

    /** The last lines, from at most the last 64 KiB; a sentence instead if the file cannot be read. */
    String tail(int lines) {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, access.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) (access.length() - start)];
            access.seek(start);
            access.readFully(bytes);
            List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            return "(" + file + " cannot be read: " + e.getMessage() + ")";
        }
    }
}
