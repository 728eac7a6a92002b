package io.kappamesh.intake;

import java.util.Locale;

/** Why the intake rejected a record. */
public enum Reason {
    /** The key is missing, is not UTF-8, holds a control character, is longer than {@link RecordKeys#MAX_BYTES}, or is not the one that the port
     * declares. */
    KEY,
    /** The value is null where a fact is expected. */
    NULL_VALUE,
    /** The bytes cannot be decoded into the product's schema: not the wire format, an unknown schema, or a value that does not fit. */
    UNDECODABLE,
    /** The record, or what it would become, is larger than its port allows. */
    TOO_LARGE,
    /** The event time cannot be a timestamp in Kafka: it lies before 1970 or beyond what fits into milliseconds. */
    EVENT_TIME,
    /** A quality rule of the port does not hold. */
    QUALITY,
    /** The domain's own validation rejects it. */
    INVALID,
    /** It is older than the port's allowed lateness. */
    LATE;

    /** The reason as it is written in headers and metric tags: {@code too-large}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The reason with this text.
     *
     * @throws IllegalArgumentException when there is no such reason
     */
    public static Reason of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
