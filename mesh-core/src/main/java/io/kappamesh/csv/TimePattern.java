package io.kappamesh.csv;

import io.kappamesh.declaration.DeclarationException;
import io.kappamesh.mapping.MisfitException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;

/** Times as text of a declared pattern. Two of the same pattern and zone are equal. Immutable and thread-safe. */
final class TimePattern {
    /** In the place of a pattern. */
    private static final String SQL = "SQL";

    private static final int NANO_DIGITS = 9;

    private final String pattern;
    private final ZoneId zone;
    private final DateTimeFormatter formatter;

    TimePattern(String pattern, ZoneId zone) {
        this(pattern, zone, formatter(pattern));
    }

    private TimePattern(String pattern, ZoneId zone, DateTimeFormatter formatter) {
        this.pattern = pattern;
        this.zone = zone;
        this.formatter = formatter;
    }

    /** {@code 2026-03-01 10:00:00.5+01}: any fraction or none, and an offset or none; no offset is written {@code Z}. No pattern can say that. */
    static TimePattern sql(ZoneId zone) {
        return new TimePattern(
                SQL,
                zone,
                new DateTimeFormatterBuilder()
                        .appendPattern("uuuu-MM-dd HH:mm:ss")
                        .appendFraction(ChronoField.NANO_OF_SECOND, 0, NANO_DIGITS, true)
                        .optionalStart()
                        // What is written for no offset is tried first when reading, and must be no beginning of
                        // another offset.
                        .appendOffset("+HH:mm", "Z")
                        .toFormatter(Locale.ROOT)
                        .withResolverStyle(ResolverStyle.STRICT));
    }

    private static DateTimeFormatter formatter(String pattern) {
        try {
            // Strict, so that there is no 30th of February; years of this era, so that yyyy means what everybody means.
            return new DateTimeFormatterBuilder()
                    .appendPattern(pattern)
                    .parseDefaulting(ChronoField.ERA, 1)
                    .toFormatter(Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);
        } catch (IllegalArgumentException noPattern) {
            throw new DeclarationException(
                    List.of("CSV format: '" + pattern + "' is no pattern of times: " + noPattern.getMessage()));
        }
    }

    Instant instant(String text) throws MisfitException {
        try {
            TemporalAccessor parsed = formatter.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            if (parsed instanceof OffsetDateTime offset) {
                return offset.toInstant();
            }
            LocalDateTime local = (LocalDateTime) parsed;
            List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
            if (offsets.isEmpty()) {
                throw new MisfitException("is a time that its zone skips");
            }
            return local.toInstant(offsets.get(0));
        } catch (DateTimeException noTime) {
            throw new MisfitException("is no time of the declared pattern");
        }
    }

    LocalDate date(String text) throws MisfitException {
        try {
            return formatter.parse(text, LocalDate::from);
        } catch (DateTimeException noDate) {
            throw new MisfitException("is no date of the declared pattern");
        }
    }

    String text(Instant time) {
        return formatter.format(time.atZone(zone));
    }

    String text(LocalDate date) {
        return formatter.format(date);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TimePattern times && pattern.equals(times.pattern) && zone.equals(times.zone);
    }

    @Override
    public int hashCode() {
        return 31 * pattern.hashCode() + zone.hashCode();
    }
}
