package io.kappamesh.mapping;

import io.kappamesh.Internal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * Times and dates in ISO-8601. The form that nearly all programs write, {@code 2026-03-01T10:00:00.123Z}, is read digit by digit; all else that
 * java.time takes goes there, at many times the cost. Stateless.
 */
@Internal
public final class IsoTimes {
    private static final int DATE_LENGTH = 10;
    /** Of date, {@code T} and time without a fraction. */
    private static final int SECONDS_LENGTH = 19;

    private static final int NANO_DIGITS = 9;
    private static final int NO_NUMBER = -1;

    private IsoTimes() {}

    /** @throws java.time.DateTimeException for anything but a point in time, with an offset */
    public static Instant instant(String text) {
        int end = text.length() - 1;
        if (end >= SECONDS_LENGTH
                && text.charAt(end) == 'Z'
                && text.charAt(DATE_LENGTH) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && isDate(text)) {
            int hour = number(text, 11, 13);
            int minute = number(text, 14, 16);
            int second = number(text, 17, SECONDS_LENGTH);
            int nano = nano(text, end);
            if (hour >= 0 && minute >= 0 && second >= 0 && nano >= 0) {
                return LocalDateTime.of(year(text), month(text), day(text), hour, minute, second, nano)
                        .toInstant(ZoneOffset.UTC);
            }
        }
        return OffsetDateTime.parse(text).toInstant();
    }

    /** @throws java.time.DateTimeException for anything but a day */
    public static LocalDate date(String text) {
        return text.length() == DATE_LENGTH && isDate(text)
                ? LocalDate.of(year(text), month(text), day(text))
                : LocalDate.parse(text);
    }

    private static boolean isDate(String text) {
        return text.charAt(4) == '-' && text.charAt(7) == '-' && year(text) >= 0 && month(text) >= 0 && day(text) >= 0;
    }

    private static int year(String text) {
        return number(text, 0, 4);
    }

    private static int month(String text) {
        return number(text, 5, 7);
    }

    private static int day(String text) {
        return number(text, 8, DATE_LENGTH);
    }

    /** @param end of the fraction, which begins behind the seconds and may be missing */
    private static int nano(String text, int end) {
        if (end == SECONDS_LENGTH) {
            return 0;
        }
        int digits = end - SECONDS_LENGTH - 1;
        if (text.charAt(SECONDS_LENGTH) != '.' || digits < 1 || digits > NANO_DIGITS) {
            return NO_NUMBER;
        }
        int nano = number(text, SECONDS_LENGTH + 1, end);
        for (; digits < NANO_DIGITS; digits++) {
            nano *= 10;
        }
        return nano;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return NO_NUMBER;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
