package io.kappamesh.display;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Numbers as a human reads them. Stateless. */
public final class HumanNumbers {
    private static final int BAR = 20;
    private static final long UNIT = 1000;
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

    private HumanNumbers() {}

    /** {@code [##########..........]  50%}; full when there is nothing to do. */
    public static String bar(long done, long total) {
        double share = total <= 0 ? 1 : Math.max(0, Math.min(1, (double) done / total));
        int full = (int) Math.floor(share * BAR);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]"
                + String.format(Locale.ROOT, "%4d%%", (int) Math.floor(share * 100));
    }

    /** {@code 1,234,567}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1.2 GB}. */
    public static String bytes(long number) {
        double size = number;
        int unit = 0;
        while (size >= UNIT && unit < UNITS.size() - 1) {
            size /= UNIT;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, UNITS.get(unit));
    }

    /** The two largest units: {@code 3 d 4 h}, {@code 1 min 20 s}, {@code 450 ms}. */
    public static String time(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + " d " + time.toHoursPart() + " h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        if (time.toMinutes() > 0) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return time.toSeconds() > 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
