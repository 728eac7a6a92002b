package io.kappamesh.display;

import io.kappamesh.level.Reading;
import io.kappamesh.slo.PortLevel;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Levels of service, for a human. Stateless. */
public final class LevelText {
    private static final int DIGITS = 3;
    /** Digits behind which a double says nothing. */
    private static final int NOISE = 11;

    private static final int PERCENT = 100;
    private static final String NOTHING = "-";

    private LevelText() {}

    /** A line for each level below a headline. */
    public static List<String> table(List<PortLevel> levels) {
        int widest =
                levels.stream().mapToInt(level -> level.port().length()).max().orElse(0);
        List<String> lines = new ArrayList<>();
        lines.add(line(Math.max(widest, 4), "PORT", "LEVEL", "STATE", "GOOD", "BUDGET SPENT", "PROMISED"));
        levels.forEach(level -> lines.add(line(
                Math.max(widest, 4),
                level.port(),
                level.objective().indicator().text(),
                level.reading().state().name(),
                share(level.reading()),
                spent(level.reading()),
                promise(level) + silence(level))));
        return lines;
    }

    private static String line(int widest, String... columns) {
        return String.format(
                        Locale.ROOT,
                        "%-" + widest + "s  %-12s  %-7s  %9s  %12s  %s",
                        columns[0],
                        columns[1],
                        columns[2],
                        columns[3],
                        columns[4],
                        columns[5])
                .stripTrailing();
    }

    /** The levels of one port, for its description. */
    public static List<String> ofPort(List<PortLevel> levels) {
        return levels.stream()
                .map(level -> String.format(
                        Locale.ROOT,
                        "    %-12s %-7s  %9s good  of %s%s",
                        level.objective().indicator().text(),
                        level.reading().state().name(),
                        share(level.reading()),
                        promise(level),
                        silence(level)))
                .toList();
    }

    private static String promise(PortLevel level) {
        String bound = level.objective()
                .within()
                .map(time -> " within " + HumanNumbers.time(time))
                .or(() -> level.objective()
                        .perDay()
                        .map(range -> " with " + HumanNumbers.count(range.atLeast()) + " to "
                                + HumanNumbers.count(range.atMost()) + " records a day"))
                .orElse("");
        return percent(level.objective().target()) + bound + ", over "
                + level.objective().days() + " days";
    }

    private static String silence(PortLevel level) {
        return level.silentSince()
                .map(LevelText::since)
                .map(since -> "  (not measured since " + since + ")")
                .orElse("");
    }

    private static String since(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String share(Reading reading) {
        return reading.share().isPresent() ? percent(reading.share().getAsDouble()) : NOTHING;
    }

    private static String spent(Reading reading) {
        if (reading.share().isEmpty()) {
            return NOTHING;
        }
        return Double.isInfinite(reading.spent()) ? "all" : percent(reading.spent());
    }

    /** Rounded down, so that only what is all good is 100 %. */
    private static String percent(double share) {
        return new BigDecimal(share)
                        .multiply(BigDecimal.valueOf(PERCENT))
                        .setScale(NOISE, RoundingMode.HALF_EVEN)
                        .setScale(DIGITS, RoundingMode.DOWN)
                        .stripTrailingZeros()
                        .toPlainString()
                + " %";
    }
}
