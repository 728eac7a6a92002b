package io.kappamesh.console.demo;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * What the user sees: lines, and progress bars that are drawn over themselves on a terminal, or else repeated now and then. Used by
 * one thread.
 */
final class Screen {
    private static final int BAR = 24;
    private static final long NANOS_BETWEEN_PLAIN_BARS = 5_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private int drawn;
    private long lastPlain = System.nanoTime() - NANOS_BETWEEN_PLAIN_BARS;

    /** @param terminal whether lines can be drawn over */
    Screen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** One line of text, below everything so far. */
    void say(String format, Object... values) {
        drawn = 0;
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }

    /**
     * One bar.
     *
     * @param label what it is of
     * @param done how much is done
     * @param target how much there is to do
     * @param perSecond how much is done per second
     * @param note what else to say
     */
    record Bar(String label, long done, long target, double perSecond, String note) {
        @Override
        public String toString() {
            double share = target == 0 ? 0 : Math.min(1, (double) done / target);
            int full = (int) Math.round(share * BAR);
            long left = perSecond < 1 ? 0 : Math.round((target - done) / perSecond);
            return String.format(
                    Locale.ROOT,
                    "  %-32s [%s%s] %3d%% %,11d records %,9.0f/s %s%s",
                    label,
                    "#".repeat(full),
                    ".".repeat(BAR - full),
                    (int) Math.floor(share * 100),
                    done,
                    perSecond,
                    left > 0 ? left + " s left " : "",
                    note);
        }
    }

    /** Draws bars, over the last ones if nothing was said since. */
    void bars(List<Bar> bars, boolean last) {
        if (!terminal) {
            if (!last && System.nanoTime() - lastPlain < NANOS_BETWEEN_PLAIN_BARS) {
                return;
            }
            lastPlain = System.nanoTime();
        } else if (drawn > 0) {
            out.print("\u001b[" + drawn + "A");
        }
        bars.forEach(bar -> out.println((terminal ? "\u001b[2K" : "") + bar));
        out.flush();
        drawn = last ? 0 : bars.size();
    }
}
