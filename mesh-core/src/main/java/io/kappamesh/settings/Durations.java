package io.kappamesh.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which settings write durations: a whole number and a unit ({@code 100ms}, {@code 5s}, {@code 2m}, {@code 3h},
 * {@code 90d}), {@code 0}, or ISO-8601 ({@code PT5S}). Never negative, never finer than a millisecond.
 */
final class Durations implements ConfigDef.Validator {
    private static final Pattern SHORT = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");
    private static final String FORM = "expected a duration such as 100ms, 5s, 2m, 3h, 90d or PT5S";

    /** Kafka's configs count milliseconds in a long; this is the longest they can hold. */
    private static final Duration LONGEST = Duration.ofMillis(Long.MAX_VALUE);

    private final Duration shortest;

    private Durations(Duration shortest) {
        this.shortest = shortest;
    }

    static Durations atLeast(Duration shortest) {
        return new Durations(shortest);
    }

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    static Duration parse(String text) {
        try {
            Duration parsed = text.equals("0") ? Duration.ZERO : unchecked(text);
            if (parsed.isNegative()
                    || parsed.compareTo(LONGEST) > 0
                    || !parsed.equals(parsed.truncatedTo(ChronoUnit.MILLIS))) {
                throw new IllegalArgumentException(FORM + ", not negative and in whole milliseconds");
            }
            return parsed;
        } catch (DateTimeParseException | ArithmeticException malformed) {
            throw new IllegalArgumentException(FORM, malformed);
        }
    }

    private static Duration unchecked(String text) {
        Matcher matcher = SHORT.matcher(text);
        if (!matcher.matches()) {
            return Duration.parse(text);
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    @Override
    public void ensureValid(String name, @Nullable Object value) {
        if (value == null) {
            return;
        }
        Duration parsed;
        try {
            parsed = parse(value.toString());
        } catch (IllegalArgumentException malformed) {
            throw new ConfigException(name, value, malformed.getMessage());
        }
        if (parsed.compareTo(shortest) < 0) {
            throw new ConfigException(name, value, "must be at least " + shortest.toMillis() + "ms");
        }
    }

    @Override
    public String toString() {
        return shortest.isZero() ? "duration" : "duration, at least " + shortest.toMillis() + "ms";
    }
}
