package io.kappamesh.csv;

import io.kappamesh.mapping.MisfitException;
import io.kappamesh.mapping.Scalar;
import io.kappamesh.mapping.Scalars;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * One column of one line.
 *
 * @param isCount whether a whole number is a time here
 */
record CsvCell(String text, boolean isCount, boolean decimalComma, CsvTimes times) implements Scalar {
    /** As long as a number may be without a look at its size. */
    private static final int SHORT = 18;

    @Override
    public boolean isNull() {
        return false;
    }

    @Override
    public boolean isText() {
        return !isCount || !isWhole();
    }

    private boolean isWhole() {
        int first = text.startsWith("-") ? 1 : 0;
        for (int i = first; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > first;
    }

    @Override
    public boolean truth() throws IOException {
        if (!text.equals("true") && !text.equals("false")) {
            throw new MisfitException("is neither true nor false");
        }
        return text.equals("true");
    }

    @Override
    public long whole() throws IOException {
        return text.length() <= SHORT && isWhole() ? Long.parseLong(text) : Scalars.whole(number());
    }

    @Override
    public double real() throws IOException {
        if (text.endsWith("N") || text.endsWith("y")) {
            return Scalars.notFinite(text);
        }
        double number = number().doubleValue();
        if (!Double.isFinite(number)) {
            throw new MisfitException("is a number that its type cannot hold");
        }
        return number;
    }

    @Override
    public BigDecimal number() throws IOException {
        if (decimalComma && text.indexOf('.') >= 0) {
            throw new MisfitException("is no number with a decimal comma");
        }
        try {
            return Scalars.numberIn(decimalComma ? text.replace(',', '.') : text);
        } catch (NumberFormatException noNumber) {
            throw new MisfitException("is no number");
        }
    }

    @Override
    public BigDecimal decimal() throws IOException {
        return number();
    }

    @Override
    public byte[] bytes() throws IOException {
        return Scalars.base64(text);
    }

    @Override
    public Instant instant() throws IOException {
        return times.timestamps().isPresent() ? times.timestamps().get().instant(text) : Scalar.super.instant();
    }

    @Override
    public LocalDate date() throws IOException {
        return times.dates().isPresent() ? times.dates().get().date(text) : Scalar.super.date();
    }
}
