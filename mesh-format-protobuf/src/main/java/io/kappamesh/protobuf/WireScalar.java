package io.kappamesh.protobuf;

import io.kappamesh.mapping.MisfitException;
import io.kappamesh.mapping.Scalar;
import io.kappamesh.mapping.Scalars;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.Temporal;

/**
 * A single value.
 *
 * @param value as it came from the wire, see {@link Content}, or what a {@link KnownMessage} stands for
 */
record WireScalar(Object value) implements Scalar {

    @Override
    public boolean isNull() {
        return false;
    }

    @Override
    public boolean isText() {
        return value instanceof String || value instanceof Temporal;
    }

    @Override
    public boolean truth() throws IOException {
        return (Boolean) value;
    }

    @Override
    public long whole() throws IOException {
        return value instanceof Long whole ? whole : Scalars.whole(number());
    }

    @Override
    public double real() throws IOException {
        if (value instanceof Float || value instanceof Double) {
            return ((Number) value).doubleValue();
        }
        BigDecimal exact = number();
        double nearest = exact.doubleValue();
        if (new BigDecimal(nearest).compareTo(exact) != 0) {
            throw new ArithmeticException("a double has 53 bits");
        }
        return nearest;
    }

    @Override
    public BigDecimal number() throws IOException {
        return value instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) value;
    }

    @Override
    public BigDecimal decimal() throws IOException {
        try {
            return Scalar.super.decimal();
        } catch (NumberFormatException noNumber) {
            throw new MisfitException("is no number");
        }
    }

    /** Of a number its digits. */
    @Override
    public String text() {
        return value.toString();
    }

    @Override
    public Instant instant() throws IOException {
        return value instanceof Instant time ? time : Scalar.super.instant();
    }

    @Override
    public LocalDate date() throws IOException {
        return value instanceof LocalDate date ? date : Scalar.super.date();
    }

    @Override
    public byte[] bytes() {
        return (byte[]) value;
    }
}
