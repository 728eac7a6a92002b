package io.kappamesh.testkit.proof;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import org.apache.avro.generic.IndexedRecord;

/** How values and counts stand in a message. */
final class Text {
    private static final int LONGEST = 160;

    private Text() {}

    /** JSON, with decimals and times as a reader writes them, which Avro's own JSON encoding turns into bytes and numbers. */
    static String of(IndexedRecord value) {
        return abbreviated(value.toString());
    }

    static String abbreviated(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    /** {@code 60 s}, to the millisecond. */
    static String of(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }

    /** {@code 1 record}, {@code 2 records}. */
    static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }
}
