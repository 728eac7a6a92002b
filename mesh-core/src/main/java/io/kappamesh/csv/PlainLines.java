package io.kappamesh.csv;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Cuts lines that need no parser, as most need none: printable ASCII and tabs, without quotes and escapes, and no column begins with a space. Immutable and thread-safe.
 */
final class PlainLines {
    /** Those in which such a byte is such a character. */
    private static final Set<Charset> ASCII_INSIDE =
            Set.of(StandardCharsets.UTF_8, StandardCharsets.US_ASCII, StandardCharsets.ISO_8859_1);

    private static final int NONE = -1;

    private final boolean none;
    private final int delimiter;
    private final int quote;
    private final int escape;

    PlainLines(CsvDialect dialect) {
        this.delimiter = dialect.delimiter();
        this.quote = dialect.quote().map(one -> (int) one).orElse(NONE);
        this.escape = dialect.escape().map(one -> (int) one).orElse(NONE);
        this.none = !ASCII_INSIDE.contains(dialect.charset()) || delimiter == ' ' || delimiter > '~';
    }

    /** Whether a line is one. */
    boolean has(byte[] line) {
        if (none || line.length == 0) {
            return false;
        }
        int before = delimiter;
        for (byte one : line) {
            boolean isPrintable = (one >= ' ' && one != 0x7f) || one == '\t' || one == delimiter;
            if (!isPrintable || one == quote || one == escape || (one == ' ' && before == delimiter)) {
                return false;
            }
            before = one;
        }
        return true;
    }

    /** Where the column ends that begins here. */
    int end(byte[] line, int from) {
        int at = from;
        while (at < line.length && line[at] != delimiter) {
            at++;
        }
        return at;
    }

    static String text(byte[] line, int from, int end) {
        return new String(line, from, end - from, StandardCharsets.ISO_8859_1);
    }
}
