package io.kappamesh.columns;

import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** The types of columns that hold times. Stateless. */
final class TimeColumns {
    private static final long MICROS = 1_000_000L;

    /** What PostgreSQL's timestamps begin with, its first Julian day, in microseconds since 1970. */
    private static final long FIRST_MICROS = -210_866_803_200_000_000L;

    /** Its last year ends here, in milliseconds since 1970; microseconds do not come so far. */
    private static final long END_MILLIS =
            LocalDateTime.of(294_277, 1, 1, 0, 0).toInstant(ZoneOffset.UTC).toEpochMilli();

    private static final int FIRST_DAY = -2_440_588;
    /** Behind the last date that PostgreSQL has. */
    private static final int END_DAY = 2_145_042_906;

    private TimeColumns() {}

    /** Days since 1970. */
    record Date() implements ColumnType {
        @Override
        public String sql() {
            return "date";
        }

        @Override
        public void write(Object value, CopyText out) throws UnloadableException {
            int day = (Integer) value;
            if (day < FIRST_DAY || day >= END_DAY) {
                throw new UnloadableException("is a date beyond those of PostgreSQL (4714 BC to 5874897)");
            }
            LocalDate date = LocalDate.ofEpochDay(day);
            date(date, out);
            out.ascii(era(date));
        }

        @Override
        public String readBack(String column) {
            return "(" + column + " - date '1970-01-01')::text";
        }

        @Override
        public boolean holds(Object value, String text) {
            return value.toString().equals(text);
        }
    }

    /**
     * Times of a day.
     *
     * @param perSecond units of the value in a second
     */
    record Time(long perSecond) implements ColumnType {
        @Override
        public String sql() {
            return "time";
        }

        @Override
        public void write(Object value, CopyText out) throws UnloadableException {
            out.ascii(RawValues.time(((Number) value).longValue(), perSecond).toString());
        }

        @Override
        public String readBack(String column) {
            return "(extract(epoch from " + column + ") * 1000000)::bigint::text";
        }

        @Override
        public boolean holds(Object value, String text) {
            return ((Number) value).longValue() * (MICROS / perSecond) == Long.parseLong(text);
        }
    }

    /**
     * Points in time, or local dates with times.
     *
     * @param perSecond units of the value in a second; at most a million
     * @param zoned whether it is a point in time
     */
    record Timestamp(long perSecond, boolean zoned) implements ColumnType {
        @Override
        public String sql() {
            return zoned ? "timestamptz" : "timestamp";
        }

        @Override
        public void write(Object value, CopyText out) throws UnloadableException {
            long units = (Long) value;
            if (perSecond == MICROS
                    ? units < FIRST_MICROS
                    : units < FIRST_MICROS / (MICROS / perSecond) || units >= END_MILLIS) {
                throw new UnloadableException("is a time beyond those of PostgreSQL (4714 BC to 294276)");
            }
            LocalDateTime time = RawValues.localDateTime(units, perSecond);
            date(time.toLocalDate(), out);
            out.ascii(" ");
            out.ascii(time.toLocalTime().toString());
            if (zoned) {
                out.ascii("+00");
            }
            out.ascii(era(time.toLocalDate()));
        }

        @Override
        public String readBack(String column) {
            // In two parts: of the last microsecond that there is, PostgreSQL's epoch is rounded.
            return "(extract(epoch from date_trunc('minute', " + column + ")) * 1000000 + extract(microseconds from "
                    + column + "))::numeric(30,0)::text";
        }

        @Override
        public boolean holds(Object value, String text) {
            return BigInteger.valueOf((Long) value)
                    .multiply(BigInteger.valueOf(MICROS / perSecond))
                    .equals(new BigInteger(text));
        }
    }

    /** Months, days and milliseconds. */
    record Interval() implements ColumnType {
        @Override
        public String sql() {
            return "interval";
        }

        @Override
        public void write(Object value, CopyText out) throws UnloadableException {
            long[] parts = RawValues.duration(value);
            if (parts[0] > Integer.MAX_VALUE || parts[1] > Integer.MAX_VALUE) {
                throw new UnloadableException("is a duration of more months or days than PostgreSQL's interval holds");
            }
            // PostgreSQL reads no number beyond 31 bits here.
            out.ascii(String.format(
                    Locale.ROOT,
                    "%d months %d days %d.%03d seconds",
                    parts[0],
                    parts[1],
                    parts[2] / 1000,
                    parts[2] % 1000));
        }

        @Override
        public String readBack(String column) {
            return "(extract(year from %1$s) * 12 + extract(month from %1$s))::bigint || ' ' || extract(day from %1$s)::bigint || ' ' || (extract(hour from %1$s) * 3600000 + extract(minute from %1$s) * 60000 + extract(milliseconds from %1$s))::bigint"
                    .formatted(column);
        }

        @Override
        public boolean holds(Object value, String text) {
            long[] parts = RawValues.duration(value);
            return text.equals(parts[0] + " " + parts[1] + " " + parts[2]);
        }
    }

    private static String era(LocalDate date) {
        return date.getYear() <= 0 ? " BC" : "";
    }

    /** Without its era, which comes behind everything else; there is no year 0 in PostgreSQL. */
    private static void date(LocalDate date, CopyText out) {
        int year = date.getYear();
        digits(year <= 0 ? 1 - year : year, 4, out);
        out.ascii("-");
        digits(date.getMonthValue(), 2, out);
        out.ascii("-");
        digits(date.getDayOfMonth(), 2, out);
    }

    private static void digits(int number, int least, CopyText out) {
        int bound = 1;
        for (int i = 1; i < least; i++) {
            bound *= 10;
            if (number < bound) {
                for (int zero = i; zero < least; zero++) {
                    out.ascii("0");
                }
                break;
            }
        }
        out.number(number);
    }
}
