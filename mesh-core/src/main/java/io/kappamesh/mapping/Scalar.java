package io.kappamesh.mapping;

import io.kappamesh.Internal;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * A single value as its format holds it, in the type that is asked for. What it cannot be is a {@link MisfitException}, a number that does
 * not fit an {@code ArithmeticException} or a {@code NumberFormatException}, and what is no time a {@code DateTimeException}. For one
 * thread.
 */
@Internal
public interface Scalar {

    boolean isNull();

    /** Whether a time is text here, and not a count of a unit since the epoch. */
    boolean isText();

    boolean truth() throws IOException;

    long whole() throws IOException;

    double real() throws IOException;

    /** A number with all its digits. Its exponent may be any. */
    BigDecimal number() throws IOException;

    String text() throws IOException;

    byte[] bytes() throws IOException;

    /** A number, or text that is one. */
    default BigDecimal decimal() throws IOException {
        return isText() ? Scalars.numberIn(text()) : number();
    }

    /** The time that the text is. */
    default Instant instant() throws IOException {
        return IsoTimes.instant(text());
    }

    /** The day that the text is. */
    default LocalDate date() throws IOException {
        return IsoTimes.date(text());
    }
}
