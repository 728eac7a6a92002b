package io.kappamesh.console.demo;

import java.util.Locale;

/**
 * How far a product is, as a line of text.
 *
 * @param label the product
 * @param done how many records are done
 * @param target how many there are to do
 * @param perSecond how many are done per second
 * @param note what else to say
 */
record ProgressBar(String label, long done, long target, double perSecond, String note) {
    private static final int BAR = 24;

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
