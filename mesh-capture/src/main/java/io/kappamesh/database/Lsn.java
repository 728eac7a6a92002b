package io.kappamesh.database;

import java.util.Locale;

/** Positions in PostgreSQL's log, as numbers. Stateless. */
public final class Lsn {
    private static final int HALF = 32;
    private static final long LOW = 0xFFFF_FFFFL;

    private Lsn() {}

    /** As PostgreSQL shows it: {@code 0/16B3748}. */
    public static String text(long lsn) {
        return String.format(Locale.ROOT, "%X/%X", lsn >>> HALF, lsn & LOW);
    }
}
